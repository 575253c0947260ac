"""`vgdesk derive --let`: the derivation with other numbers."""

import json

import pytest


def value_of(vgdesk, *words: str) -> float:
    done = vgdesk("derive", *words, "--json")
    assert done.status == 0, done.err
    return json.loads(done.out)["value"]


def test_the_classic_factor_grows_with_the_age(vgdesk):
    """With every weight from the inputs 0, d2 = sigma'(0) age, and d1 does not depend on the age."""
    base = value_of(vgdesk, "insurance", "--wrt", "w1")
    assert value_of(vgdesk, "insurance", "--wrt", "w1", "--let", "age=0.2") == base
    assert value_of(vgdesk, "insurance", "--wrt", "w1", "--let", "age=0.4") == pytest.approx(2 * base, rel=1e-12)


@pytest.mark.parametrize("view", ["steps", "paths", "matrix", "ledger"])
def test_every_view_has_the_other_numbers(vgdesk, view):
    changed = value_of(vgdesk, "mazur", "--wrt", "w1", "--let", "w5=0.9", "--let", "t1=0.5", "--view", view)
    assert changed == pytest.approx(value_of(vgdesk, "mazur", "--wrt", "w1", "--let", "t1=0.5", "--let", "w5=0.9"))
    assert changed != pytest.approx(value_of(vgdesk, "mazur", "--wrt", "w1"), rel=1e-3)


def test_a_program_has_the_other_numbers(vgdesk):
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--let", "age=0.7", "--format", "numpy")
    assert "h_0_1 = numpy.float64(0.7)" in done.out


@pytest.mark.parametrize("what", ["derivation", "ledger"])
def test_exports_have_the_other_numbers(vgdesk, tmp_path, what):
    pictures = [tmp_path / "same.svg", tmp_path / "other.svg"]
    for picture, age in zip(pictures, ("0.2", "0.9"), strict=True):
        done = vgdesk("export", what, "insurance", "--wrt", "w1", "--let", f"age={age}", "--out", picture)
        assert done.status == 0, done.err
    assert pictures[0].read_bytes() != pictures[1].read_bytes()


def test_the_learning_rate_is_eta(vgdesk):
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--let", "eta=0.25")
    assert "η = 0.25" in done.out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("w1", "--let must be NAME=NUMBER such as w1=0.3, got 'w1'"),
        ("=3", "--let must be NAME=NUMBER such as w1=0.3, got '=3'"),
        ("w1=three", "--let w1 must be a number, got 'three'"),
        ("w1=nan", "w1 must be a finite number, got nan"),
        ("w1=1_0", "--let w1 must be a number, got '1_0'"),
        ("w99=1", "insurance has no number 'w99' to change; allowed are age, education, income"),
        ("eta=-1", "learning_rate must be a finite number from 0"),
    ],
)
def test_bad_changes_are_refused_in_a_sentence(vgdesk, text, sentence):
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--let", text)
    assert done.status != 0
    assert sentence in done.err


def test_a_target_that_is_no_probability_is_refused(vgdesk):
    done = vgdesk("derive", "xor", "--wrt", "w1", "--let", "t1=1.5")
    assert "target t1 must lie in [0, 1] with loss bce, got 1.5" in done.err
