"""`vgdesk claims`: a list, a table, one claim in full, JSON, refusals."""

import json

import pytest

from vgdesk.records.claim import claim


def test_without_numbers_the_claims_are_listed(vgdesk):
    lines = vgdesk("claims").out.splitlines()
    assert len(lines) == 31
    assert lines[6].split(maxsplit=1) == ["7", "Gradients vanish only because units saturate."]
    assert [told["number"] for told in json.loads(vgdesk("claims", "--json").out)["claims"]] == list(range(1, 32))


def test_one_claim_is_told_in_full(vgdesk):
    out = vgdesk("claims", "2").out
    assert "Verdict:  wrong" in out
    assert "slope of tanh where its output is 0: 1 (claimed: at most 0.01)" in out
    assert "LeCun" in out


def test_several_claims_make_a_table_in_the_order_of_their_numbers(vgdesk):
    out = vgdesk("claims", "3", "1", "--workers", "1").out
    assert "statement" in out
    assert out.index("lie between") < out.index("scaled")


def test_no_word_of_a_verdict_is_broken_and_the_signs_are_explained(vgdesk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = vgdesk("claims", "20", "30", "--seeds", "1", "--workers", "1").out
    assert {"initialisation", "differentiable"} <= set(out.split())
    assert out.count("differentiable") == 2, "of the statement and of the verdict"
    assert out.endswith("Measured: + as claimed, - not as claimed.\n")


def test_all_claims_make_one_table_with_the_verdicts(vgdesk):
    told = json.loads(vgdesk("claims", "--all", "--seeds", "1", "--json").out)["claims"]
    assert [found["number"] for found in told] == list(range(1, 32))
    assert [found["number"] for found in told if found["verdict"] == "right"] == [3, 11, 19, 23, 26]
    assert all(found["measured"] for found in told)


def test_json_carries_every_number_with_its_bounds(vgdesk):
    told = json.loads(vgdesk("claims", "5", "--seeds", "2", "--json").out)
    (found,) = told["claims"]
    assert found["verdict"] == "imprecise"
    assert found["condition"].startswith("the factor per layer")
    assert {case["name"]: case["holds"] for case in found["measured"]} == {
        "linear_w0.9": True,
        "linear_w1.1": True,
        "sigmoid_w3": False,
        "sigmoid_w5": None,
    }


def test_the_experiment_of_an_arm_is_written_and_can_be_used(vgdesk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = vgdesk("claims", "7", "--experiment", "linear.json", "--arm", "linear_sw0.5", "--json")
    assert json.loads(done.out)["file"] == "linear.json"
    assert "claim-7-linear-sw0-5" in vgdesk("predict", "linear.json", "--json").out


def test_a_claim_names_its_arms(vgdesk):
    assert "Arms:     small: ten layers of tanh whose outputs are small" in vgdesk("claims", "2").out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["99"], "number of a claim must be 1 to 31, got 99"),
        (["x"], "number of a claim must be an integer, got 'x'"),
        (["1", "--all"], "name numbers or --all, not both"),
        (["7", "--arm", "saturated"], "--arm goes with --experiment FILE"),
        (["7", "8", "--experiment", "a.json"], "name one number, got 2"),
        (["--all", "--experiment", "a.json"], "name one number, got 0"),
        (["7", "--experiment", "a.txt"], "use one of .json"),
        (["8", "--experiment", "a.json", "--arm", "x"], "arm of claim 8 must be one of free, clipped; got 'x'"),
        (["1", "--seeds", "0"], "seeds must be an integer from 1 to 100, got 0"),
    ],
)
def test_what_cannot_be_tested_is_refused_in_a_sentence(vgdesk, words, sentence):
    finished = vgdesk("claims", *words)
    assert finished.status != 0
    assert sentence in finished.err


def test_the_arm_that_is_written_is_named_beside_the_others(vgdesk):
    first, *others = (arm.name for arm in claim(7).arms)
    assert vgdesk("claims", "7", "--experiment", "c.json").out == (
        f"wrote c.json, arm {first}; the others are {', '.join(others)}\n"
    )
    assert json.loads(vgdesk("claims", "7", "--experiment", "c.json", "--json").out)["arm"] == first
