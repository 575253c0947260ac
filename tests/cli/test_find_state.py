"""`vgdesk find-state`."""

import json

import pytest

from vgdesk.present.found_state import change_text


def test_the_found_experiment_is_written_and_derives_to_the_targets(vgdesk):
    done = vgdesk("find-state", "insurance", "--wrt", "w1", "--set", "d1=0.06", "--set", "d2=0.04", "--out", "s.json")
    assert done.status == 0
    assert "a positive d1 needs a negative w₉" in done.out
    answer = json.loads(vgdesk("derive", "s.json", "--wrt", "w1", "--json").out)
    assert [factor["value"] for factor in answer["factors"]] == [0.06, 0.04]


def test_json_holds_outcome_factors_and_changes(vgdesk):
    done = vgdesk("find-state", "insurance", "--wrt", "w1", "--set", "d2=0.04", "--free", "age", "--json")
    answer = json.loads(done.out)
    assert (done.status, answer["outcome"], answer["factors"][0]["value"]) == (0, "found", 0.04)
    assert answer["changes"] == [{"name": "age", "before": 0.2, "after": 0.16}]


def test_numbers_are_printed_as_a_derivation_prints_them(vgdesk):
    told = vgdesk("find-state", "insurance", "--wrt", "w1", "--set", "d1=0.06", "--free", "w9").out
    assert "d1 = ∂L/∂Awareness: 0.03 → 0.06\n" in told
    assert "w9: −0.476 → −" in told


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [(0.03, 0.06, "0.03 → 0.06"), (0.5, 0.5000001, "0.5 → 0.5000001"), (-0.0, 0.0, "0 → 0"), (0.2, -0.2, "0.2 → −0.2")],
)
def test_a_change_has_as_many_digits_as_show_it(before, after, words):
    assert change_text(before, after) == words


def test_a_target_of_zero_is_reached_exactly(vgdesk):
    answer = json.loads(vgdesk("find-state", "insurance", "--wrt", "w1", "--set", "d1=0", "--json").out)
    assert answer["factors"][0]["value"] == 0
    assert answer["changes"] == [{"name": "w9", "before": pytest.approx(-10 / 21), "after": 0.0}]


def test_a_target_out_of_all_reach_ends_with_status_1(vgdesk):
    done = vgdesk("find-state", "insurance", "--wrt", "w1", "--set", "d1=1e300")
    assert (done.status, done.err) == (1, "")
    assert "No state with d1 = 1×10³⁰⁰ was found" in done.out


def test_what_cannot_be_ends_with_status_1_and_its_reason(vgdesk):
    done = vgdesk("find-state", "insurance", "--wrt", "w1", "--set", "d1=-0.06", "--free", "b3", "--out", "s.json")
    assert done.status == 1
    assert "a negative d1 needs a positive w₉" in done.out
    assert vgdesk("derive", "s.json", "--wrt", "w1").status == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--set", "d1"], "--set must be a factor and its value"),
        (["--set", "d1=much"], "--set d1 must be a number, got 'much'"),
        (["--set", "d1=1e400"], "--set d1 must be a number up to 1.8e308 in size, got '1e400'"),
        (["--set", "d1=1", "--set", "d1=2"], "--set must name each factor once"),
        (["--set", "d1=1", "--out", "x.txt"], "x.txt"),
    ],
)
def test_a_wrong_option_is_one_sentence(vgdesk, words, sentence):
    done = vgdesk("find-state", "insurance", "--wrt", "w1", *words)
    assert (done.status, done.out) == (2, "")
    assert sentence in done.err
