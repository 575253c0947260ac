"""Formulas of one's own in a derivation: several have symbols of their own, and each says what it is."""

import msgspec
import pytest

from tests.builders import chain
from vgdesk.present.formula import to_latex, to_text
from vgdesk.present.sheet import equation_sheet, sheet_latex, sheet_text
from vgdesk.records.derivation import Derivation
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.formula.reading import read_formula
from vgdesk.spec.layer import Residual
from vgdesk.study.derivation_views import gradient_program, gradient_views
from vgdesk.study.derive import derive
from vgdesk.symbolic.own_formula import tree_formula

SOFT, BENT = "formula: z/(1 + abs(z))", "formula: z*tanh(z); a = 2"


def with_activations(*activations: str) -> Experiment:
    """Returns a chain with one unit per activation."""
    plain = chain([0.5] * len(activations), [0.1] * len(activations), 1.0, 0.0, "tanh")
    layers = [
        msgspec.structs.replace(layer, activation=own)
        for layer, own in zip(plain.feed_forward.layers, activations, strict=True)
    ]
    network = msgspec.structs.replace(plain.feed_forward, layers=tuple(layers))
    return msgspec.structs.replace(plain, network=network)


def texts(derivation: Derivation) -> str:
    return sheet_text(equation_sheet(derivation))


def test_two_formulas_have_two_symbols():
    text = texts(derive(with_activations(SOFT, BENT), "w1"))
    assert "φ₁(z) = z/(1 + abs(z))" in text
    assert "φ₂(z) = z tanh(z)" in text
    assert "h₁ = φ₁(z₁)" in text
    assert "h₂ = φ₂(z₂)" in text
    assert "φ′₂(z₂)" in text
    assert "φ(" not in text


def test_the_same_formula_twice_is_one_symbol_without_a_number():
    text = texts(derive(with_activations(SOFT, SOFT), "w1"))
    assert "h₂ = φ(z₂)" in text
    assert "φ₁" not in text


def test_latex_tells_them_apart_too():
    latex = sheet_latex(equation_sheet(derive(with_activations(SOFT, BENT), "w1")))
    assert r"\varphi_{1}" in latex
    assert r"\varphi'_{2}" in latex


def test_matrices_tell_them_apart_too():
    matrices = gradient_views(with_activations(SOFT, BENT, "tanh"), "w1").matrices()
    rules = " ".join(to_text(step.rule) for step in matrices.steps)
    assert "φ′₂(" in rules
    assert "φ′₁(" in rules


def test_a_network_with_options_tells_them_apart_too():
    plain = with_activations(SOFT, BENT, "tanh")
    layers = list(plain.feed_forward.layers)
    layers[1] = msgspec.structs.replace(layers[1], skip=Residual())
    network = msgspec.structs.replace(plain.feed_forward, layers=tuple(layers))
    text = texts(derive(msgspec.structs.replace(plain, network=network), "w1"))
    assert "φ₁(z) = " in text
    assert "φ₂(z) = " in text
    assert "φ(" not in text


@pytest.mark.parametrize("language", ["numpy", "sympy"])
def test_programs_compute_each_formula_by_itself(language: str):
    program = gradient_program(with_activations(SOFT, BENT), "w1", language)
    assert "tanh" in program
    assert "bs(" in program


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("z*tanh(log(1+exp(z)))", r"z \, \tanh\left(\ln\left(1 + e^{z}\right)\right)"),
        ("where(z > 0, z, a*z); a = 0.1", None),
        ("sqrt(1 + z**2) - 1", None),
        ("max(z, 0.1*z)", None),
        ("-z/2 - (z - 1)", None),
    ],
)
def test_a_formula_is_printed_as_it_was_typed(formula: str, latex: str | None, snapshot):
    shown = tree_formula(read_formula(formula).tree)
    assert latex is None or to_latex(shown) == latex
    assert f"{formula}\n{to_text(shown)}\n{to_latex(shown)}" == snapshot
