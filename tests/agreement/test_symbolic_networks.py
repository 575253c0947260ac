"""Symbolic gradients of layers with options and of unrolled cells equal complex steps and central differences."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.reference.unrolled import complex_step_gradient, feed_forward_loss, recurrent_loss
from vgdesk.records.parameters import named_arrays, parameter_names, parameters_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Gru, Lstm, Recurrent, VanillaCell
from vgdesk.spec.sequences import SequenceExamples
from vgdesk.spec.task import Examples
from vgdesk.study.verify import KINK_REACH
from vgdesk.symbolic.gradients import BatchGradient, central_differences
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.network import named
from vgdesk.symbolic.shared import derive_sum, given_numbers, gradient_arrays, unfold

HIDDEN = ("sigmoid", "tanh", "relu", "softplus", "silu", "prelu")
LOSSES = {"mse": "tanh", "half-mse-sum": "identity", "bce": "sigmoid", "softmax-cross-entropy": "identity"}
CELLS = [VanillaCell(), VanillaCell("relu"), Lstm(), Gru(), Gru(reset="before")]
ROUNDING = 1e-10
"""Relative to the largest gradient: float64 through a few layers, divided by a small batch's standard deviation."""


def numbers_of(experiment, seed):
    """Returns parameters, inputs and targets without a number that is round or zero."""
    generator = np.random.default_rng(seed)
    shapes = parameter_names(experiment.network)
    parameters = parameters_of(experiment.network, {name: generator.normal(size=s) for name, s in shapes.items()})
    return parameters, np.array(experiment.task.inputs), np.array(experiment.task.targets)


def twin_gradient(experiment, parameters, inputs, targets):
    network = experiment.network
    forward = recurrent_loss if isinstance(network, Recurrent) else feed_forward_loss
    arrays = named_arrays(network, parameters)
    return complex_step_gradient(lambda p: forward(network, experiment.loss, p, inputs, targets), arrays)


def require_agreement(experiment, seed):
    parameters, inputs, targets = numbers_of(experiment, seed)
    by_name = BatchGradient(experiment, parameters, inputs, targets).by_name()
    wanted = twin_gradient(experiment, parameters, inputs, targets)
    scale = max(float(np.abs(array).max()) for array in wanted.values())
    for name, array in gradient_arrays(experiment.network, by_name).items():
        np.testing.assert_allclose(array, wanted[name], rtol=ROUNDING, atol=ROUNDING * scale, err_msg=name)


def rows(draw_from, *shape):
    size = int(np.prod(shape))
    numbers = st.lists(st.integers(-300, 300), min_size=size, max_size=size, unique=size < 300)
    return (np.array(draw_from(numbers)).reshape(shape) / 151).tolist()


def targets_of(draw_from, *shape):
    return (np.abs(rows(draw_from, *shape)) / 2).tolist()


def nested(values):
    return tuple(map(nested, values)) if isinstance(values, list) else values


@st.composite
def hidden_layers(draw_from, width):
    return DenseLayer(
        width=width,
        activation=draw_from(st.sampled_from(HIDDEN)),
        normalisation=draw_from(st.sampled_from(["none", "batch", "layer"])),
        dropout=draw_from(st.sampled_from([0.0, 0.5])),
        skip=draw_from(st.sampled_from([None, Residual(), Highway()])),
        bias=draw_from(st.booleans()),
    )


@st.composite
def layered(draw_from):
    width, loss = draw_from(st.integers(1, 3)), draw_from(st.sampled_from(list(LOSSES)))
    outputs, examples = draw_from(st.integers(1, 2)), draw_from(st.integers(1, 4))
    layers = [draw_from(hidden_layers(width)) for _ in range(draw_from(st.integers(1, 2)))]
    inputs, targets = rows(draw_from, examples, width), targets_of(draw_from, examples, outputs)
    return Experiment(
        name="layered",
        title="layered",
        network=FeedForward(inputs=width, layers=(*layers, DenseLayer(width=outputs, activation=LOSSES[loss]))),
        task=Examples(inputs=nested(inputs), targets=nested(targets)),
        loss=loss,
    )


