"""An activation of one's own for the theory: phi, phi', phi'' on arrays, where to cut its integrals, how far they go.

The integrals are Gauss-Legendre sums over panels (`vgdesk.theory.quadrature`), and nothing is known of the formula but
its values. So the panels are found once: from kink to kink and from octave to octave, halved until the Legendre series
of phi and phi' on a panel has fallen to rounding by its middle, rounding of the largest value further in; then powers
up to the fourth are integrated to about 1e-13. Two things may end this:

    phi varies ever faster outwards (sin(z^2)), or leaves float64     panels reach up to some |z| only
    phi grows so fast that E[phi^2] diverges, as of exp(z^2 / 4)      the density no longer outweighs it at the reach

Either way there is a largest variance for which moments are known, and a sentence. Where the slope grows at a kink like
|z|^(-1/2) or faster, E[phi'^2] is infinite at every variance.
"""

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vgdesk.errors import FormulaError
from vgdesk.spec.activation import facts_of, own_formula
from vgdesk.spec.formula.derivative import derivative
from vgdesk.spec.formula.tree import Tree
from vgdesk.theory.phi import ArrayMap, Phi
from vgdesk.theory.tree_values import tree_values

REACH = 12.0
FAR_REACH = 30.0
"""Standard deviations; the far one where phi grows faster than a power, and the mass of E[phi^2] lies far out."""
_OCTAVES = range(-4, 46)
_MOST_PANELS = 3000
_DEEPEST = 52
_NODES = 20
_RESOLVED = 3e-13
_LARGEST = 1e75
"""Whose fourth power is a number."""


class Reach(NamedTuple):
    """Says where the integrals of a formula are cut and how far they go.

    Attributes
    ----------
    cuts
        z at which panels end, increasing.
    deviations
        How many standard deviations the integrals span to either side.
    largest
        The largest variance with known moments; 0 where there is none.
    reason
        Why there is a largest variance, as a sentence's end; "" where it is beyond 1e24.
    """

    cuts: np.ndarray
    deviations: float
    largest: float
    reason: str


@lru_cache(maxsize=200)
def own_phi(activation: str) -> Phi:
    """Returns a formula with its first two derivatives; phi'' is NaN everywhere where it would be too long."""
    own = _own(activation)
    try:
        curvature = _map(derivative(own.slope))
    except FormulaError:
        curvature = _unknown
    return Phi(_map(own.tree), _map(own.slope), curvature)


@lru_cache(maxsize=200)
def has_curvature(activation: str) -> bool:
    """Whether E[phi phi''] is an integral of phi phi'' and kinks: phi is continuous and phi'' is known and finite."""
    phi, kinks = own_phi(activation), np.array(facts_of(activation).kinks)
    sides = np.concatenate([kinks - _beside(kinks), kinks + _beside(kinks)])
    values, slopes = phi.value(sides).reshape(2, -1), phi.slope(sides)
    is_continuous = np.all(np.abs(np.diff(values, axis=0)) <= 1e-6 * (1.0 + np.abs(values[0])))
    samples = phi.curvature(np.linspace(-8.0, 8.0, 257) + 1.0 / 509.0)
    return bool(is_continuous and np.all(np.abs(slopes) < 1e6) and np.all(np.isfinite(samples)))


def _own(activation: str):
    own = own_formula(activation)
    if own is None:
        raise ValueError(f"{activation!r} is no formula")
    return own


def _map(tree: Tree) -> ArrayMap:
    return lambda z: tree_values(tree, z)


def _unknown(z: np.ndarray) -> np.ndarray:
    return np.full_like(z, np.nan)


def _beside(kinks: np.ndarray) -> np.ndarray:
    return 1e-9 * np.maximum(1.0, np.abs(kinks))


@lru_cache(maxsize=200)
def reach_of(activation: str) -> Reach:
    """Returns the panels of a formula and the largest variance of its moments."""
    phi, kinks = own_phi(activation), facts_of(activation).kinks
    words = facts_of(activation).words
    steep = next((kink for kink in kinks if _is_too_steep(phi.slope, kink)), None)
    if steep is not None:
        reason = f"E[phi'^2] of {words} is infinite: its slope grows too fast towards z = {steep:g}"
        return Reach(np.zeros(0), REACH, 0.0, reason)
    cuts, end = _panels(phi, kinks)
    if end == 0.0:
        return Reach(np.zeros(0), REACH, 0.0, f"{words} is no number, or too small for one, around z = 0")
    deviations = REACH if _grows_like_a_power(phi) else FAR_REACH
    largest = (end / deviations) ** 2
    reason = f"{words} varies too fast, or is no number, beyond |z| = {end:.4g}"
    converging = _converging(phi, cuts, deviations, min(largest, 1e24))
    if converging < 0.99 * min(largest, 1e24):
        largest, reason = converging, f"E[phi^2] or E[phi'^2] of {words} diverges, or exceeds what can be integrated"
    return Reach(cuts, deviations, largest, reason if largest < 1e24 else "")


