"""The gradient from a feed-forward network's output down to its input, as wide networks have it.

Sums over units of products of two examples' gradients, H = dL/dh_a . dL/dh_b and G = dL/dz_a . dL/dz_b, go down layer
by layer (`vgdesk.theory.carried_way`). What a thousand layers make of them is no number, so each carries the
logarithm of a factor beside it.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.spec.layer import DenseLayer
from vgdesk.theory.carried import Along, carried_from_output
from vgdesk.theory.carried_at_once import at_once
from vgdesk.theory.carried_way import Carriers
from vgdesk.theory.example_pairs import half_of
from vgdesk.theory.exponents import LN_4
from vgdesk.theory.noise import NoisyLayers
from vgdesk.theory.outputs import OutputGradient
from vgdesk.theory.run_below import RunBelow
from vgdesk.theory.signals import Passed
from vgdesk.theory.through_layer import backward


class WayBack(NamedTuple):
    """Is the gradient at every layer, but for a factor e^exponent of its square, which a thousand layers need.

    Attributes
    ----------
    states
        Diagonals of H, sums of dL/dh_a dL/dh_b, shape (layers + 1, examples); the last row is of the input.
    deltas
        Diagonals of G, sums of dL/dz_a dL/dz_b, shape (layers, examples).
    typical
        G of the examples that stand for all, shape (layers, examples, examples).
    pairs
        sum_ab G_ab E[h_a h_b], h below the layer, shape (layers,).
    shares
        Share of the gradient through weights rather than past them, shape (hidden layers,).
    parts
        Relative variances of `vgdesk.theory.carried_part.part_scatter`, shape (layers, 2).
    exponents
        Shape (layers + 1,).
    divided
        What more the logarithms of `deltas`, `typical` and `pairs` have, by a normalisation; shape (layers,).
    """

    states: np.ndarray
    deltas: np.ndarray
    typical: np.ndarray
    pairs: np.ndarray
    shares: np.ndarray
    parts: np.ndarray
    exponents: np.ndarray
    divided: np.ndarray


def way_back(
    layers: tuple[DenseLayer, ...],
    passed: list[Passed],
    top: OutputGradient,
    sizes: np.ndarray | None,
    carrier: Carriers | None,
) -> WayBack:
    """Takes the gradient from the output to the input; only what cannot wait is done layer by layer.

    `sizes` are those of `vgdesk.theory.outputs.size_products`; None where no signal is carried past weights. `carrier`
    is what `vgdesk.theory.carried_way.carriers` makes of the layers.
    """
    count, examples, here = len(layers), len(top.delta), (top.typical, top.typical)
    way = WayBack(
        np.empty((count + 1, examples)),
        np.empty((count, examples)),
        np.empty((count, *top.alike.shape)),
        np.empty(count),
        np.ones(count - 1),
        np.zeros((count, 2)),
        np.zeros(count + 1),
        -LN_4 * np.array([layer.divided for layer in passed]),
    )
    H, exponent, along, run = top.state, LN_4 * top.exponent, None, None
    whole = np.zeros(count)
    place, is_held = count, False
    while place > 0:
        place -= 1
        layer, below = layers[place], passed[place]
        if carrier is not None and place < count - 1 and (run is None or place < run.first):
            run = carrier.run_below(place)
            found = None if run is None else at_once(run, H, along, is_held)
            if run is not None and found is not None:
                places = slice(run.first, place + 1)
                _fill(way, places, found, run.own_signals(passed[places]), top.typical)
                way.parts[places], way.exponents[places], whole[places] = run.scatter(), exponent, found.wholes
                H, along, shift = _rescaled(found.onward, found.along)
                exponent, is_held, place = exponent + shift, found.is_held, run.first
                continue
        way.states[place], way.exponents[place] = H.diagonal(), exponent
        if place < count - 1:
            G, onward = backward(layer, below, H)
            if run is not None:
                G, onward, along = run.down(place, H, G, onward, along)
                if place == run.first:
                    way.parts[place : place + len(run.passed)] = run.scatter()
            exponent += way.divided[place] if layer.skip is None else 0.0
            whole[place] = onward.trace() if layer.skip is not None else 0.0
        else:
            G, onward = top.delta, below.start.weight * top.delta
            if sizes is not None:
                onward, along = carried_from_output(below.below, layers[place - 1].width, sizes, onward)
        way.deltas[place], way.typical[place] = G.diagonal(), G[here]
        way.pairs[place] = np.vdot(G, below.below.square)
        H, along, shift = _rescaled(onward, along)
        exponent += shift
    way.states[-1], way.exponents[-1] = H.diagonal(), exponent
    if carrier is not None:
        way.shares[:] = _shares(passed, way.states, whole)
    return way


def _fill(way: WayBack, places: slice, found: RunBelow, signals: np.ndarray, typical: slice) -> None:
    """Fills in what a run of layers that was taken at once has found."""
    half = half_of(found.states.shape[1])
    way.states[places], way.pairs[places] = found.states, half.sums(found.delta, half.of(signals))
    way.deltas[places] = found.delta.take(half.own, axis=1)
    way.typical[places] = found.delta.take(half.back[typical, typical], axis=1)


def _rescaled(G: np.ndarray, along: Along | None) -> tuple[np.ndarray, Along | None, float]:
    """Returns G with a mean diagonal of 1, its D, and ln of what was taken out: a thousand layers underflow."""
    size = float(G.trace()) / len(G)
    if not (size > 0.0 and math.isfinite(size)):
        return G, along, 0.0
    return G / size, along if along is None else along / size, math.log(size)


def _shares(passed: list[Passed], states: np.ndarray, wholes: np.ndarray) -> np.ndarray:
    """Returns which share of the gradient below each skip connection came through weights, not past them; else 1.

    `wholes` are the traces below.
    """
    shares = np.ones(len(passed) - 1)
    for place, (layer, whole) in enumerate(zip(passed[:-1], wholes[:-1].tolist(), strict=True)):
        if layer.inner is not None:
            own = states[place]
            past = float(own.sum() if layer.gate is None else own @ layer.gate.closed.diagonal())
            shares[place] = max(0.0, 1.0 - past / whole) if whole > 0.0 else 0.0
    return shares


def log_weights(way: WayBack, passed: list[Passed], batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns ln of fan_in sum_ab G_ab E[h_a h_b] / B^2 of every layer, and the sum over that of a = b alone.

    Pairs of examples left out are like those that are not.
    """
    shown = way.deltas.shape[1]
    squares = np.stack([layer.below.square.diagonal() for layer in passed])
    own = np.einsum("la,la->l", way.deltas, squares)
    pairs = (way.pairs - own) / max(1, shown * (shown - 1))
    square = own / shown / batch + pairs * (batch - 1) / batch
    fan_in = np.array([layer.start.fan_in for layer in passed])
    has_own = own > 0.0
    exponents = np.array([layer.below.exponent for layer in passed])
    wholes = np.where(has_own, square * shown * batch / np.where(has_own, own, 1.0), 1.0)
    return logs(fan_in * square) + LN_4 * exponents + way.divided, wholes


def logs(squares: np.ndarray) -> np.ndarray:
    """Returns the logarithms, -inf of what is not above 0."""
    return np.log(squares, out=np.full(len(squares), -np.inf), where=squares > 0.0)


def chi_of(way: WayBack, passed: list[Passed], noisy: NoisyLayers) -> np.ndarray:
    """Returns sigma_w^2 E[phi'^2] of every hidden layer, with the weights above it.

    Every example counts by its share in the gradient: chi is what a plain layer multiplies the squared gradient by.
    """
    own = way.states[: len(passed) - 1]
    slopes = np.array([layer.slopes.diagonal() for layer in passed if layer.slopes is not None]).reshape(own.shape)
    whole = own.sum(axis=1)
    mean = np.einsum("la,la->l", own, slopes) / np.where(whole > 0.0, whole, 1.0)
    return noisy.onward * np.where(whole > 0.0, mean, noisy.at.slope_square)
