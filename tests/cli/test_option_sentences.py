"""What is said about an option that does not fit: it names the option that was typed, and what is allowed."""

import math
import re

import pytest


@pytest.mark.parametrize(
    "words", ["compare xor insurance", "export profile xor --out p.svg", "export heatmap xor --out p.svg"]
)
def test_an_unknown_quantity_is_refused_before_anything_is_trained(vgdesk, monkeypatch, words):
    def begin(*_arguments):
        raise AssertionError("a training began")

    monkeypatch.setattr("vgdesk.study.compare.run_side_by_side", begin)
    monkeypatch.setattr("vgdesk.cli.export_runs.run_training", begin)
    done = vgdesk(*words.split(), "--quantity", "hue")
    assert done.status == 2
    assert done.err.startswith("vgdesk: --quantity must be one of weight, ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("train insurance --every 0", "--every must be an integer from 1 to 10000000, got 0"),
        ("train insurance --log-spaced 0", "--log-spaced must be an integer from 1 to 10000, got 0"),
        ("train insurance --clip-norm 0", "--clip-norm must be a finite number from 1e-12 to 1e+12, got 0.0"),
        ("train insurance --batch-size 0", "--batch-size must be an integer from 1 to 1000000, got 0"),
        ("train insurance --held-out=2", "--held-out must be a finite number from 0 to 0.9, got 2.0"),
        ("train insurance --optimiser none", "--optimiser must be one of sgd,"),
        ("train insurance --record none", "--record must be one of weight,"),
        ("diagnose insurance --seeds 0", "--seeds must be an integer from 1 to 100, got 0"),
        ("phase tanh --out p.png --points 0", "--points must be an integer from 2 to 1000, got 0"),
        ("phase tanh --out p.png --sigma-w 3:3", "--sigma-w must go from a lower number to a higher one, got 3 to 3"),
        ("derive insurance --wrt w1 --view all", "--view must be one of steps, paths, matrix, ledger; got 'all'"),
    ],
)
def test_a_complaint_names_the_option_that_was_typed(vgdesk, words, sentence):
    done = vgdesk(*words.split())
    assert done.status == 2
    assert done.err.startswith(f"vgdesk: {sentence}")


@pytest.mark.parametrize(
    "words",
    ["derive insurance --wrt {}", "train xor --optimiser {}", "train xor --{}", "activation --{}", "lessons {}"],
)
def test_a_value_of_thousands_of_letters_is_told_by_its_ends(vgdesk, words):
    done = vgdesk(*words.format("w1" * 1500).split())
    assert done.status == 2
    assert "…" in done.err
    assert len(done.err) < 700


def test_a_field_in_a_file_keeps_its_name(vgdesk, tmp_path):
    vgdesk("examples", "insurance", "--out", "mine.json")
    text = re.sub(r'"steps": *\d+', '"steps": 0', (tmp_path / "mine.json").read_text())
    (tmp_path / "mine.json").write_text(text)
    done = vgdesk("train", "mine.json", "--steps", "3")
    assert done.err.startswith("vgdesk: mine.json: steps must be an integer")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--paths 0", "--paths goes with --view paths, got --view steps and --format text"),
        ("--view paths --paths 3 --format numpy", "--paths goes with --view paths, got --view paths and --format"),
        ("--unfold d1 --json", "--unfold goes with a format that is read by people, got --format json"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(vgdesk, words, sentence):
    done = vgdesk("derive", "insurance", "--wrt", "w1", *words.split())
    assert done.status == 2
    assert done.err.startswith(f"vgdesk: {sentence}")


def test_an_unknown_lesson_is_refused_in_our_own_words(vgdesk):
    done = vgdesk("lesson", "nope")
    assert done.err.startswith("vgdesk: lesson must be from 1 to 8 or one of gradient, chain-rule,")
    assert "<int>" not in vgdesk("lesson", "--help").out


@pytest.mark.parametrize("name", ["insurance", "mine.json"])
def test_a_target_goes_with_a_table_only(vgdesk, name):
    vgdesk("examples", "insurance", "--out", "mine.json")
    done = vgdesk("train", name, "--target", "c")
    assert (done.status, done.err) == (2, f"vgdesk: --target goes with a CSV file, got '{name}'\n")


def test_the_gradient_falls_by_e_over_the_layers_that_mean_field_tells(vgdesk):
    told = vgdesk("mean-field", "sigmoid", "--sigma-w", "1", "--sigma-b", "0").out
    layers = float(re.search(r"\|∂L/∂z\| shrinks e-fold per ([\d.]+) layers", told)[1])
    chi_1 = float(re.search(r"χ₁ = ([\d.]+)", told)[1])
    assert math.sqrt(chi_1) ** layers == pytest.approx(math.exp(-1), rel=1e-3)  # four digits are told
