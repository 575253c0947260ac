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
    assert answer == {"kind": "derivation", "file": "w5.tex", "bytes": size}
