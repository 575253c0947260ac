"""`vgdesk train` and `vgdesk export`."""

import csv
import json
import math

import pytest


def test_train_json_holds_loss_and_one_magnitude_per_layer(vgdesk):
    answer = json.loads(vgdesk("train", "digits-sigmoid-20", "--steps", "3", "--json").out)
    assert answer["steps"] == 3
    assert answer["loss"] == pytest.approx(math.log(10), rel=0.2)
    assert len(answer["log10_gradient_norm"]) == 20
    assert answer["log10_gradient_norm"][0] < -8 < answer["log10_gradient_norm"][-1]


def test_a_recorded_run_exports_the_same_profile_as_its_own_table(vgdesk, tmp_path):
    answer = json.loads(vgdesk("train", "digits-tanh-20", "--steps", "4", "--out", "run.json", "--json").out)
    assert vgdesk("export", "profile", "run.json", "--out", "profile.csv").status == 0
    with (tmp_path / "profile.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert [float(row["log10_gradient_norm"]) for row in rows] == answer["log10_gradient_norm"]


def test_held_out_loss_and_right_answers_are_printed_and_exported(vgdesk, tmp_path):
    arguments = ("circles", "--steps", "200", "--out", "run.json", "--json")
    answer = json.loads(vgdesk("train", *arguments).out)
    assert 0 < answer["held_out_loss"] < 1
    assert answer["held_out_accuracy"] > 0.5
    assert vgdesk("export", "loss", "run.json", "--out", "loss.csv").status == 0
    with (tmp_path / "loss.csv").open(newline="") as table:
        last = list(csv.DictReader(table))[-1]
    assert float(last["held_out_loss"]) == answer["held_out_loss"]
    assert float(last["accuracy"]) == answer["accuracy"]


def test_a_task_without_classes_has_no_share_of_right_answers(vgdesk):
    answer = json.loads(vgdesk("train", "mazur", "--steps", "2", "--json").out)
    assert [answer[name] for name in ("held_out_loss", "accuracy", "held_out_accuracy")] == [None] * 3


def test_an_optimiser_by_name_and_a_cap_are_used_and_the_cap_is_counted(vgdesk):
    arguments = ("train", "digits-relu-20", "--steps", "20", "--json")
    plain = json.loads(vgdesk(*arguments).out)
    capped = json.loads(vgdesk(*arguments, "--optimiser", "adam", "--clip-norm", "1e-3").out)
    assert (plain["clipped_steps"], capped["clipped_steps"]) == (0, 20)
    assert plain["loss"] != capped["loss"]
    assert plain["log10_total_norm"] >= max(plain["log10_gradient_norm"])


def test_learning_rate_of_another_kind_of_optimiser_is_its_own_and_of_the_same_kind_stays(vgdesk, tmp_path):
    rates = {}
    for name in ("sgd", "nesterov", "adam"):
        vgdesk("train", "digits-relu-20", "--steps", "1", "--optimiser", name, "--out", "run.json")
        vgdesk("export", "steps", "run.json", "--out", f"{name}.csv")
        with (tmp_path / f"{name}.csv").open(newline="") as table:
            rates[name] = [row["learning_rate"] for row in csv.DictReader(table)]
    assert rates == {"sgd": ["0.02"], "nesterov": ["0.02"], "adam": ["0.001"]}


def test_a_hundred_layers_have_a_number_in_the_first(vgdesk):
    answer = json.loads(vgdesk("train", "digits-sigmoid-100", "--steps", "1", "--json").out)
    assert -120 < answer["log10_gradient_norm"][0] < -40


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "csv"])
def test_profile_heatmap_and_loss_are_written_in_every_format(vgdesk, tmp_path, suffix):
    vgdesk("train", "digits-sigmoid-20", "--steps", "5", "--out", "run.json")
    for kind in ("profile", "heatmap", "loss"):
        done = vgdesk("export", kind, "run.json", "--out", f"{kind}.{suffix}")
        assert (done.status, done.err) == (0, "")
        assert (tmp_path / f"{kind}.{suffix}").stat().st_size > 100


@pytest.mark.parametrize("suffix", ["tex", "svg", "png", "pdf", "txt"])
def test_a_derivation_is_written_in_every_format_and_the_same_twice(vgdesk, tmp_path, suffix):
    for number in (1, 2):
        arguments = ("export", "derivation", "insurance", "--wrt", "w1", "--out", f"{number}.{suffix}")
        assert vgdesk(*arguments).status == 0
    assert (tmp_path / f"1.{suffix}").read_bytes() == (tmp_path / f"2.{suffix}").read_bytes()


def test_learning_rate_zero_leaves_the_loss_where_it_was(vgdesk):
    arguments = ("insurance", "--steps", "3", "--learning-rate", "0", "--out", "run.json")
    assert vgdesk("train", *arguments).status == 0
    assert vgdesk("export", "loss", "run.json", "--out", "loss.csv").status == 0


def test_export_json_says_what_was_written_where(vgdesk, tmp_path):
    answer = json.loads(vgdesk("export", "derivation", "mazur", "--wrt", "w5", "--out", "w5.tex", "--json").out)
    size = (tmp_path / "w5.tex").stat().st_size
    assert answer == {"kind": "derivation", "file": "w5.tex", "bytes": size, "replaced": False}


def test_a_file_that_is_no_run_is_not_replaced_by_one(vgdesk, tmp_path):
    path = tmp_path / "keep.json"
    path.write_text("precious")
    finished = vgdesk("train", "digits-tanh-20", "--steps", "2", "--out", path)
    assert finished.status == 2
    assert "something else stands there, not a recorded run" in finished.err
    assert path.read_text() == "precious"


def test_a_run_is_replaced_by_a_new_one(vgdesk, tmp_path):
    path = tmp_path / "run.json"
    for steps in ("2", "3"):
        assert vgdesk("train", "digits-tanh-20", "--steps", steps, "--out", path).status == 0
    assert '"steps_made":3' in path.read_text()
