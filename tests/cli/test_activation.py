"""`vgdesk activation`."""

import json

import pytest


def test_an_examination_tells_derivative_range_steepest_slope_and_check(vgdesk):
    done = vgdesk("activation", "z*tanh(log(1+exp(z)))")
    assert done.status == 0
    assert "φ′(z)           tanh(log(1 + exp(z))) + z*(sigmoid(z)*(1/cosh(log(1 + exp(z)))**2))" in done.out
    assert "least −0.308843 at z = −1.19243, no greatest value" in done.out
    assert "1.0885 at z = 1.49057" in done.out  # Misra 2019: mish
    assert "passed at 33 points" in done.out


def test_the_json_object_holds_what_the_text_tells(vgdesk):
    answer = json.loads(vgdesk("activation", "formula: where(z > 0, z, a*z); a = 0.25", "--json").out)
    assert answer["parameters"] == {"a": 0.25}
    assert answer["kinks"] == [{"at": 0.0, "value": [0.0, 0.0], "slope": [0.25, 1.0], "slope_at": 0.25}]
    assert answer["range"]["low"] == {"value": "-inf", "at": "-inf", "is_reached": False}
    assert answer["check"]["passed"] is True


def test_flat_places_met_by_chance_are_not_told_as_if_they_were_all(vgdesk):
    assert "φ′ changes sign too often to tell where |φ′| < 0.01" in vgdesk("activation", "sin(1e6*z)").out
    assert json.loads(vgdesk("activation", "sin(1e6*z)", "--json").out)["saturated"] is None


def test_many_flat_places_are_counted_and_each_has_two_ends_that_differ(vgdesk):
    line = next(line for line in vgdesk("activation", "sin(20*z)").out.splitlines() if line.startswith("saturated"))
    assert "for −9.9746 < z < −9.9745, −9.818 < z < −9.817, " in line
    assert line.endswith(" and 120 more, looked for in |z| < 10")


def test_where_flat_places_were_looked_for_is_told_where_none_was_found_too(vgdesk):
    # its slope 1 - sin(z/100) is 0 at z = 157
    assert "nowhere is |φ′| < 0.01, looked for in |z| < 10" in vgdesk("activation", "z + 100*cos(z/100)").out


def test_look_alikes_are_shown_as_they_were_read(vgdesk):
    done = vgdesk("activation", "ｚ² × 2")
    assert "normalised" in done.out
    assert "z**(2) * 2" in done.out


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("z.real", "attribute access has no meaning in a formula (position 2)"),
        ("9**9**9", "an exponent must lie from -64 to 64, got 3.8742e+08 (position 4)"),
        ("log(z)", "log(z) is no real number where z is not positive, as at z = -1"),
        ("z**z", "z**z is no real number where z is not positive, as at z = -1; a formula must be real for every z"),
        ("exp(z*log(z))", "log(z) is no real number where z is not positive"),
        ("relu(sin(z))", "relu(sin(z)) has no slope at more than 32 points"),
    ],
)
def test_what_is_no_activation_is_refused_in_one_sentence(vgdesk, formula, sentence):
    done = vgdesk("activation", formula)
    assert done.status == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1


def test_an_experiment_file_with_a_formula_trains_and_verifies(vgdesk, tmp_path):
    spec = json.loads(vgdesk("examples", "xor").out)
    for layer in spec["network"]["layers"][:-1]:
        layer["activation"] = "formula: z/(1 + abs(z)) + 0.1*z"
    (tmp_path / "own.json").write_text(json.dumps(spec))
    assert vgdesk("verify", "own.json").status == 0
    trained = json.loads(vgdesk("train", "own.json", "--steps", "20", "--json").out)
    assert trained["steps"] == 20


@pytest.mark.parametrize(
    ("formula", "words"), [("relu(z)", "1 along a whole stretch, for one at z ="), ("tanh(z)", "1 at z = 0")]
)
def test_a_slope_that_is_steepest_along_a_stretch_is_not_told_as_a_place(vgdesk, formula, words):
    assert f"max |φ′|        {words}" in vgdesk("activation", formula).out