@st.composite
def sequential(draw_from, cell, steps=None):
    size, loss = st.integers(1, 2), draw_from(st.sampled_from(list(LOSSES)))
    T = steps or draw_from(st.integers(1, 4))
    read, outputs, inputs = draw_from(st.integers(1, T)), draw_from(size), draw_from(size)
    network = Recurrent(
        inputs=inputs,
        steps=T,
        width=draw_from(size),
        outputs=outputs,
        cell=cell,
        output_activation=LOSSES[loss],
        output_steps=read,
    )
    x, t = rows(draw_from, 2, T, inputs), targets_of(draw_from, 2, read, outputs)
    task = SequenceExamples(inputs=nested(x), targets=nested(t))
    return Experiment(name="sequential", title="sequential", network=network, task=task, loss=loss)


@given(layered(), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_layers_with_any_options_have_the_gradient_of_complex_steps(experiment, seed):
    require_agreement(experiment, seed)


@pytest.mark.parametrize("cell", CELLS, ids=str)
@given(st.data(), st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_unrolled_cells_have_the_gradient_of_complex_steps(cell, data, seed):
    require_agreement(data.draw(sequential(cell)), seed)


@given(layered(), st.integers(0, 1000))
@settings(max_examples=6, deadline=None)
def test_layers_agree_with_central_differences(experiment, seed):
    require_central(experiment, seed)


@pytest.mark.parametrize("cell", CELLS, ids=str)
@given(st.data(), st.integers(0, 1000))
@settings(max_examples=2, deadline=None)
def test_unrolled_cells_agree_with_central_differences(cell, data, seed):
    require_central(data.draw(sequential(cell)), seed)


def require_central(experiment, seed):
    numbers = numbers_of(experiment, seed)
    symbolic = BatchGradient(experiment, *numbers)
    assume(not symbolic.is_at_kink(KINK_REACH))  # half of the difference lies on the other side: ReLU at 0 gives 1/2
    central, closed = central_differences(experiment, *numbers), symbolic.by_name()
    scale = max(map(abs, central.values()))
    # e = 1e-12 truncates at e^2; a normalised batch of nearly equal numbers has third derivatives of 1e10 and more
    assert {k: float(v) for k, v in closed.items()} == pytest.approx(central, rel=1e-8, abs=1e-12 * scale)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_contributions_are_what_the_composed_expression_gives(cell):
    experiment = small_sequence(cell)
    parameters, inputs, targets = numbers_of(experiment, 3)
    loss = composed(unfold(experiment))
    given_values = given_numbers(experiment, parameters, inputs, targets)
    at = {named(name): sp.Float(str(value), 40) for name, value in given_values.items()}
    for name in ("w1", "u1", "b1"):
        value = derive_sum(experiment, name, parameters, inputs, targets).value
        assert float(sp.diff(loss, named(name)).subs(at).evalf(30)) == pytest.approx(value, rel=1e-10)


def composed(unfolded):
    """Returns the loss as one expression of inputs, targets and parameters."""
    expressions = {}
    for target, expression in unfolded.forward:
        expressions[target] = expression.xreplace(expressions)
    return expressions[named("L")]


def small_sequence(cell, steps=3):
    network = Recurrent(inputs=1, steps=steps, width=1, outputs=1, cell=cell)
    x = tuple((0.3 * t - 0.5,) for t in range(steps))
    task = SequenceExamples(inputs=(x,), targets=(((0.4,),),))
    return Experiment(name="sequence", title="sequence", network=network, task=task)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_contributions_add_up_to_the_gradient(cell):
    experiment = small_sequence(cell, steps=5)
    numbers = numbers_of(experiment, 5)
    for entry in learned_numbers(experiment.network):
        derivation = derive_sum(experiment, entry.name, *numbers)
        terms = [contribution.value for contribution in derivation.contributions]
        assert sum(terms) == pytest.approx(derivation.value, rel=1e-12, abs=1e-15)


def test_a_time_step_far_back_keeps_a_magnitude_below_the_range_of_floats():
    experiment = small_sequence(VanillaCell("identity"), steps=6)
    parameters, inputs, targets = numbers_of(experiment, 5)
    arrays = {**named_arrays(experiment.network, parameters), "W_hh": np.array([[1e-100]])}
    tiny = parameters_of(experiment.network, arrays)
    norms = BatchGradient(experiment, tiny, inputs, targets).log10_state_norms()
    assert np.diff(norms) == pytest.approx([100.0] * 5, abs=1e-9)
