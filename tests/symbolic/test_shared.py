"""Derivations of layers with options and of unrolled cells: names, contributions, places, refusals."""

import msgspec
import numpy as np
import pytest

from tests.agreement.test_symbolic_networks import CELLS, numbers_of, small_sequence
from vgdesk.errors import DerivationTooLarge, SpecError
from vgdesk.present.sheet import equation_sheet, sheet_latex, sheet_text
from vgdesk.records.derivation import PlaceKind, StepKind
from vgdesk.records.parameters import parameter_names
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer, Highway
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import AddingProblem
from vgdesk.spec.task import Digits, Examples
from vgdesk.study.derive import derive, symbolic_profile
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.shared import derive_sum


def batch_experiment(examples: int = 3, **options) -> Experiment:
    """Returns 2 inputs, 2 hidden units with options, 1 output."""
    rows = np.random.default_rng(1).normal(size=(examples, 2)).tolist()
    hidden = DenseLayer(**{"width": 2, "activation": "prelu", "normalisation": "batch", "skip": Highway(), **options})
    return Experiment(
        name="small",
        title="small",
        network=FeedForward(inputs=2, layers=(hidden, DenseLayer(width=1, activation="identity"))),
        task=Examples(inputs=tuple(map(tuple, rows)), targets=((0.5,),) * examples),
    )


def derived(experiment, wrt):
    return derive_sum(experiment, wrt, *numbers_of(experiment, 4))


def steps_of(derivation, kind):
    return [step for step in derivation.steps if step.kind is kind]


def test_a_recurrent_weight_has_one_contribution_per_time_step_that_reads_it():
    derivation = derived(small_sequence(VanillaCell(), steps=4), "u1")
    assert [contribution.place.layer for contribution in derivation.contributions] == [4, 3, 2]
    assert {contribution.place.kind for contribution in derivation.contributions} == {PlaceKind.EDGE}


def test_the_chain_rule_is_a_sum_over_time_steps():
    text = sheet_text(equation_sheet(derived(small_sequence(VanillaCell()), "u1")))
    assert "∂L/∂u₁ = ∂L/∂a₃ · ∂a₃/∂u₁ + ∂L/∂a₂ · ∂a₂/∂u₁" in text
    assert "∂L/∂h₂ = (∂L/∂a₃) u₁" in text


def test_each_contribution_is_the_product_of_its_factors():
    derivation = derived(small_sequence(Lstm(), steps=4), "w2")
    values = {factor.id: factor.value for factor in derivation.factors}
    for contribution in derivation.contributions:
        assert contribution.value == pytest.approx(np.prod([values[name] for name in contribution.factors]))


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_every_learned_number_of_a_cell_can_be_derived_and_printed(cell):
    experiment = small_sequence(cell)
    for entry in learned_numbers(experiment.network):
        sheet = equation_sheet(derived(experiment, entry.name))
        assert sheet_text(sheet)
        assert sheet_latex(sheet).startswith("%")
        assert all(line.typst for step in sheet.steps for line in step.lines)


@pytest.mark.parametrize("name", ["w1", "b3", "gamma1_1", "beta1_2", "slope1", "gate_W1_2_1", "gate_b1_2"])
def test_every_learned_number_of_a_layer_can_be_derived(name):
    derivation = derived(batch_experiment(), name)
    assert derivation.contributions
    lines = [line for step in equation_sheet(derivation).steps for line in step.lines]
    assert {factor for line in lines for _, factor in line.inks} == {factor.id for factor in derivation.factors}


def test_names_and_positions_cover_every_array_once():
    for network in (batch_experiment().network, small_sequence(Gru()).network):
        entries = learned_numbers(network)
        sizes = sum(int(np.prod(shape)) for shape in parameter_names(network).values())
        assert len({entry.name for entry in entries}) == len({(e.array, e.position) for e in entries}) == sizes


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(SpecError, match=r"'w99'; allowed are w1 to w6, b1 to b3, gamma1_1 to gamma1_2, .*slope1"):
        derived(batch_experiment(), "w99")
    with pytest.raises(SpecError, match="w1 to w3, u1 to u3, v1, b1 to b4 and bn1"):
        derived(small_sequence(Gru()), "gamma1_1")


def test_dropout_is_said_to_be_off():
    derivation = derived(batch_experiment(dropout=0.5), "w1")
    assert derivation.value == derived(batch_experiment(), "w1").value
    assert "Dropout is off here" in steps_of(derivation, StepKind.FORWARD)[0].note


def test_batch_normalisation_is_said_to_couple_the_examples():
    note = steps_of(derived(batch_experiment(), "w1"), StepKind.FORWARD)[0].note
    assert note == "Batch normalisation couples the examples: L is the mean over all 3 of them."


def test_a_bias_before_batch_normalisation_has_a_gradient_of_exactly_0():
    derivation = derived(batch_experiment(), "b1")
    assert derivation.value == 0.0
    assert derivation.log10_magnitude == -np.inf
    assert "exactly 0" in steps_of(derivation, StepKind.RESULT)[0].note


def test_a_recurrent_weight_of_a_single_step_is_read_by_nothing():
    derivation = derived(small_sequence(VanillaCell(), steps=1), "u1")
    assert derivation.value == 0.0
    assert "u1 is not read" in steps_of(derivation, StepKind.RESULT)[0].note


def test_the_hot_path_runs_from_the_weight_through_time_to_the_loss():
    path = derived(small_sequence(VanillaCell()), "u1").hot_path
    units = [place.layer for place in path if place.kind is PlaceKind.UNIT]
    assert units == [2, 3]
    assert path[-1].kind is PlaceKind.LOSS


def recurrent(task, **fields):
    network = msgspec.structs.replace(small_sequence(Lstm()).network, **fields)
    loss = "softmax-cross-entropy" if isinstance(task, Digits) else "mse"
    return Experiment(name="recurrent", title="recurrent", network=network, task=task, loss=loss)


@pytest.mark.parametrize(
    ("experiment", "sentence"),
    [
        (recurrent(AddingProblem(length=50), inputs=2, steps=50), "50 time steps.*at most 6"),
        (recurrent(AddingProblem(length=4), inputs=2, steps=4, width=5), "5 units in its cell.*at most 4"),
        (recurrent(Digits(arrangement="rows"), inputs=8, steps=8, outputs=10), "8 time steps.*at most 6"),
        (batch_experiment(9), "9 examples that batch normalisation couples.*at most 8"),
        (batch_experiment(width=2, activation="tanh", skip=None, examples=200), "200 examples"),
    ],
)
def test_what_is_too_large_is_refused_in_one_sentence(experiment, sentence):
    for ask in (lambda: derive(experiment, "w1"), lambda: symbolic_profile(experiment)):
        with pytest.raises(DerivationTooLarge, match=sentence):
            ask()


def test_an_unknown_quantity_is_refused():
    with pytest.raises(SpecError, match="quantity must be one of weight, state, delta"):
        symbolic_profile(batch_experiment(), quantity="bias")
