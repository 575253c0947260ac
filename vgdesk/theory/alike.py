"""How alike the gradients of a batch's examples are in one draw: what many examples average away of the scatter.

W, drawn once, meets the gradients of all examples. Were they one direction, |delta^m|^2 would scatter as that of one
example; where they are orthogonal, it is a mean of independent numbers. With Gamma_ab = delta_a . delta_b in one draw,

    rho_ab = E[Gamma_ab^2] / E[Gamma_aa Gamma_bb]                                    1 for one direction
    f_ab   = E[phi'_a^2 phi'_b^2] / (E[phi'_a^2] E[phi'_b^2])                       on the diagonal the kurtosis of phi'
    e_ab   = E[phi'_a phi'_b]^2 / (E[phi'_a^2] E[phi'_b^2])

one layer of N units, sums of N independent terms phi'_a phi'_b u_a u_b with Gaussian u (Isserlis' theorem), makes

    N Var(sum_a |delta_a|^2) / E[..]^2 = sum_ab w_a w_b f_ab (1 + 2 rho_ab) - 1,     w_a shares of the examples
    rho' = (e rho + (f (1 + 2 rho) - e rho) / N) / (1 + (f (1 + 2 rho) - 1) / N)

where uniform weights, whose fourth moment has the excess k = -1.2 over that of normal ones, have 1 + 2 rho + k S in
place of 1 + 2 rho, S = sum_j v_j^2 / (sum_j v_j)^2 the participation of the units above, v_j = sum_a delta_aj^2; of a
hidden layer of N' units S = F / (N' + F - 1), F = f (1 + 2 rho), which for normal numbers is exact. So directions merge
within about N layers. For one example and normal weights this is 3 E[phi'^4] / E[phi'^2]^2 - 1, the constant of Hanin &
Nica 2020. Orthogonal matrices keep lengths and angles, so what linear units would add is left out.
Past a skip connection both ways have products: `vgdesk.theory.alike_carried`.

|dL/dW|^2 = sum_ab Gamma_ab h_a . h_b has the products of two examples, too, whose sign changes from draw to draw. They
add, in units of the squared mean, 2 sum_(a != b) w_a w_b (rho_ab eta_ab - mean_ab^2), where eta is of the signals h
what rho is of the gradients (`vgdesk.theory.alike_signals`).
"""

from typing import NamedTuple

import numpy as np

from vgdesk.theory.alike_carried import merged
from vgdesk.theory.pairs import PairSeries
from vgdesk.theory.uneven_units import kurtosis, participation_of
from vgdesk.theory.units import Pairs

_LEAST = 0.1
"""Where products of two examples leave less of the mean, it is no longer what their scatter compares with."""
EXAMPLES = 8
"""So many examples stand for all: the means over pairs change little with more, if these are typical of them."""


class Likeness(NamedTuple):
    """Holds what each hidden layer does to a batch's gradients, shapes (layers, examples, examples).

    Attributes
    ----------
    fourth
        f_ab of the module's text.
    kept
        e_ab.
    correlation
        c_ab of phi's arguments.
    slopes
        E[phi'_a phi'_b].
    """

    fourth: np.ndarray
    kept: np.ndarray
    correlation: np.ndarray
    slopes: np.ndarray


def typical_examples(alike: np.ndarray) -> slice:
    """Returns the neighbouring examples that stand for all: their mean likeness is nearest to that of all pairs.

    The first ones need not do: three of eight digits may be nines, whose errors at the output are nearly one direction.

    Parameters
    ----------
    alike
        rho at the output, shape (examples, examples).
    """
    count = len(alike)
    if count <= EXAMPLES:
        return slice(0, count)
    sums = np.zeros((count + 1, count + 1))
    sums[1:, 1:] = alike.cumsum(axis=0).cumsum(axis=1)
    low = np.arange(count - EXAMPLES + 1)
    high = low + EXAMPLES
    windows = sums[high, high] - sums[low, high] - sums[high, low] + sums[low, low] - EXAMPLES
    wanted = (float(alike.sum()) - count) / (count * (count - 1)) * EXAMPLES * (EXAMPLES - 1)
    first = int(np.argmin(np.abs(windows - wanted)))
    return slice(first, first + EXAMPLES)


def likeness(phis: list[Pairs], arguments: np.ndarray, slopes: np.ndarray) -> Likeness:
    """Returns what hidden layers do to the likeness of gradients.

    Parameters
    ----------
    phis
        Each layer's activation at its variance.
    arguments, slopes
        Covariance of phi's arguments and E[phi'_a phi'_b], of the examples that stand for all.
    """
    c, pairs = correlations(arguments), slopes
    kept = correlations(pairs) ** 2
    slopes_of = np.array([(phi.at.slope_fourth, phi.at.slope_square) for phi in phis])
    peaked = kurtosis(slopes_of[:, 0], slopes_of[:, 1])[:, None, None]
    # an even function's first term is c^2; a step's expectation is known
    shape = c * c
    steps = np.array([isinstance(phi, PairSeries) and phi.below is not None for phi in phis])
    shape[steps] = 1.0 - 2.0 * np.arccos(c[steps]) / np.pi
    return Likeness(1.0 + (peaked - 1.0) * shape, kept, c, pairs)


class Directions(NamedTuple):
    """Holds, per hidden layer, N times the relative variance that W and phi' add, shapes (layers,), and its rho.

    `whole` is of sum_a |delta_a|^2, `gate` what W alone would add were it normal, `uneven` what it adds more. `rho` has
    shape (layers, examples, examples); `same` is its mean over all pairs of the batch, an example with itself included.
    `across`, times s (1-s) of the layer above, is of the product of what passes a skip connection there and what passes
    W: 4 for one direction. `apart` is what of `whole` one example has for itself: more than two have in common.
    """

    whole: np.ndarray
    gate: np.ndarray
    uneven: np.ndarray
    rho: np.ndarray
    same: np.ndarray
    across: np.ndarray
    apart: np.ndarray


