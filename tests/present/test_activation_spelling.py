"""Every activation has a spelling of its own, which LaTeX and Typst accept as upright words."""

import pytest
from matplotlib.mathtext import MathTextParser

from vgdesk.export.typesetting import Typesetter
from vgdesk.present.formula import to_latex, to_text, to_typst
from vgdesk.records.formula import Symbol
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.symbolic.notation import activation_call

Z = Symbol("z", superscript="3", bold=True)


def slope(activation):
    return activation_call(activation, Z, prime=1)


def test_slopes_of_different_activations_look_different():
    for print_formula in (to_text, to_latex, to_typst):
        assert len({print_formula(slope(name)) for name in ACTIVATIONS}) == len(ACTIVATIONS)


@pytest.mark.parametrize("name", [*ACTIVATIONS, "elu(0.5)", "celu(2)"])
def test_latex_and_typst_accept_the_slope(name):
    assert MathTextParser("path").parse(f"${to_latex(slope(name))}$").width > 0
    assert Typesetter(12).svg([to_typst(slope(name))])[0].startswith("<svg")


def test_an_alpha_stands_below_the_name():
    assert to_text(slope("celu(2)")) == "CELU′₂(z⁽³⁾)"
    assert to_latex(slope("celu(2)")) == r"\mathrm{CELU}'_{2}\left(\mathbf{z}^{(3)}\right)"
    assert "0.5" in to_text(slope("elu(0.5)"))


def test_the_two_forms_of_gelu_are_told_apart():
    assert to_text(slope("gelu-tanh")) == "GELU′ₜₐₙₕ(z⁽³⁾)"
    assert to_latex(slope("gelu")).startswith(r"\mathrm{GELU}'\left(")
