"""`vgdesk saturation`: a sentence, JSON, files, refusals."""

import csv
import json

import pytest


def test_the_sentence_tells_layer_share_and_slope(vgdesk):
    out = vgdesk("saturation", "digits-sigmoid-20", "--layer", "3").out
    assert out.startswith("Layer 3, sigmoid: none of the arguments lie where |φ′| < 0.01; the mean of φ′² is 0.0")


def test_json_holds_histogram_and_slopes(vgdesk):
    found = json.loads(vgdesk("saturation", "digits-tanh-20", "--step", "2", "--json").out)
    assert (found["step"], found["activations"], found["places"]) == (2, ["tanh"], "layer")
    assert len(found["edges"]) == len(found["shares"]) + 1
    assert len(found["slopes"][0]) == len(found["points"])


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_is_written(vgdesk, tmp_path, suffix):
    path = tmp_path / f"saturation.{suffix}"
    assert vgdesk("saturation", "digits-tanh-20", "--out", path).status == 0
    assert path.stat().st_size > 5000


def test_the_table_has_a_row_for_each_bin(vgdesk, tmp_path):
    path = tmp_path / "saturation.csv"
    vgdesk("saturation", "digits-tanh-20", "--out", path)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1.0)
    assert float(rows[0]["to"]) == float(rows[1]["from"])


def test_a_layer_that_is_not_there_is_refused(vgdesk):
    finished = vgdesk("saturation", "digits-tanh-20", "--layer", "99")
    assert finished.status == 2
    assert "layer must be an integer from 1 to 20, got 99" in finished.err


def test_a_picture_calls_activations_by_their_words(vgdesk, tmp_path):
    path = tmp_path / "saturation.svg"
    vgdesk("saturation", "digits-relu-20", "--layer", "2", "--out", path)
    assert "φ′ of ReLU" in path.read_text()
