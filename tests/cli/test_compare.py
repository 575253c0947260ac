"""`vgdesk compare`: experiments, changes and recorded runs side by side, as text, JSON, table and picture."""

import csv
import json

import pytest

from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.records.run_file import load_run

pytestmark = pytest.mark.usefixtures("one_core")


def test_one_change_is_trained_beside_the_original_on_the_same_seed(vgdesk):
    done = vgdesk("compare", "digits-sigmoid-20", "--change", "activation=tanh", "--steps", "60", "--json")
    a, b = json.loads(done.out)["runs"]
    assert (a["run"], b["run"], a["seed"], b["seed"], a["steps"], b["steps"]) == ("A", "B", 0, 0, 60, 60)
    assert b["difference"] == "activation sigmoid → tanh in layers 1–19"
    assert (a["verdict"], b["verdict"]) == ("vanishing", "healthy")
    assert a["log10_first"] < -10 < b["log10_first"]
    assert a["profile"][0] == a["log10_first"]


def test_a_recorded_run_is_taken_as_it_is(vgdesk, tmp_path):
    assert vgdesk("train", "digits-tanh-20", "--steps", "7", "--out", "tanh.json").status == 0
    found = json.loads(vgdesk("compare", "tanh.json", "digits-tanh-20", "--steps", "7", "--json").out)["runs"]
    experiment, history = load_run((tmp_path / "tanh.json").read_text(), "tanh.json")
    assert found[0]["loss"] == found[1]["loss"] == history.loss[-1]
    assert found[0]["log10_gain"] == diagnose(history, experiment).log10_gain
    assert found[1]["difference"] == "no difference"


def test_the_table_on_the_terminal_says_what_differs(vgdesk):
    done = vgdesk("compare", "digits-tanh-20", "digits-relu-20", "--steps", "3")
    lines = done.out.splitlines()
    assert lines[0].split()[:4] == ["run", "seed", "steps", "loss"]
    assert lines[1].startswith("A · ")
    assert any(line.startswith("Loss is that of the last recorded step's batch, before its update") for line in lines)
    assert any(line.startswith("B differs from A by: ") and "activation tanh → ReLU" in line for line in lines)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_picture_is_written_and_is_the_same_every_time(vgdesk, tmp_path, suffix):
    for name in ("one", "two"):
        arguments = ("digits-tanh-20", "--change", "seed=1", "--steps", "4", "--out", f"{name}.{suffix}")
        assert vgdesk("compare", *arguments).status == 0
    one, two = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert len(one) > 5000


def test_the_csv_table_has_a_row_for_each_run(vgdesk, tmp_path):
    vgdesk("compare", "digits-tanh-20", "--change", "depth=5", "--steps", "4", "--at", "2", "--out", "runs.csv")
    rows = list(csv.DictReader((tmp_path / "runs.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["run"] for row in rows] == ["A", "B"]
    assert {row["step"] for row in rows} == {"2"}
    assert float(rows[1]["log10_first"]) < 10


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["digits-tanh-20"], "runs to compare must be 2 to 8, got 1"),
        (["digits-tanh-20", "--change", "tanh"], "--change must be FIELD=VALUE, as in activation=tanh; got 'tanh'"),
        (["digits-tanh-20", "--change", "hue=3"], "field must be one of depth"),
        (["digits-tanh-20", "nosuch"], "unknown example 'nosuch'"),
        (["digits-tanh-20", "digits-relu-20", "--steps", "2", "--quantity", "hue"], "quantity must be one of"),
        (["digits-tanh-20", "digits-relu-20", "--out", "runs.bmp"], ".csv"),
    ],
)
def test_a_bad_request_is_one_sentence(vgdesk, arguments, sentence):
    done = vgdesk("compare", *arguments)
    assert done.status == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1


def test_steps_for_recorded_runs_alone_are_refused(vgdesk):
    vgdesk("train", "digits-tanh-20", "--steps", "2", "--out", "run.json")
    done = vgdesk("compare", "run.json", "run.json", "--steps", "5")
    assert done.status == 2
    assert "--steps is for experiments; these are recorded runs" in done.err


@pytest.mark.parametrize("step", ["99", "3", "-1"])
def test_a_step_that_no_run_has_is_refused(vgdesk, step):
    done = vgdesk("compare", "insurance", "--change", "seed=1", "--steps", "3", "--workers", "1", f"--at={step}")
    assert done.status == 2
    assert f"--at must be a step that was recorded, from 0 to 2, got {step}" in done.err


def test_the_step_of_the_profiles_is_told(vgdesk, tmp_path):
    words = ("compare", "insurance", "--change", "seed=1", "--steps", "3", "--workers", "1")
    assert "Profiles are at step 1.\n" in vgdesk(*words, "--at", "1").out
    for steps in ("2", "4"):
        vgdesk("train", "insurance", "--steps", steps, "--out", f"r{steps}.json")
    assert "Profiles are at step 1 of A, 3 of B.\n" in vgdesk("compare", "r2.json", "r4.json", "--at", "3").out
