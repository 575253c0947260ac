"""Recurrent networks on the command line: the earliest time step's gradient, printed, in JSON and in the table."""

import csv
import json
import math

import pytest

TIMES = {"digits-lstm-pixels": 64, "adding-lstm-200": 200}


@pytest.mark.parametrize("name", TIMES)
def test_the_earliest_gradient_is_a_number_and_the_same_one_in_the_table(vgdesk, tmp_path, name):
    answer = json.loads(vgdesk("train", name, "--steps", "3", "--out", "run.json", "--json").out)
    state = answer["log10_state_norm"]
    assert len(state) == TIMES[name]
    assert math.isfinite(state[0])
    assert vgdesk("export", "steps", "run.json", "--out", "steps.csv").status == 0
    with (tmp_path / "steps.csv").open(newline="") as table:
        last = list(csv.DictReader(table))[-1]
    assert [float(last[f"log10_state_norm_t{t}"]) for t in range(1, TIMES[name] + 1)] == state


def test_a_first_layer_behind_a_hundred_sigmoids_is_a_number_in_both(vgdesk, tmp_path):
    answer = json.loads(vgdesk("train", "digits-sigmoid-100", "--steps", "2", "--out", "run.json", "--json").out)
    first = answer["log10_gradient_norm"][0]
    assert -100 < first < -40
    vgdesk("export", "steps", "run.json", "--out", "steps.csv")
    with (tmp_path / "steps.csv").open(newline="") as table:
        assert float(list(csv.DictReader(table))[-1]["log10_gradient_norm_1"]) == first


def test_time_steps_are_printed_the_first_and_the_last_among_them(vgdesk):
    printed = vgdesk("train", "adding-lstm-200", "--steps", "2").out
    numbers = [line.split()[0] for line in printed.splitlines()[2:-1]]
    assert (numbers[0], numbers[-1], len(numbers) <= 45) == ("1", "200", True)
    assert "|∂L/∂h| time step 1: " in printed


def test_everything_can_be_recorded_and_thinned(vgdesk, tmp_path):
    done = vgdesk("train", "digits-rnn-rows", "--steps", "20", "--record", "all", "--every", "5", "--out", "run.json")
    assert done.status == 0
    history = json.loads((tmp_path / "run.json").read_text())["history"]
    assert history["step_numbers"] == [0, 5, 10, 15, 19]
    assert {"lag", "saturated", "update", "float16-lost"} <= set(history["quantities"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--record", "cell"), "cell does not"),
        (("--record", "nonsense"), "nonsense"),
        (("--every", "2", "--log-spaced", "3"), "exclude each other"),
        (("--every", "0"), "--every must be an integer from 1"),
    ],
)
def test_a_recording_that_cannot_be_is_one_sentence(vgdesk, arguments, words):
    done = vgdesk("train", "digits-rnn-rows", "--steps", "2", *arguments)
    assert done.status == 2
    assert words in done.err
    assert done.err.count("\n") == 1


def test_the_lag_is_a_picture_of_recurrent_runs_only(vgdesk, tmp_path):
    assert vgdesk("export", "lag", "digits-rnn-rows", "--out", "lag.svg").status == 0
    assert (tmp_path / "lag.svg").read_text().startswith("<?xml")
    refused = vgdesk("export", "lag", "mazur", "--out", "no.svg")
    assert (refused.status, "recurrent" in refused.err) == (2, True)


def test_pretraining_is_done_before_the_first_step(vgdesk, tmp_path):
    plain = json.loads(vgdesk("examples", "digits-pretrained-sigmoid-10").out)
    plain["training"]["pretraining"]["steps"] = 20
    (tmp_path / "short.json").write_text(json.dumps(plain))
    answer = json.loads(vgdesk("train", "short.json", "--steps", "2", "--json").out)
    assert answer["steps"] == 2
