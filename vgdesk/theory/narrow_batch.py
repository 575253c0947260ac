"""Narrow networks with batch norm: line and band of the gradient from drawn layers, where wide ones say too little.

`vgdesk.theory.batch_norm` is of infinitely many units. Of N units the Gram matrix of the examples scatters by 1/N
around its fixed point, every layer passes on more than it does there, by a term of 1/N that adds up over the layers,
and one layer's Gram matrix decides the factors of several layers above. `vgdesk.theory.drawn_layers` runs that chain;
here its draws become mean and variance of ln |.|^2 at every layer. The mean of S draws is sure to 1 / sqrt(S) of the
band.

Behind some ten layers the chain has forgotten the inputs. So a run of equal layers longer than `LONGEST` is drawn
shorter, and what is left out in its middle continues the middle of what is drawn, in the line and in the variance.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer, Highway
from vgdesk.theory.drawn_layers import drawn_magnitudes
from vgdesk.theory.initialisation import Start, layer_starts

WIDEST = 128
"""From here on the term of 1/N is a twentieth of the decades, and drawing costs more than it tells."""
LONGEST = 64
"""So many layers are drawn at most, if some can be left out."""
_UNITS, _MOST_DRAWS, _LEAST_DRAWS = 1024, 48, 8
"""Units that are drawn per layer, and bounds of how many networks that may be."""


class Narrow(NamedTuple):
    """Holds, of dL/dW, dL/dz and dL/dh, the mean of ln |.|^2 over draws and its variance, each of shape (3, layers).

    `at_input` is the mean of ln |dL/dh^0|^2, `draws` the number of networks.
    """

    lines: np.ndarray
    variances: np.ndarray
    at_input: float
    draws: int


class _Question(NamedTuple):
    """Is what the draws depend on."""

    layers: tuple[DenseLayer, ...]
    starts: tuple[Start, ...]
    loss: str
    draws: int
    batch: int


def is_narrow(experiment: Experiment) -> bool:
    """Whether a layer of the network is batch-normalised, and none is too wide for the draws."""
    layers = experiment.feed_forward.layers
    widest = max((layer.width for layer in layers[:-1]), default=WIDEST + 1)
    return widest <= WIDEST and any(layer.normalisation == "batch" for layer in layers)


def is_drawable(experiment: Experiment) -> bool:
    """Whether the layers can be drawn: none is a highway, and no connections are absent."""
    layers = experiment.feed_forward.layers
    return not any(layer.sources is not None or isinstance(layer.skip, Highway) for layer in layers)


def narrow_gradients(experiment: Experiment, inputs: np.ndarray, targets: np.ndarray, batch: int) -> Narrow | None:
    """Returns line and band of a narrow network with batch norm, None of any other.

    Parameters
    ----------
    inputs, targets
        The examples that are looked at, shapes (examples, features) and (examples, outputs).
    batch
        How many examples they stand for.
    """
    if not (is_narrow(experiment) and is_drawable(experiment)):
        return None
    layers, starts = experiment.feed_forward.layers, tuple(layer_starts(experiment))
    first, end = _longest_run(layers, starts)
    left_out = min(max(0, len(layers) - LONGEST), max(0, end - first - LONGEST // 2))
    middle = first + (end - first - left_out) // 2
    keep = (*range(middle), *range(middle + left_out, len(layers)))
    widest = max(layer.width for layer in layers[:-1])
    draws = min(_MOST_DRAWS, max(_LEAST_DRAWS, _UNITS // widest * LONGEST // max(LONGEST, len(keep))))
    asked = _Question(tuple(layers[k] for k in keep), tuple(starts[k] for k in keep), experiment.loss, draws, batch)
    found = _drawn(asked, inputs.tobytes(), targets.tobytes(), len(inputs))
    window = min(middle - first, end - left_out - middle) * 2 // 3
    return _lengthened(found, middle, left_out, max(1, window))


@lru_cache(maxsize=4)
def _drawn(asked: _Question, inputs: bytes, targets: bytes, examples: int) -> Narrow:
    """Returns the moments of the draws; a planner that asks for many depths draws the deep ones once."""
    of_examples = [np.frombuffer(numbers).reshape(examples, -1) for numbers in (inputs, targets)]
    drawn = drawn_magnitudes(asked.layers, asked.starts, *of_examples, asked.loss, asked.draws, asked.batch)
    logs = np.stack(drawn[:3])
    return Narrow(logs.mean(axis=1), logs.var(axis=1, ddof=1), float(drawn.at_input.mean()), asked.draws)


def _longest_run(layers: Sequence[DenseLayer], starts: Sequence[Start]) -> tuple[int, int]:
    """Returns where the longest run of equal plain layers begins and ends, of those that batch norm renews."""
    best, first = (0, 0), 0
    for place in range(1, len(layers) + 1):
        goes_on = place < len(layers) and layers[place] == layers[first] and starts[place] == starts[first]
        if goes_on:
            continue
        is_renewed = layers[first].normalisation == "batch" and layers[first].skip is None
        if is_renewed and place - first > best[1] - best[0]:
            best = (first, place)
        first = place
    return best


def _lengthened(found: Narrow, middle: int, left_out: int, window: int) -> Narrow:
    """Returns the moments with `left_out` more layers in the middle, each as those in the window around it."""
    if not left_out:
        return found
    # all three quantities share the factor of a layer, and dL/dz is the one that scatters least beside it
    pace = (found.lines[1, middle - window] - found.lines[1, middle + window]) / (2 * window)
    spread = max(0.0, (found.variances[1, middle - window] - found.variances[1, middle + window]) / (2 * window))
    return Narrow(
        _stretched(found.lines, middle, left_out, pace),
        _stretched(found.variances, middle, left_out, spread),
        found.at_input + pace * left_out,
        found.draws,
    )


def _stretched(rows: np.ndarray, middle: int, left_out: int, pace: float) -> np.ndarray:
    """Returns rows that grow by `pace` from layer to layer down through those left out."""
    steps = pace * np.arange(left_out, 0, -1.0)
    between = rows[:, middle : middle + 1] + steps
    return np.concatenate([rows[:, :middle] + pace * left_out, between, rows[:, middle:]], axis=1)
