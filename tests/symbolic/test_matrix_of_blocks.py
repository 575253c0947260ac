"""The backward rule in matrices where it is no textbook product: gates, normalisation, skips, PReLU."""

import msgspec
import numpy as np
import pytest

from tests.agreement.test_symbolic_networks import small_sequence
from vgdesk.present.derivation_views import matrix_sheet
from vgdesk.present.formula import to_text
from vgdesk.records.formula import Formula, Matrix, Product, Sum
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Gru, Lstm
from vgdesk.study.derivation_views import matrices

MIDDLES = {
    "layer norm": DenseLayer(width=2, activation="tanh", normalisation="layer"),
    "batch norm": DenseLayer(width=2, activation="tanh", normalisation="batch"),
    "residual": DenseLayer(width=2, activation="tanh", skip=Residual()),
    "highway": DenseLayer(width=2, activation="tanh", skip=Highway()),
    "PReLU": DenseLayer(width=2, activation="prelu"),
}
CELLS = {"LSTM": Lstm(), "GRU": Gru(), "GRU, reset before": Gru(reset="before")}


def layered(middle: DenseLayer) -> Experiment:
    network = FeedForward(inputs=2, layers=(middle, DenseLayer(width=2, activation="sigmoid")))
    return msgspec.structs.replace(
        example("mazur"), name="layered", network=network, initialisation=ScaledGaussian(sigma_w=1.0)
    )


EXPERIMENTS = {name: layered(middle) for name, middle in MIDDLES.items()} | {
    name: small_sequence(cell) for name, cell in CELLS.items()
}


def number(formula: Formula) -> np.ndarray:
    """Multiplies out the numbers that are shown, with the three digits that they are shown with."""
    match formula:
        case Matrix(rows):
            return np.array([[entry.value for entry in row] for row in rows])
        case Product(factors):
            return number(factors[0]) @ number(factors[1])
        case Sum(terms):
            return sum(number(term) for term in terms)
    raise AssertionError(formula)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_matrices_shown_multiply_to_the_vector_shown(name: str):
    for step in matrices(EXPERIMENTS[name], "w1").steps:
        shown = step.numbers.sides[1]
        # A batch norm's slopes of some hundreds cancel: float64 keeps 1e-13 of them.
        assert number(shown)[:, 0] == pytest.approx(step.delta, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_blocks_that_read_the_parameter_give_its_gradient(name: str):
    view = matrices(EXPERIMENTS[name], "w1")
    assert number(view.result[2].sides[1]).item() == pytest.approx(view.value, rel=1e-11, abs=0)


def test_a_cell_state_receives_from_its_output_and_from_the_next_step():
    steps = matrices(small_sequence(Lstm()), "w1").steps
    rule = next(to_text(step.rule) for step in steps if to_text(step.rule).startswith("∂L/∂c₂"))
    assert "∂c₃/∂c₂" in rule
    assert "∂k₂/∂c₂" in rule


def test_a_residual_layer_keeps_its_branch_as_a_block_of_its_own():
    rules = [to_text(step.rule) for step in matrices(layered(MIDDLES["residual"]), "w1").steps]
    assert "∂L/∂F⁽¹⁾ = (∂h⁽¹⁾/∂F⁽¹⁾)ᵀ ∂L/∂h⁽¹⁾" in rules


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_block_can_be_read_unit_by_unit(name: str):
    view = matrices(EXPERIMENTS[name], "w1")
    assert all(len(step.scalars) == len(step.delta) for step in view.steps)
    details = [step for step in matrix_sheet(view).steps if step.title.endswith("unit by unit")]
    assert [len(step.lines) for step in details] == [1 + len(step.scalars) for step in view.steps]
