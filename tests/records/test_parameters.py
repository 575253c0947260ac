"""Parameters have one public name each, and travel under it without loss."""

import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.parameters import Parameters, named_arrays, other_names, parameter_names, parameters_of
from vgdesk.spec.layer import DenseLayer, Highway
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Gru, Lstm, Recurrent, VanillaCell

PLAIN = FeedForward(inputs=3, layers=(DenseLayer(width=2), DenseLayer(width=1)))
RICH = FeedForward(
    inputs=2,
    layers=(DenseLayer(width=2, activation="prelu", normalisation="batch", skip=Highway()), DenseLayer(width=1)),
)
UNBIASED = FeedForward(inputs=3, layers=(DenseLayer(width=2, bias=False), DenseLayer(width=1)))
CELLS = (VanillaCell(), Lstm(), Gru(), Gru(reset="before"))
NETWORKS = (PLAIN, RICH, UNBIASED, *(Recurrent(inputs=2, steps=5, width=3, outputs=1, cell=cell) for cell in CELLS))


def counted(network) -> dict[str, np.ndarray]:
    """Returns an array of the right shape for every name, its numbers all different from the others'."""
    return {
        name: 100.0 * place + np.arange(float(np.prod(shape))).reshape(shape)
        for place, (name, shape) in enumerate(parameter_names(network).items())
    }


def test_layers_are_named_from_the_input_on():
    assert parameter_names(PLAIN) == {"W1": (2, 3), "b1": (2,), "W2": (1, 2), "b2": (1,)}


def test_a_layer_without_bias_has_no_name_for_it_and_zeros_in_its_place():
    assert list(parameter_names(UNBIASED)) == ["W1", "W2", "b2"]
    np.testing.assert_array_equal(parameters_of(UNBIASED, counted(UNBIASED)).biases[0], [0.0, 0.0])


def test_what_a_layer_learns_besides_stands_after_its_biases():
    assert list(parameter_names(RICH)) == ["W1", "b1", *other_names(RICH), "W2", "b2"]
    assert other_names(RICH) == {"gamma1": (2,), "beta1": (2,), "slope1": (1,), "gate_W1": (2, 2), "gate_b1": (2,)}


@pytest.mark.parametrize(("cell", "gates"), list(zip(CELLS, (1, 4, 3, 3), strict=True)))
def test_gates_are_blocks_of_rows(cell, gates):
    names = parameter_names(Recurrent(inputs=2, steps=5, width=3, outputs=1, cell=cell))
    shapes = [names[name] for name in ("W_ih", "W_hh", "b", "W_out", "b_out")]
    assert shapes == [(gates * 3, 2), (gates * 3, 3), (gates * 3,), (1, 3), (1,)]
    assert ("b_hn" in names) == (cell == Gru())


@pytest.mark.parametrize("network", NETWORKS)
def test_named_arrays_become_parameters_and_the_same_arrays_again(network):
    given = counted(network)
    again = named_arrays(network, parameters_of(network, given))
    assert list(again) == list(given)
    for name, array in given.items():
        np.testing.assert_array_equal(again[name], array)


@pytest.mark.parametrize("network", NETWORKS)
def test_parameters_travel_between_processes(network):
    parameters = parameters_of(network, counted(network))
    arrived = named_arrays(network, from_bytes(to_bytes(parameters), Parameters))
    for name, array in named_arrays(network, parameters).items():
        np.testing.assert_array_equal(arrived[name], array)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"b2": None}, "the parameters lack the array 'b2'; they must hold W1, b1, W2, b2"),
        ({"w1": np.zeros(1)}, "the parameters hold an unknown array 'w1'; they must hold W1, b1, W2, b2"),
        ({"W1": np.zeros((3, 2))}, r"array 'W1' must have the shape (2, 3), got (3, 2)"),
        ({"W1": np.array("x")}, "array 'W1' must hold real numbers, got <U1"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(change, sentence):
    arrays = {name: array for name, array in {**counted(PLAIN), **change}.items() if array is not None}
    with pytest.raises(SpecError) as caught:
        parameters_of(PLAIN, arrays)
    assert str(caught.value) == sentence
