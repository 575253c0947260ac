"""Where a formula of one's own jumps, and what that does to two inputs that are almost alike.

phi' has a delta h_i at every jump k_i, which autograd and chi_1 = sigma_w^2 E[phi'^2] leave out. The slope of the
correlation map does not: with p the density of z at k_i, and p_ij that of the pair (z_1, z_2) at (k_i, k_j),

    C'(c) = sigma_w^2 (E[phi'(z_1) phi'(z_2)] + 2 sum_i h_i p(k_i) E[phi'(z_2) | z_1 = k_i] + sum_ij h_i h_j p_ij)

(Price 1958, whose theorem holds for distributions, too). p_ii grows like 1 / sqrt(1 - c^2), so that C'(1) is infinite:
two inputs that are almost alike are torn apart, and c* = 1 is never where they end.
"""

import math
from functools import lru_cache

import numpy as np

from vgdesk.spec.activation import FORMULA, facts_of
from vgdesk.spec.mixture import parts_of
from vgdesk.theory.activations import phi_of
from vgdesk.theory.quadrature import gaussian_nodes

_NEAR, _FAR = 1e-10, 1e-7
"""Beside a kink, whose last digits are unsure; what is continuous differs a thousand times less over the nearer one."""
_ROUNDING = 1e-9


@lru_cache(maxsize=200)
def jumps_of(activation: str) -> tuple[tuple[float, float], ...]:
    """Returns the places at which an activation jumps, each with its height; only a formula does."""
    if not activation.startswith(FORMULA):
        return ()
    found: list[tuple[float, float]] = []
    for kink in filter(math.isfinite, facts_of(activation).kinks):
        steps = np.array([_NEAR, _FAR, 1.0]) * max(1.0, abs(kink))
        with np.errstate(all="ignore"):
            below, above = phi_of(activation).value(np.stack([kink - steps, kink + steps]))
        near, far = (above - below)[:2].tolist()
        size = float(np.nanmax(np.abs([below, above])))
        if abs(near) > max(_ROUNDING * size, abs(far) / 2):
            found.append((kink, near))
    return tuple(found)


def has_jump(activation: str) -> bool:
    """Whether an activation, or one of a mixture, jumps anywhere."""
    return any(jumps_of(name) for name, _ in parts_of(activation))


def jump_share(activation: str, q: float, c: float) -> float:
    """Returns what jumps add to E[phi'(z_1) phi'(z_2)] at 0 <= c < 1; of a mixture the mean over the units."""
    return sum(share * _share(name, q, c) for name, share in parts_of(activation))


def _share(activation: str, q: float, c: float) -> float:
    jumps = jumps_of(activation)
    if not jumps:
        return 0.0
    places, heights = np.array(jumps).T
    spread = q * (1.0 - c * c)
    density = np.exp(-places * places / (2 * q)) / math.sqrt(2 * math.pi * q)
    at = gaussian_nodes(activation, np.full(len(places), spread), c * places)
    slopes = at.mean(phi_of(activation).slope(at.z))
    distances = places[:, None] - c * places
    pairs = density * np.exp(-(distances**2) / (2 * spread)) / math.sqrt(2 * math.pi * spread)
    return float(2 * (heights * density) @ slopes + heights @ pairs @ heights)
