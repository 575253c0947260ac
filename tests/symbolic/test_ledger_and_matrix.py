"""The ledger of a gradient's factors, and the backward rule in matrices."""

import itertools

import numpy as np
import pytest

from tests.agreement.test_symbolic_networks import small_sequence
from tests.builders import chain, network_experiment
from vgdesk.present.derivation_views import ledger_words, path_sheet
from vgdesk.present.formula import to_text
from vgdesk.spec.library import example
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.study.derivation_views import ledger, matrices, paths
from vgdesk.study.derive import derive


def test_the_ledger_of_a_chain_ends_at_its_gradient():
    found = ledger(example("classic-chain"), "w1")
    assert found.rows[-1].running == pytest.approx(found.value, rel=1e-15, abs=0)
    assert (found.share, found.count, ledger_words(found)) == (1.0, 1, "")


def test_the_insurance_ledger_passes_both_factors_told_in_class():
    rows = ledger(example("insurance"), "w1").rows
    assert [to_text(row.factor.closed_form) for row in rows] == ["y − t", "σ′(z_y)", "w₉", "σ′(z_Awareness)", "age"]
    assert (rows[2].running, rows[4].running) == pytest.approx((0.03, 0.0015), abs=1e-15)


def test_factors_of_a_path_have_names_of_their_own_beside_those_of_the_steps():
    named = [to_text(row.factor.symbol) for row in ledger(example("insurance"), "w1").rows]
    assert named == ["s₁", "s₂", "s₃", "s₄", "s₅"]
    assert [to_text(factor.symbol) for factor in derive(example("insurance"), "w1").factors] == ["d₁", "d₂"]


def test_decades_lost_add_up_to_the_logarithm_of_the_running_product():
    rows = ledger(example("mazur"), "w3").rows
    lost = list(itertools.accumulate(row.log10_lost for row in rows))
    assert [-total for total in lost] == pytest.approx([row.log10_running for row in rows], abs=1e-12)


def test_the_ledger_of_one_path_among_several_says_its_share():
    found = ledger(example("mazur"), "w1")
    assert found.rows[-1].running == pytest.approx(found.share * found.value, rel=1e-14, abs=0)
    words = ledger_words(found)
    assert words.startswith("2 paths lead from w1 to the loss; this is the largest of them, ")
    # the two views say of one path the same
    share = words.removesuffix(".").rpartition(", ")[2]
    assert share.endswith("% of the gradient")
    assert f"Path 1: {share}" in [step.title for step in path_sheet(paths(example("mazur"), "w1")).steps]


def test_fifty_layers_have_a_ledger_far_below_float64():
    found = ledger(chain([1e-8] * 50, [0.0] * 50, 1.0, 1.0, "tanh"), "w1")
    assert found.value == 0.0
    assert found.rows[-1].log10_running == pytest.approx(found.log10_magnitude, abs=1e-9)
    assert found.log10_magnitude == pytest.approx(-392.0, abs=1e-9)


@pytest.mark.parametrize("loss", ["mse", "half-mse-sum", "softmax-cross-entropy"])
def test_matrix_deltas_are_those_of_the_derivation(loss):
    output = "identity" if loss == "softmax-cross-entropy" else "sigmoid"
    experiment = network_experiment([2, 3, 2], ["tanh", output], [[0.3, -0.7]], [[0.0, 1.0]], loss)
    state, view = derive(experiment, "w1").state, matrices(experiment, "w1")
    assert state is not None
    assert [step.layer for step in view.steps] == [2, 1]
    for step in view.steps:
        assert step.delta == pytest.approx(state.deltas[step.layer - 1], rel=1e-14, abs=0)
        assert 10**step.log10_delta == pytest.approx(np.abs(step.delta), rel=1e-12, abs=0)


def test_matrices_are_written_down_to_the_layer_of_the_parameter():
    assert [step.layer for step in matrices(example("classic-chain"), "b3").steps] == [5, 4, 3]


def test_the_rule_is_told_in_symbols_shapes_and_numbers():
    step = matrices(example("mazur"), "w1").steps[1]
    assert to_text(step.rule) == "δ⁽¹⁾ = (W⁽²⁾)ᵀ δ⁽²⁾ ⊙ σ′(z⁽¹⁾)"
    assert "{2×2}" in to_text(step.shapes)
    assert to_text(step.numbers).endswith("= [0.00877; 0.00995]")
    assert to_text(step.scalars[0]).startswith("δₕ₁ = (w₅ · δₒ₁ + w₇ · δₒ₂) · σ′(zₕ₁)")


def test_absent_connections_are_zeros_of_the_matrix():
    assert "[−0.476; 0]" in to_text(matrices(example("insurance-sparse"), "w1").steps[1].numbers)


def test_a_simple_cell_adds_what_comes_from_the_next_step_and_from_the_output():
    view = matrices(small_sequence(VanillaCell()), "u1")
    assert [step.layer for step in view.steps] == [3, 2, 1]
    assert "W_(hh)" in to_text(view.steps[-1].rule) or "Wₕₕ" in to_text(view.steps[-1].rule)
    assert to_text(view.result[0]).count("δ") == 2
