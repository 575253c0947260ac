"""The hidden layers of a feed-forward network as sources of scatter, and what the examples of a batch average away.

`vgdesk.theory.noise` says what each source adds; here the network says what its sources are.
"""

from typing import NamedTuple

import numpy as np

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.mixture import layer_mixture
from vgdesk.theory.alike import all_pairs, crossings, directions, kept_between, likeness
from vgdesk.theory.alike_signals import alikeness, further_likeness, passed_on
from vgdesk.theory.carried_noise import with_carried
from vgdesk.theory.carried_numbers import Hidden
from vgdesk.theory.dropped import masked, odds, with_masks
from vgdesk.theory.log_curves import log_curves
from vgdesk.theory.merging import coherence
from vgdesk.theory.moments import Moments
from vgdesk.theory.narrow_outputs import Narrow, narrow_signals
from vgdesk.theory.noise import NoisyLayers
from vgdesk.theory.one_direction import OneDirection, one_direction
from vgdesk.theory.outputs import OutputGradient
from vgdesk.theory.signals import Passed
from vgdesk.theory.uneven_units import kurtosis, participation_of


def noisy_layers(experiment: Experiment, passed: list[Passed], hidden: Hidden | None) -> NoisyLayers:
    """Returns the hidden layers as sources of scatter; `hidden` is `vgdesk.theory.carried_numbers.hidden_of` them."""
    starts, is_normal = [layer.start for layer in passed[1:]], np.array([layer.scale is not None for layer in passed])
    at = np.array([layer.phi.at for layer in passed if layer.phi is not None]).reshape(-1, len(Moments._fields))
    dropped = np.array([layer.dropout for layer in experiment.feed_forward.layers[:-1]])
    noisy = NoisyLayers(
        at=masked(Moments(*at.T), dropped),
        width=np.array(experiment.feed_forward.widths[1:-1], float),
        onward=np.array([start.weight for start in starts]),
        is_orthogonal=np.array([start.is_orthogonal for start in starts], bool),
        is_renewed=is_normal[1:] | is_normal[:-1],
        share=np.ones(len(starts)),
        curves=tuple(log_curves(layer_mixture(layer)) for layer in experiment.feed_forward.layers[:-1]),
        units=_units(passed),
        dropped=odds(dropped),
        stretched=np.array([_stretched(layer) for layer in passed[:-1]]),
    )
    noisy = noisy._replace(even=_evenness(noisy, passed[:-1]))
    return noisy if hidden is None else with_carried(noisy, hidden)


def _stretched(layer: Passed) -> float:
    """Returns N Var ln s^2 of layer normalisation, whose q is the share of s^2 that is not its epsilon."""
    return 2.0 * layer.q**2 if isinstance(layer.scale, np.ndarray) and not layer.exponent else 0.0


def _evenness(noisy: NoisyLayers, hidden: list[Passed]) -> np.ndarray:
    """Returns k S of the matrix below each layer, S of its signal; inputs are many, and theirs is taken as 0."""
    peaked = (1.0 + noisy.dropped) * kurtosis(noisy.at.square_fourth, noisy.at.square)
    shares = participation_of(peaked, noisy.width)
    return np.array([layer.start.excess for layer in hidden]) * np.append(0.0, shares)[: len(hidden)]


def _units(passed: list[Passed]) -> np.ndarray | float:
    """Returns 4^(e - e') of what each hidden layer gives and of q above it; 1 where that is normalised and forgets."""
    exponents = np.array([layer.exponent for layer in passed])
    if not exponents.any():
        return 1.0
    given = np.array([layer.given for layer in passed[:-1]])
    forgets = np.array([layer.scale is not None for layer in passed[1:]])
    return np.ldexp(1.0, np.where(forgets, 0, 2 * np.clip(given - exponents[1:], -400, 400)))


