"""`vgdesk number-formats`: sentences, JSON, files, refusals."""

import csv
import json
import re

import pytest


def test_each_format_has_a_sentence(vgdesk):
    lines = vgdesk("number-formats", "digits-sigmoid-100").out.splitlines()
    assert [line.split()[0] for line in lines] == ["float16", "bfloat16", "float32", "float64"]
    assert "loses half of ∂L/∂h at layer 39" in lines[1]
    assert lines[3].startswith("float64 keeps ∂L/∂h of every layer")


def test_json_holds_shares_and_places(vgdesk):
    found = json.loads(vgdesk("number-formats", "digits-sigmoid-20", "--json").out)
    assert found["places"] == "layer"
    assert len(found["log10_typical"]) == len(found["log10_predicted"]) == 20
    float16 = found["formats"][0]
    assert float16["lost_at"] == float16["predicted_lost_at"] == 10
    assert float16["zero"][0] == 1.0


def test_without_prediction_the_reason_is_said(vgdesk):
    assert "no prediction: " in vgdesk("number-formats", "classic-chain").out


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_is_written(vgdesk, tmp_path, suffix):
    path = tmp_path / f"formats.{suffix}"
    assert vgdesk("number-formats", "digits-sigmoid-20", "--out", path).status == 0
    assert path.stat().st_size > 5000


def test_the_sentences_fit_below_the_picture(vgdesk, tmp_path):
    path = tmp_path / "formats.svg"
    sentences = vgdesk("number-formats", "digits-sigmoid-100", "--out", path).out.splitlines()[:4]
    lines = re.findall(r"<!-- (\s*\S.*?) -->|<text[^>]*>(\s*\S.*?)</text>", path.read_text())
    told = [" ".join(one or other for one, other in lines)]
    assert all(" ".join(sentence.split()[:8]) in told[0] for sentence in sentences)
    assert max(len(one or other) for one, other in lines) <= 104


def test_the_table_has_a_row_for_each_time_step(vgdesk, tmp_path):
    path = tmp_path / "formats.csv"
    vgdesk("number-formats", "digits-rnn-rows", "--out", path)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert len(rows) == 8
    assert float(rows[0]["float16_zero"]) >= 0.0


def test_a_step_that_is_not_there_is_refused(vgdesk):
    finished = vgdesk("number-formats", "digits-sigmoid-20", "--step", "100000000")
    assert finished.status == 2
    assert "step must lie between 0 and" in finished.err
