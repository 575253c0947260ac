"""Narrow networks with batch norm: line and band of the gradient from drawn layers, where wide ones say too little.

`vgdesk.theory.batch_norm` is of infinitely many units. Of N units the Gram matrix of the examples scatters by 1/N
around its fixed point, every layer passes on more than it does there, by a term of 1/N that adds up over the layers,
and one layer's Gram matrix decides the factors of several layers above. `vgdesk.theory.drawn_layers` runs that chain;
here its draws become mean and variance of ln |.|^2 at every layer. The mean of S draws is sure to 1 / sqrt(S) of the
band.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.drawn_gradients import drawn_magnitudes
from vgdesk.theory.initialisation import Start, layer_starts
from vgdesk.theory.noise import LARGEST

WIDEST = 128
"""Beyond, the term of 1/N is a twentieth of the decades or less, and drawing costs more than it tells."""
_MOST_DRAWS, _LEAST_DRAWS = 64, 8
_WORK, _OVERHEAD, _EXAMPLES = 24_000_000, 256, 32
"""What may be spent on draws, about 60 ms: units times units below and a constant for all else, per 32 examples."""


_SMALLEST = 1e-12
"""Inputs whose squares float32 holds, and products with what comes back."""


class Narrow(NamedTuple):
    """Holds, of dL/dW, dL/dz and dL/dh, the mean of ln |.|^2 over draws and its variance, each of shape (3, layers).

    `at_input` is the mean of ln |dL/dh^0|^2.
    """

    lines: np.ndarray
    variances: np.ndarray
    at_input: float


class _Question(NamedTuple):
    """Is what the draws depend on, beside the examples."""

    layers: tuple[DenseLayer, ...]
    starts: tuple[Start, ...]
    loss: str
    draws: int
    batch: int


def is_narrow(experiment: Experiment) -> bool:
    """Whether a layer of the network is batch-normalised, and no hidden layer is too wide for the draws."""
    layers = experiment.feed_forward.layers
    is_normalised = any(layer.normalisation == "batch" for layer in layers)
    return is_normalised and len(layers) > 1 and max(layer.width for layer in layers[:-1]) <= WIDEST


def narrow_gradients(experiment: Experiment, inputs: np.ndarray, targets: np.ndarray, batch: int) -> Narrow | None:
    """Returns line and band of a narrow network with batch norm, None of any other, or if float32 does not hold it.

    Parameters
    ----------
    inputs, targets
        The examples that are looked at, shapes (examples, features) and (examples, outputs).
    batch
        How many examples they stand for.
    """
    size = float(np.abs(inputs).max(initial=0.0))
    if not (is_narrow(experiment) and (size == 0.0 or _SMALLEST < size < 1.0 / _SMALLEST)):
        return None
    network, starts = experiment.feed_forward, tuple(layer_starts(experiment))
    asked = _Question(network.layers, starts, experiment.loss, _draws(network.widths, len(inputs)), batch)
    return _drawn(asked, _bytes(inputs), _bytes(targets), len(inputs))


def _draws(widths: tuple[int, ...], examples: int) -> int:
    """Returns how many networks are drawn: the narrower and the fewer layers, the more."""
    work = sum(width * (below + _OVERHEAD) for width, below in zip(widths[1:], widths[:-1], strict=True))
    return min(_MOST_DRAWS, max(_LEAST_DRAWS, int(_WORK * _EXAMPLES / (work * examples))))


@lru_cache(maxsize=4)
def _drawn(asked: _Question, inputs: bytes, targets: bytes, examples: int) -> Narrow | None:
    """Returns the moments of the draws, None if most are 0 in float32; kept for who asks for many deep networks."""
    given, wanted = (np.frombuffer(numbers).reshape(examples, -1) for numbers in (inputs, targets))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        drawn = drawn_magnitudes(asked.layers, asked.starts, given, wanted, asked.loss, asked.draws, asked.batch)
    logs = np.stack(
        [drawn.weight, drawn.delta, drawn.state, np.broadcast_to(drawn.at_input[:, None], drawn.state.shape)]
    )
    # a draw of three units may be dead; where most are, or numbers are too small, the theory of wide layers decides
    is_there = np.isfinite(logs)
    is_beyond = np.isnan(logs) | (logs == np.inf)
    if is_beyond.any() or np.any(2 * is_there.sum(axis=1) <= asked.draws):
        return None
    lines, variances = moments_of_draws(logs, is_there)
    return Narrow(lines[:3], np.minimum(variances[:3], LARGEST), float(lines[3, 0]))


def moments_of_draws(logs: np.ndarray, is_there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns mean and variance over the draws, the second axis, that count."""
    count = is_there.sum(axis=1)
    known = np.where(is_there, logs, 0.0)
    mean = known.sum(axis=1) / count
    away = np.where(is_there, known - mean[:, None], 0.0)
    return mean, np.square(away).sum(axis=1) / np.maximum(count - 1, 1)


def _bytes(numbers: np.ndarray) -> bytes:
    return np.ascontiguousarray(numbers, float).tobytes()