def with_excess(noisy: NoisyLayers, passed: list[Passed], participation: float) -> NoisyLayers:
    """Returns the layers with what their matrices above take from the scatter of one example; S is that of the output.

    One direction has the F = 3 E[phi'^4] / E[phi'^2]^2 of `vgdesk.theory.alike`.
    """
    peaked = 3.0 * (1.0 + noisy.dropped) * kurtosis(noisy.at.slope_fourth, noisy.at.slope_square)
    shares = np.append(participation_of(peaked, noisy.width)[1:], participation)
    excess = np.array([layer.start.excess for layer in passed[1:]]) * shares[: len(passed) - 1]
    return noisy._replace(excess=excess, uneven=excess)


class GradientPairs(NamedTuple):
    """Holds the typical examples' G of every layer, what products of two leave of |dL/dW|^2, and how many there are."""

    gradients: np.ndarray
    wholes: np.ndarray
    batch: int


def averaged_over_batch(
    noisy: NoisyLayers,
    passed: list[Passed],
    pairs: GradientPairs,
    top: OutputGradient,
    q: np.ndarray,
    biases: np.ndarray,
) -> tuple[NoisyLayers, OneDirection | None, Narrow | None]:
    """Returns the sources of scatter with what the batch averages away, tau, and how few units the output meets."""
    hidden = passed[:-1]
    if len(passed[0].argument) == 1 or not hidden:
        return noisy, None, None
    here, gradients = top.typical, pairs.gradients[:-1]
    signals = _of_examples([layer.below.square for layer in passed], here)
    arguments = _of_examples([layer.argument for layer in hidden], here)
    slopes = _of_examples([layer.slopes for layer in hidden if layer.slopes is not None], here)
    like = likeness([layer.phi for layer in hidden if layer.phi is not None], arguments, slopes)
    like = with_masks(like, noisy.dropped)
    sizes = np.maximum(np.diagonal(pairs.gradients[-1]), 1e-300)
    excess = np.array([layer.start.excess for layer in passed[1:]])
    told = (noisy.is_orthogonal, pairs.batch, excess, top.participation[1])
    found = directions(like, top.alike, sizes / sizes.sum(), noisy.width, noisy.share, *told)
    onward, past = noisy.onward * noisy.opened * noisy.units, _share_past(noisy, q)
    further = further_likeness(like, noisy.width, onward, q, past)
    alike = alikeness(signals)
    common = coherence(like, noisy.width, onward, q, biases, past, pairs.batch)
    averaged = noisy._replace(
        backward=found.whole,
        gate=found.gate,
        uneven=found.uneven,
        across=found.across,
        coherence=common,
        crossing=crossings(found.rho, gradients, signals[:-1], further, pairs.wholes[:-1], pairs.batch),
        output_share=np.minimum(1.0, alike[:-1] / max(float(alike[-1]), 1e-12)),
        dropped=noisy.dropped * float(all_pairs(sizes / sizes.sum(), pairs.batch).trace()),
    )
    if np.all(noisy.share >= 1.0):
        # what passes a skip connection comes apart, too, and `found` has weighed it
        unlike = np.clip((1.0 - common) / (1.0 - 1.0 / pairs.batch), 0.0, 1.0)
        averaged = averaged._replace(apart=found.apart, unlike=unlike, masks=noisy.dropped, batch=pairs.batch)
    narrow = None
    if hidden[-1].inner is None and not (passed[-1].exponent or passed[-1].below.exponent):
        narrow = narrow_signals(like, further, noisy.width, passed_on(like, onward, q, past), signals[-1])
    tau = one_direction(signals[:-1], gradients, found.same, kept_between(like, noisy.share), pairs.batch)
    return averaged, tau, narrow


def _share_past(noisy: NoisyLayers, q: np.ndarray) -> np.ndarray:
    """Returns the share of q above every hidden layer that does not go through its weights, shape (layers,)."""
    return np.clip(noisy.past * noisy.units / np.maximum(q[1:], 1e-300), 0.0, 1.0) + np.zeros(len(noisy.width))


def _of_examples(products: list[np.ndarray], examples: slice) -> np.ndarray:
    """Returns the products of these examples of every layer, shape (layers, examples, examples)."""
    corners = [product[examples, examples] for product in products]
    return np.concatenate(corners).reshape(len(corners), *corners[0].shape)