def directions(
    like: Likeness,
    top: np.ndarray,
    weights: np.ndarray,
    widths: np.ndarray,
    shares: np.ndarray,
    is_orthogonal: np.ndarray,
    batch: int,
    excess: np.ndarray,
    participation: float,
) -> Directions:
    """Returns the scatter that each hidden layer adds.

    Parameters
    ----------
    top
        rho at the output, shape (examples, examples).
    weights
        w_a, the share of each example in the squared gradient, shape (examples,).
    widths, shares
        Units of each layer, and share of the gradient through phi rather than the skip connection; shape (layers,).
    batch
        Number of examples, of which those given stand for all.
    excess
        k of the matrix above each layer, shape (layers,).
    participation
        S of the output layer.
    """
    found = merged(like.fourth, like.kept, top, shares, widths, is_orthogonal)
    above = found.rho
    pairs = all_pairs(weights, batch) * found.sizes
    pairs /= np.maximum(pairs.sum(axis=(1, 2), keepdims=True), 1e-300)
    both = np.einsum("lab,lab->l", above[1:], pairs[1:])
    made = np.einsum("lab,lab,lab->l", like.fourth, 1.0 + 2.0 * above[1:], pairs[1:])
    own = np.einsum("lab,lab->l", above[:-1], pairs[:-1])
    uneven = excess * np.append(participation_of(made[1:], widths[1:]), participation)
    by_phi = np.einsum("lab,lab->l", like.fourth, pairs[1:])
    whole = made - 1.0 - np.where(is_orthogonal, 2.0 * both, 0.0) + uneven * by_phi
    gate = np.where(is_orthogonal, 0.0, 2.0 * both)
    across = 4.0 * np.einsum("lab,lab->l", found.across, pairs[1:])
    met = np.where(is_orthogonal, 0.0, 2.0)[:, None, None] * above[1:]
    unlike = like.fourth * (1.0 + uneven[:, None, None]) + 2.0 * (like.fourth - 1.0) * above[1:] + met
    apart = _own_part(unlike, weights)
    return Directions(np.maximum(whole, 0.0), gate, np.maximum(uneven, -gate), above[:-1], own, across, apart)


def _own_part(products: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Returns by how much products of an example with itself exceed those of two, 0 or more, shape (layers,)."""
    pairs = np.outer(weights, weights)
    alone = np.diagonal(pairs)
    between = pairs - np.diag(alone)
    own = np.diagonal(products, axis1=1, axis2=2) @ (alone / max(float(alone.sum()), 1e-300))
    others = np.einsum("lab,ab->l", products, between) / max(float(between.sum()), 1e-300)
    return np.maximum(own - others, 0.0)


def all_pairs(weights: np.ndarray, batch: int) -> np.ndarray:
    """Returns w_a w_b, of which pairs of an example with itself are as many as in the whole batch."""
    pairs = np.outer(weights, weights)
    if len(weights) == 1 or len(weights) >= batch:
        return pairs
    alone = np.diag(np.diagonal(pairs))
    others = pairs - alone
    size, rest = max(float(alone.sum()), 1e-300), max(float(others.sum()), 1e-300)
    return alone / size / batch + others / rest * (1.0 - 1.0 / batch)


def kept_between(like: Likeness, shares: np.ndarray) -> np.ndarray:
    """Returns the mean e_ab of two examples, of the `shares` of the gradient that pass phi; shape (layers,)."""
    root, count = np.sqrt(like.kept), like.kept.shape[1]
    between = (root.sum(axis=(1, 2)) - np.trace(root, axis1=1, axis2=2)) / (count * (count - 1))
    return (1.0 - shares + shares * between) ** 2


def crossings(
    rho: np.ndarray, gradients: np.ndarray, signals: np.ndarray, further: np.ndarray, whole: np.ndarray, batch: int
) -> np.ndarray:
    """Returns the relative variance of each layer's |dL/dW|^2 that is of products of two examples, shape (layers,).

    Parameters
    ----------
    rho
        Of the layer's delta.
    gradients, signals
        E[delta_a . delta_b] and E[h_a . h_b] of the layer's delta and of the h below it.
    further
        y of the h below it. All of shape (layers, examples, examples).
    whole
        The mean of |dL/dW|^2 over what it would be without products of two examples, shape (layers,).
    batch
        Number of examples.
    """
    mean, alike = correlations(gradients), correlations(signals)
    sizes = np.diagonal(gradients, axis1=1, axis2=2) * np.diagonal(signals, axis1=1, axis2=2)
    shares = sizes / np.maximum(sizes.sum(axis=1, keepdims=True), 1e-300)
    between = shares[:, :, None] * shares[:, None, :] * (1.0 - np.eye(rho.shape[1]))
    unsure = np.maximum(rho * np.minimum(alike**2 + further, 1.0) - (mean * alike) ** 2, 0.0)
    typical = (between * unsure).sum(axis=(1, 2)) / np.maximum(between.sum(axis=(1, 2)), 1e-300)
    return 2.0 * (1.0 - 1.0 / batch) * typical / np.maximum(whole, _LEAST) ** 2


def correlations(products: np.ndarray) -> np.ndarray:
    """Returns what is left of products of every layer without their sizes, -1 to 1."""
    inverse = 1.0 / np.sqrt(np.maximum(np.diagonal(products, axis1=1, axis2=2), 1e-300))
    found = np.clip(products * inverse[:, :, None] * inverse[:, None, :], -1.0, 1.0)
    places = np.arange(products.shape[1])
    found[:, places, places] = 1.0
    return found