def _is_too_steep(slope: ArrayMap, kink: float) -> bool:
    """Whether E[phi'^2] diverges at a kink: the integral over shells towards it does not shrink."""
    if not math.isfinite(kink):
        return False
    width = max(1.0, abs(kink))
    for side in (-1.0, 1.0):
        shells = width * 2.0 ** -np.arange(10.0, 31.0)
        squares = slope(kink + side * shells) ** 2 * shells
        if np.all(np.isfinite(squares)) and squares[-1] > 0.0 and np.all(squares[-8:] > 0.97 * squares[-9:-1]):
            return True
    return False


def _grows_like_a_power(phi: Phi) -> bool:
    far = np.array([-1e6, -1e4, 1e4, 1e6])
    values = np.concatenate([phi.value(far), phi.slope(far)])
    return bool(np.all(np.isfinite(values)) and np.all(np.abs(values) < 1e60))


def _panels(phi: Phi, kinks: tuple[float, ...]) -> tuple[np.ndarray, float]:
    """Returns the cuts, and the |z| up to which phi is resolved; panels nearest to 0 come first."""
    octaves = [2.0**k for k in _OCTAVES]
    marks = sorted({0.0, *octaves, *(-mark for mark in octaves), *kinks})
    cuts, end, sizes = set(kinks) | {0.0}, octaves[-1], np.zeros(2)
    for low, high in sorted(pairwise(marks), key=lambda ends: max(abs(ends[0]), abs(ends[1]))):
        found = _halved(phi, low, high, sizes, _MOST_PANELS - len(cuts))
        if found is None:
            end = min(abs(low), abs(high))
            break
        cuts |= found
    return np.array(sorted(cut for cut in cuts if abs(cut) <= end)), end


def _halved(phi: Phi, low: float, high: float, sizes: np.ndarray, most: int) -> set[float] | None:
    """Returns the ends of the panels into which an interval falls, or None where they are too many.

    `sizes` are the largest |phi| and |phi'| so far; they grow with what is met here.
    """
    cuts, todo = {low, high}, [(low, high, 0)]
    while todo:
        a, b, depth = todo.pop()
        if _is_resolved(phi, a, b, sizes) or depth >= _DEEPEST or b - a <= 4 * math.ulp(max(abs(a), abs(b))):
            continue
        if len(cuts) > most:
            return None
        middle = (a + b) / 2
        cuts.add(middle)
        todo += [(a, middle, depth + 1), (middle, b, depth + 1)]
    return cuts


def _is_resolved(phi: Phi, low: float, high: float, sizes: np.ndarray) -> bool:
    """Whether the Legendre series of phi and phi' on a panel has fallen to rounding by its middle."""
    z = (low + high) / 2 + (high - low) / 2 * _POINTS
    values = np.stack([phi.value(z), phi.slope(z)])
    if not np.all(np.isfinite(values)):
        return False
    np.maximum(sizes, np.max(np.abs(values), axis=1), out=sizes)
    return bool(np.all(np.max(np.abs(values @ _TAIL.T), axis=1) <= _RESOLVED * sizes))


_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(_NODES)
_ORDERS = np.arange(_NODES)
_SERIES = (2 * _ORDERS[:, None] + 1) / 2 * np.polynomial.legendre.legvander(_POINTS, _NODES - 1).T * _WEIGHTS
_TAIL = _SERIES[_NODES // 2 + 1 :]
"""Takes values at the points of a panel to the upper coefficients of their Legendre series."""


def _converging(phi: Phi, cuts: np.ndarray, deviations: float, largest: float) -> float:
    """Returns the largest variance at which the integrand has died out well inside the reach."""
    found = 0.0
    for q in np.geomspace(1e-24, largest, 400):
        g = np.linspace(-deviations, deviations, 241)
        with np.errstate(all="ignore"):
            squares = np.maximum(phi.value(math.sqrt(q) * g) ** 2, phi.slope(math.sqrt(q) * g) ** 2)
            weighed = np.log(squares) - g * g / 2
        if np.any(np.isnan(weighed) | np.isposinf(weighed)):
            break
        edge = max(float(weighed[0]), float(weighed[-1]))
        if edge > float(np.max(weighed)) - 36.0 or float(np.max(weighed)) > 2 * math.log(_LARGEST):
            break
        found = float(q)
    return found
