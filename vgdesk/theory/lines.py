"""What an activation is very near 0 and very far out: on either side of 0 a straight line, a constant, or neither.

    near    tanh z = z, silu z = z / 2, elu(alpha) z above 0 and alpha z below    left out is |z| and smaller
            sigmoid 1/2, softplus ln 2                                            a constant, beside which z is nothing
    far     softplus, silu, gelu, elu: z above 0 and 0 below                      left out is 1/|z| and smaller

Two lines through 0 scale exactly, phi(c z) = c phi(z) for c > 0, and so do all their moments: E[phi^2] is proportional
to q, E[phi'^2] the same at every q. So a signal whose variance leaves float64 needs its exponent only
(`vgdesk.theory.exponents`).
Nothing is known of a formula but its values, so all are asked alike.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vgdesk.spec.activation import FORMULA, facts_of
from vgdesk.spec.mixture import parts_of
from vgdesk.theory.activations import LARGEST_OWN, largest_variance, limit_words, phi_of

SMALLEST_VARIANCE = 1e-30
"""Below it phi is its lines through 0, if it has such; if not, the moments no longer change, and 0 has the limit."""
_NEAR = np.array([1e-30, 1e-20])
_EVERYWHERE = np.geomspace(1e-30, 1e14, 44 * 40)
_FAR = np.array([1e40, 1e60])
_CONSTANT = 1e-18
"""A larger value next to 0 is a constant, at whose size z is no longer seen."""
_FAR_OUT = 1e50
"""From this variance on an activation that is lines far out is nothing else to the last digit."""
_SAME = 1e-9
_ROUNDING = 1e-14


class Line(NamedTuple):
    """Is phi(z) = above z for z > 0 and below z for z < 0."""

    above: float
    below: float


@lru_cache(maxsize=400)
def line_near_zero(activation: str) -> Line | None:
    """Returns the two lines through 0 that phi is at |z| < 1e-15, or None where it is a constant there or bends."""
    phi = phi_of(activation)
    with np.errstate(all="ignore"):
        values = np.stack([phi.value(_NEAR), phi.value(-_NEAR)])
        slopes = np.stack([phi.slope(_NEAR), phi.slope(-_NEAR)])
    if not all(_is_one_number(slope) for slope in slopes) or np.any(np.abs(values) >= _constant(slopes)):
        return None
    return Line(float(slopes[0][0]), float(slopes[1][0]))


@lru_cache(maxsize=400)
def line_everywhere(activation: str) -> Line | None:
    """Returns the two lines through 0 that phi is at every z, None where it is anything else.

    A formula is one without a corner but at 0 whose values, many to an octave, are those of the lines to rounding.
    """
    line = line_near_zero(activation)
    kinks = facts_of(activation).kinks
    if line is None or not any(line) or any(kinks) or largest_variance(activation) < LARGEST_OWN:
        return None
    phi = phi_of(activation)
    with np.errstate(all="ignore"):
        sides = np.stack([phi.value(_EVERYWHERE) / _EVERYWHERE, -phi.value(-_EVERYWHERE) / _EVERYWHERE])
        slopes = np.stack([phi.slope(_EVERYWHERE), phi.slope(-_EVERYWHERE)])
    apart = np.abs(np.stack([sides, slopes]) - np.array(line)[:, None])
    return line if np.all(apart <= _ROUNDING * max(map(abs, line))) else None


@lru_cache(maxsize=400)
def is_constant_near_zero(activation: str) -> bool:
    """Whether phi next to 0 is finite and not 0, so that z is nothing beside it."""
    if line_near_zero(activation) is not None:
        return False
    with np.errstate(all="ignore"):
        values = phi_of(activation).value(np.concatenate([_NEAR, -_NEAR]))
    return bool(np.all(np.isfinite(values)) and np.any(np.abs(values) >= _CONSTANT))


def _constant(slopes: np.ndarray) -> np.ndarray:
    """Returns from where on a value next to 0 is a constant: also a steep line has values there."""
    return np.maximum(_CONSTANT, 2.0 * np.abs(slopes) * _NEAR)


@lru_cache(maxsize=400)
def line_far_out(activation: str) -> Line | None:
    """Returns the two lines that phi is at |z| > 1e25, one of which may lie flat; None where both do or phi bends."""
    phi = phi_of(activation)
    with np.errstate(all="ignore"):
        sides = np.stack([phi.value(_FAR) / _FAR, -phi.value(-_FAR) / _FAR])
    steepest = float(np.max(np.abs(sides[:, 1])))
    if not np.all(np.isfinite(sides)) or steepest <= _SAME:
        return None
    if np.any(np.abs(sides[:, 0] - sides[:, 1]) > _SAME * steepest):
        return None
    return Line(*(float(side) if abs(side) > _SAME * steepest else 0.0 for side in sides[:, 1]))


def power_near_zero(activation: str) -> int | None:
    """Returns p of phi ~ z^p as z goes to 0: 1 of lines, 0 of a constant, None of others and of a mixture with such."""
    names = [name for name, _ in parts_of(activation)]
    if any(is_constant_near_zero(name) for name in names):
        return 0
    return 1 if all(line_near_zero(name) is not None for name in names) else None


def line_at(activation: str, q: float) -> Line | None:
    """Returns the lines that phi is at this variance, so small or so large; else None."""
    if q < SMALLEST_VARIANCE:
        return line_near_zero(activation)
    far = LARGEST_OWN if activation.startswith(FORMULA) else _FAR_OUT
    return line_far_out(activation) if q > far else None


def has_known_moments(activation: str, q: float) -> bool:
    """Whether pairs of phi can be had at this variance: its integrals reach so far, or it is lines there."""
    if q <= largest_variance(activation):
        return True
    return not limit_words(activation) and line_far_out(activation) is not None


def grows_as_a_line(activation: str) -> bool:
    """Whether phi, or one activation of a mixture while no other outgrows it, is a straight line far out."""
    names = [name for name, _ in parts_of(activation)]
    is_line = [line_far_out(name) is not None for name in names]
    return any(is_line) and all(line or _is_outgrown(name) for line, name in zip(is_line, names, strict=True))


@lru_cache(maxsize=400)
def _is_outgrown(activation: str) -> bool:
    """Whether phi far out is nothing beside a straight line."""
    with np.errstate(all="ignore"):
        values = phi_of(activation).value(np.concatenate([_FAR, -_FAR]))
    return bool(np.all(np.abs(values) <= _SAME * _FAR[0]))


def _is_one_number(slopes: np.ndarray) -> bool:
    """Whether a slope is the same at both places; next to 0 one that is 0 must be so exactly, not as that of z^2."""
    return bool(np.all(np.isfinite(slopes)) and abs(slopes[0] - slopes[1]) <= _SAME * abs(slopes[1]))
