"""What every hidden layer of finite width adds to the scatter of signals and gradients over seeds.

Every hidden layer m of width N adds independent noise of two kinds, to first order in 1/N:

    backwards   Var(ln |delta^m|^2 | delta^(m+1)) = b / N         b = 3 E[phi'^4] / E[phi'^2]^2 - 1: linear 2, ReLU 5,
                                                                  less for a batch (`vgdesk.theory.alike`)
    forwards    Var(ln q_(m+1) | q_m) = sigma_w^4 (E[phi^4] - E[phi^2]^2) / N / q_(m+1)^2

and they are correlated, for both come from the same preactivations (cf. Hanin & Nica 2020, "Products of many large
random matrices and gradients in deep neural networks").
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.log_curves import LogCurves
from vgdesk.theory.moments import Moments
from vgdesk.theory.uneven_units import kurtosis

SMALLEST_VARIANCE = 1e-100
"""Below this a signal is taken as exactly zero, which does not scatter."""
STEEPEST = 1e3
"""Larger responses come of variances about to leave all bounds, and their squares must stay numbers."""
LARGEST = 400.0
"""Beyond this variance of ln |delta|^2 (9 decades of the norm) a band says nothing more."""
_TINY = 1e-300


class NoisyLayers(NamedTuple):
    """Says what every hidden layer adds; arrays of shape (layers,), the layer next to the input first.

    Attributes
    ----------
    at
        Moments at the layer's variance.
    width
        Number of units.
    onward
        sigma_w^2 of the layer above.
    is_orthogonal
        Whether the matrix above keeps lengths.
    is_renewed
        Whether the layer above normalises, so that a change of q is forgotten.
    share
        Share of the gradient that takes the way through phi rather than the skip connection.
    backward
        b of the module's text, of the sum over examples; None for one example.
    gate
        What W alone adds to |dL/dh|^2, were it normal, times N; None for one example.
    coherence
        Share of the forward noise that the examples have in common.
    crossing
        Relative variance of |dL/dW|^2 that is of products of two examples.
    output_share
        Share of what the output layer's |dL/dW|^2 scatters more than its |delta|^2 that is found here, too: all of it
        where the signals of the examples are as alike as below the output.
    excess
        k S of `vgdesk.theory.alike` for one example: what weights above that are not normal take from (W'u)_i^4.
    uneven
        The same for the sum over examples.
    even
        k S of the matrix below the layer, S of the signal it meets: what weights that are not normal take from z_i^4.
    opened, past
        E[T^2] of a highway's gate, 1 without one, and sigma_w^2 times d E[h'^2] / d ln q of what passes phi by.
    both, turned
        Variance of h'^2 of a unit that is not of phi alone, and N^2 times its covariance with the squared gradient, of
        what passes phi by (`vgdesk.theory.carried_noise`).
    across
        N / s (1-s) times what the product of what passes a skip connection above and what passes W adds.
    units
        4^(e - e') of the units of phi's moments over those of q above (`vgdesk.theory.exponents`).
    dropped
        p / (1 - p) of dropout, times the share of products of an example with itself (`vgdesk.theory.dropped`).
    stretched
        N Var ln s^2 of what layer normalisation divides one example by, 2 of normal numbers; 0 without.
    apart
        N times the relative variance of |delta_a|^2 that is an example's own, not common to the batch.
    unlike, masks
        Share of one example's forward noise that is its own, and its p / (1 - p) of dropout.
    batch
        Number of examples.
    """

    at: Moments[np.ndarray]
    width: np.ndarray
    onward: np.ndarray
    is_orthogonal: np.ndarray
    is_renewed: np.ndarray
    share: np.ndarray
    curves: tuple[LogCurves, ...]
    backward: np.ndarray | None = None
    gate: np.ndarray | None = None
    coherence: np.ndarray | float = 1.0
    crossing: np.ndarray | float = 0.0
    output_share: np.ndarray | float = 0.0
    excess: np.ndarray | float = 0.0
    uneven: np.ndarray | float = 0.0
    even: np.ndarray | float = 0.0
    opened: np.ndarray | float = 1.0
    past: np.ndarray | float = 0.0
    both: np.ndarray | float = 0.0
    units: np.ndarray | float = 1.0
    turned: np.ndarray | float = 0.0
    across: np.ndarray | float = 4.0
    dropped: np.ndarray | float = 0.0
    stretched: np.ndarray | float = 0.0
    apart: np.ndarray | float = 0.0
    unlike: np.ndarray | float = 0.0
    masks: np.ndarray | float = 0.0
    batch: int = 1


class Noise(NamedTuple):
    """Holds what every hidden layer adds, in logarithms, and how a change of ln q goes on; shapes (layers,).

    `beside` and `slope_beside` are what phi' adds to the layer's own |delta|^2, beyond `backward` and `slope`, of which
    a skip connection lets only a share go further.
    """

    forward: np.ndarray
    mixed: np.ndarray
    given: np.ndarray
    past: np.ndarray
    crossed: np.ndarray
    kappa: np.ndarray
    slope: np.ndarray
    backward: np.ndarray
    alone: np.ndarray
    crossing: np.ndarray
    output_share: np.ndarray
    gate: np.ndarray
    stretched: np.ndarray
    apart: np.ndarray
    own_forward: np.ndarray
    own_mixed: np.ndarray
    beside: np.ndarray
    slope_beside: np.ndarray


def relative_variance(
    at: Moments[np.ndarray],
    is_orthogonal: np.ndarray | bool = False,
    excess: np.ndarray | float = 0.0,
    dropped: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Returns b of the module's text for one example; arguments as the attributes of `NoisyLayers`."""
    peaked = kurtosis(at.slope_fourth, at.slope_square) * (1.0 + dropped)
    return np.where(is_orthogonal, 3.0 * (peaked - 1.0), (3.0 + excess) * peaked - 1.0)


def noise_of(layers: NoisyLayers, variances: np.ndarray) -> Noise:
    """Returns the noise of every layer, in units of ln q and ln |delta|^2."""
    at, width, share = layers.at, layers.width, layers.share
    slope_square, part = np.maximum(at.slope_square, _TINY), share**2 / width
    # phi' is of this layer, W of the layer above, whose own share counts; the output has no skip connection
    above = np.append(share[1:], 1.0)[: len(width)]
    # a signal of nothing does not scatter, and a normalised one forgets
    goes_on = (variances[1:] > SMALLEST_VARIANCE) & ~layers.is_renewed
    relative = np.where(goes_on, layers.onward * layers.units / np.maximum(variances[1:], SMALLEST_VARIANCE), 0.0)
    common = layers.coherence / width
    # share of q above that comes through phi, at most 1 however large q is
    given, square = relative * layers.opened * at.square, np.maximum(at.square, _TINY)
    kappa = given / square * (at.slope_square + at.curvature) * variances[:-1]
    # and what passes phi by
    past = relative / np.maximum(layers.onward, _TINY) * layers.past
    kappa += past
    gate = np.where(layers.is_orthogonal, 0.0, 2.0) if layers.gate is None else layers.gate
    # |H + W'g|^2 has the product of what passes a skip connection and what passes W, of either sign
    across = layers.across * above * (1 - above) / width
    drawn, drawn_alone = gate + layers.uneven, np.where(layers.is_orthogonal, 0.0, 2.0) + layers.excess
    alone = relative_variance(at, layers.is_orthogonal, layers.excess, layers.dropped)
    through = drawn * above**2 / width + across
    # of sum_i z_i^2 / N, which weights that are not normal make less or more of, this response goes on in sum_i phi_i^2
    growth = (at.slope_square + at.curvature) * variances[:-1] / square
    loud = at.square_fourth / square / square - 1.0 + layers.even * growth**2
    # masks are an example's own, whatever the examples have in common
    many = at.square_fourth / square / square
    own = given**2 * (np.maximum(0.0, loud) * common + many * layers.dropped / width)
    crossed, both = relative**2 * layers.both * common, at.mixed / square / slope_square
    slope = variances[:-1] * at.slope_growth / slope_square
    backward = (alone if layers.backward is None else layers.backward) - drawn
    return Noise(
        forward=own + crossed,
        mixed=share * given * ((both - 1.0) * common + both * layers.dropped / width)
        + (1.0 - share) * relative * layers.turned / width**2,
        given=given,
        past=past + np.zeros_like(width),
        crossed=crossed / np.maximum(own + crossed, _TINY),
        kappa=np.clip(kappa, -STEEPEST, STEEPEST),
        slope=share * slope,
        backward=backward * part + through,
        alone=(alone - drawn_alone) * part + drawn_alone * above**2 / width + across,
        crossing=layers.crossing + np.zeros_like(width),
        output_share=layers.output_share + np.zeros_like(width),
        gate=through,
        stretched=layers.stretched * share**2 * common,
        apart=layers.apart * part,
        own_forward=given**2 * (np.maximum(0.0, loud) * layers.unlike + many * layers.masks) / width,
        own_mixed=share * given * ((both - 1.0) * layers.unlike + both * layers.masks) / width,
        beside=np.maximum(backward, 0.0) * (1.0 - share**2) / width,
        slope_beside=(1.0 - share) * slope,
    )


def sum_from(terms: np.ndarray) -> np.ndarray:
    """Returns the sum from each place on, and a last 0."""
    return np.append(np.cumsum(terms[::-1])[::-1], 0.0)
