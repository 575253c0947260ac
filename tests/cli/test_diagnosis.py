"""`vgdesk diagnose`, `remedies` and `race` from the command line."""

import csv
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("one_core")


def test_diagnose_names_the_verdict_and_its_numbers(vgdesk):
    done = vgdesk("diagnose", "digits-sigmoid-20", "--steps", "60")
    assert done.status == 0, done.err
    assert "Vanishing: lately each layer passes on 0.2592 of the gradient |∂L/∂h|; 20 layers leave" in done.out
    assert "Gain from |∂L/∂h| between layer 20 and the network's input; a running mean over the steps" in done.out


def test_diagnose_of_a_run_needs_no_training_and_agrees_with_the_json(vgdesk):
    assert vgdesk("train", "digits-sigmoid-20", "--steps", "40", "--out", "run.json").status == 0
    done = vgdesk("diagnose", "run.json", "--json")
    found = json.loads(done.out)
    assert (found["verdict"], found["learning"]) == ("vanishing", "stagnates")
    assert found["log10_gain"] < -11
    assert found["confidence"] is None
    assert vgdesk("diagnose", "run.json", "--seeds", "2", "--steps", "5", "--workers", "1").status == 0


def test_a_run_says_which_signs_it_lacks_and_how_it_would_have_them(vgdesk):
    assert vgdesk("train", "digits-sigmoid-20", "--steps", "25", "--out", "run.json").status == 0
    said = vgdesk("diagnose", "run.json").out
    assert "not recorded: dead units, saturation, uneven change, withering weights\n" in said
    (line,) = (line for line in said.splitlines() if "--record" in line)
    words = line.split("--record ")[1]
    assert vgdesk("train", "digits-sigmoid-20", "--steps", "25", "--record", words, "--out", "all.json").status == 0
    assert "not recorded" not in vgdesk("diagnose", "all.json").out
    short = vgdesk("diagnose", "xor", "--steps", "4").out
    assert "too early to say: slow loss (from 20 recorded steps on)" in short
    assert "not recorded" not in short


def test_an_experiment_and_a_saved_run_of_it_have_the_same_numbers(vgdesk):
    # noisy batches: a mean over every fourth step is another one
    short = json.loads(vgdesk("diagnose", "circles", "--steps", "450", "--json").out)
    assert vgdesk("train", "circles", "--steps", "450", "--out", "run.json").status == 0
    saved = json.loads(vgdesk("diagnose", "run.json", "--json").out)
    for key in ("verdict", "learning", "log10_gamma", "log10_gain", "step", "sentence", "basis"):
        assert short[key] == saved[key]


def test_steps_of_a_run_that_is_over_are_refused(vgdesk):
    assert vgdesk("train", "xor", "--steps", "4", "--out", "run.json").status == 0
    done = vgdesk("diagnose", "run.json", "--steps", "5")
    assert done.status == 2
    assert "--steps goes with an experiment" in done.err


def test_json_of_a_network_that_is_dead_or_shallow_is_json(vgdesk):
    for name in ("xor", "insurance", "chain-exploding", "adding-lstm-200"):
        done = vgdesk("diagnose", name, "--steps", "3", "--json")
        assert done.status == 0, done.err
        assert json.loads(done.out)["experiment"] == name


def test_remedies_are_listed_with_their_honest_word(vgdesk):
    done = vgdesk("remedies", "digits-sigmoid-20")
    assert "does not help vanishing: clipping bounds from above" in done.out
    assert "activation sigmoid → tanh in layers 1–19" in done.out
    listed = json.loads(vgdesk("remedies", "digits-sigmoid-20", "--json").out)["remedies"]
    assert {found["name"] for found in listed if found["reason"]} >= {"lstm", "xavier"}


def test_applied_remedy_is_an_experiment_that_trains(vgdesk, tmp_path: Path):
    done = vgdesk("remedies", "digits-sigmoid-20", "--apply", "batch-norm+residual", "--out", "cured.json")
    assert done.status == 0, done.err
    assert "normalisation none → batch in layers 1–19" in done.out
    found = json.loads(vgdesk("diagnose", "cured.json", "--steps", "20", "--json").out)
    assert found["verdict"] == "healthy"
    assert json.loads(vgdesk("remedies", "xor", "--apply", "adam").out)["training"]["optimiser"]["kind"] == "adam"


def test_a_treated_experiment_says_with_what_it_was_treated(vgdesk):
    vgdesk("remedies", "digits-sigmoid-20", "--apply", "elu", "--out", "elu.json")
    written = json.loads(Path("elu.json").read_text())
    assert written["name"] == "digits-sigmoid-20-edited"
    assert written["title"] == "Sigmoid, 20 layers × 16, on digits + ELU with He"
    shown = json.loads(vgdesk("remedies", "digits-sigmoid-20", "--apply", "elu", "--json").out)["experiment"]
    assert (shown["name"], shown["title"]) == (written["name"], written["title"])


def test_remedies_refuse_what_makes_no_sense_in_one_sentence(vgdesk):
    for arguments, sentence in {
        ("--apply", "lstm"): "lstm does not apply: the network is not recurrent",
        ("--apply", "tanh+relu"): "both set the activation",
        ("--out", "a.json"): "--out goes with --apply",
    }.items():
        done = vgdesk("remedies", "digits-sigmoid-20", *arguments)
        assert done.status == 2
        assert sentence in done.err


def test_race_prints_a_table_and_writes_it(vgdesk, tmp_path: Path):
    arguments = ("digits-sigmoid-20", "--only", "tanh,clipping", "--combine", "batch-norm+residual", "--steps", "30")
    done = vgdesk("race", *arguments, "--workers", "1", "--out", "race.csv")
    assert done.status == 0, done.err
    assert "as it is" in done.out
    rows = list(csv.DictReader((tmp_path / "race.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["remedy"] for row in rows} == {"as it is", "tanh", "clipping", "batch-norm+residual"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "digits-tanh-20",
            "Loss and right are those of the examples trained on, 2,000 at most, after the last update.\n",
        ),
        ("spirals", "after the last update; right that of the held-out examples, when last measured.\n"),
    ],
)
def test_race_tells_of_which_examples_its_numbers_are(vgdesk, name: str, words: str):
    assert words in vgdesk("race", name, "--only", "relu", "--steps", "2", "--workers", "1").out


def test_race_as_json_holds_every_lane(vgdesk):
    done = vgdesk("race", "digits-rnn-rows", "--only", "lstm", "--steps", "5", "--workers", "1", "--json")
    lanes = json.loads(done.out)["lanes"]
    assert {lane["name"] for lane in lanes} == {"as it is", "lstm"}
    assert len(lanes[0]["log10_speed"]) == 3


def test_race_refuses_unknown_remedies_and_steps_below_one(vgdesk):
    assert "remedy must be one of" in vgdesk("race", "xor", "--only", "prayer").err
    assert "steps must be an integer from 1" in vgdesk("race", "xor", "--steps", "0").err
    assert "seeds must be an integer from 1" in vgdesk("race", "xor", "--seeds", "0").err
