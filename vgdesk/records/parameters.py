"""The numbers of a network and their gradients, in the shapes and under the names every route shares.

Each array has a public name, which files of arrays and `Parameters.others` use. Layers l count from 1, rows are
receiving units, and gates are blocks of H rows in the order of `vgdesk.spec.recurrent`:

    feed-forward   W1, b1, W2, b2, ... (no b of a layer without bias); after them, of a layer that has them,
                   gamma1, beta1 (normalisation), slope1 (PReLU, one number), gate_W1, gate_b1 (highway)
    recurrent      W_ih (gates H, inputs), W_hh (gates H, H), b (gates H), b_hn (H; GRU with reset after the product),
                   W_out (outputs, H), b_out (outputs)
"""

import math
from collections.abc import Mapping

import msgspec
import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.spec.network import FeedForward
from vgdesk.spec.parameter_names import parameter_names as parameter_names
from vgdesk.spec.recurrent import Recurrent

RECURRENT_WEIGHTS = ("W_ih", "W_hh", "W_out")
RECURRENT_BIASES = ("b", "b_out")
_NONE = frozen([])


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Holds all parameters of a network.

    Attributes
    ----------
    weights
        One array per layer, shape (units, units below): row = receiving unit. Absent connections are 0. Of a recurrent
        network `RECURRENT_WEIGHTS`.
    biases
        One array per layer, shape (units,); zeros, which have no name, where a layer has none. Of a recurrent network
        `RECURRENT_BIASES`.
    others
        What else is learned, by its public name; empty in most networks.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    others: dict[str, np.ndarray] = {}


class LossGradient(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the loss of one batch and its gradient at given parameters, true values.

    Attributes
    ----------
    loss
        Batch loss as the convention of the loss says.
    weights, biases
        dL/dW and dL/db, in the shapes of `Parameters`; absent connections have gradient 0.
    activations
        h per layer *including the input at index 0*, shape (batch, units). Of a recurrent network h_0 (zeros) to h_T.
    preactivations
        z per layer, shape (batch, units). Of a recurrent network per time step, all gates side by side.
    deltas
        dL/dz per layer or time step, in the shapes of `preactivations`.
    others
        dL/d of `Parameters.others`, by the same names.
    states
        dL/dh per layer or time step (the total derivative, through all that reads h), shape (batch, units).
    cells
        dL/dc per time step of an LSTM, shape (batch, units); empty elsewhere.
    log10_weight_norm, log10_state_norm
        log10 of the norms of `weights` and of `states`; they have a number also where the values underflow or overflow.
    input_state, log10_input_norm
        dL/dh^0, the gradient at the input, shape (batch, inputs), and log10 of its norm; empty and nan of a recurrent
        network, whose inputs come at every time step.
    """

    loss: float
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]
    preactivations: tuple[np.ndarray, ...]
    deltas: tuple[np.ndarray, ...]
    others: dict[str, np.ndarray] = {}
    states: tuple[np.ndarray, ...] = ()
    cells: tuple[np.ndarray, ...] = ()
    log10_weight_norm: np.ndarray = _NONE
    log10_state_norm: np.ndarray = _NONE
    input_state: np.ndarray = _NONE
    log10_input_norm: float = math.nan


def other_names(network: FeedForward | Recurrent) -> dict[str, tuple[int, ...]]:
    """Returns name and shape of what is learned besides weights and biases: the keys of `Parameters.others`."""
    weights, biases = _main_names(network)
    return {name: shape for name, shape in parameter_names(network).items() if name not in {*weights, *biases}}


def named_arrays(network: FeedForward | Recurrent, numbers: Parameters | LossGradient) -> dict[str, np.ndarray]:
    """Returns the parameters, or their gradients, by public name and in the order of `parameter_names`."""
    weights, biases = _main_names(network)
    found = {**dict(zip(weights, numbers.weights, strict=True)), **dict(zip(biases, numbers.biases, strict=True))}
    return {name: {**found, **numbers.others}[name] for name in parameter_names(network)}


def parameters_of(network: FeedForward | Recurrent, arrays: Mapping[str, np.ndarray]) -> Parameters:
    """Returns the parameters that lie in named arrays, float64 and read-only: the inverse of `named_arrays`.

    Raises
    ------
    SpecError
        When a name is missing or unknown, or when an array has another shape or holds something else than numbers.
    """
    expected = parameter_names(network)
    _require_names(expected, arrays)
    numbers = {name: _array(name, arrays[name], shape) for name, shape in expected.items()}
    weights, biases = _main_names(network)
    return Parameters(
        weights=tuple(numbers.pop(name) for name in weights),
        biases=tuple(numbers.pop(name) if name in numbers else _no_bias(network, name) for name in biases),
        others=numbers,
    )


def _no_bias(network: FeedForward | Recurrent, name: str) -> np.ndarray:
    """Returns the zeros that stand for the biases, by name, of a layer without any."""
    return frozen(np.zeros(network.layers[int(name[1:]) - 1].width if isinstance(network, FeedForward) else 0))


def _main_names(network: FeedForward | Recurrent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the names of `Parameters.weights` and of `Parameters.biases`."""
    if isinstance(network, Recurrent):
        return RECURRENT_WEIGHTS, RECURRENT_BIASES
    layers = range(1, network.depth + 1)
    return tuple(f"W{layer}" for layer in layers), tuple(f"b{layer}" for layer in layers)


def _require_names(expected: Mapping[str, object], found: Mapping[str, object]) -> None:
    for name in expected:
        if name not in found:
            raise SpecError(f"the parameters lack the array {name!r}; they must hold {_shown(expected)}")
    for name in found:
        if name not in expected:
            raise SpecError(f"the parameters hold an unknown array {name!r}; they must hold {_shown(expected)}")


def _array(name: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    found = np.asarray(array)
    if found.dtype.kind not in "fiu":
        raise SpecError(f"array {name!r} must hold real numbers, got {found.dtype}")
    if found.shape != shape:
        raise SpecError(f"array {name!r} must have the shape {shape}, got {found.shape}")
    return frozen(found)


def _shown(names: Mapping[str, object]) -> str:
    """Returns the names for a sentence, the middle left out where they are many."""
    words = list(names)
    return ", ".join(words if len(words) <= 12 else [*words[:6], "...", *words[-4:]])
