"""Mean field: what becomes of the variance q of the preactivations from layer to layer, and where it settles.

    variance map   q' = sigma_w^2 E[phi(z)^2] + sigma_b^2,  z ~ N(0, q)          Poole et al. 2016, eq. 3
    chi_1          sigma_w^2 E[phi'^2]: factor of E|delta|^2 per layer            Schoenholz et al. 2017, eq. 12
    chi_q          sigma_w^2 E[phi'^2 + phi phi'']: slope of the variance map     eq. 6 there, in q
    depth scales   xi_q = -1 / ln chi_q,   xi_grad = -1 / ln chi_1 (negative: gradients explode)
                   xi_c = xi_grad where chi_1 <= 1 and phi has no jump, else from c* (`vgdesk.theory.correlation`)

E[phi^2] grows with q for every activation of the catalogue. So the iteration moves in one direction only: from q0 it
ends in the next fixed point above where the map lies above the diagonal, else in the next one below. Nothing is
iterated to find out. A fixed point is stable where the map crosses the diagonal from above; chi_q > 1 means that it
does not. Of a formula of one's own E[phi^2] may fall, e.g. of exp(-z^2); then the iteration may step across a fixed
point and is followed. It cannot end in a cycle, and chi_q >= -1/2, for

    d ln E[phi^2] / d ln q = E[(g^2 - 1) phi^2] / (2 E[phi^2]) >= -1/2

so that the map of ln q never falls as steeply as a cycle of two would need, and without one of two there is none.
"""

import msgspec

from vgdesk.spec.base import require_finite
from vgdesk.spec.mixture import settled
from vgdesk.theory.activations import LARGEST_VARIANCE, largest_variance, limit_words
from vgdesk.theory.fixed_point import FixedPoint, fixed_point
from vgdesk.theory.jumps import has_jump
from vgdesk.theory.map_roots import map_roots
from vgdesk.theory.variance_map import NOTHING, grows, require_sigmas, variance_map

_MOST_STEPS = 2000
_JUMP = (
    "the activation jumps: χ₁ is the factor of the gradient, which leaves the jump out; the correlation map is "
    "infinitely steep at c = 1, so that two inputs that are almost alike part"
)
_UNSTABLE = "q0 is an unstable fixed point: the slightest change leads away from it"


class MeanField(msgspec.Struct, frozen=True, kw_only=True):
    """Tells where the variance can settle and where it does.

    Attributes
    ----------
    fixed_points
        All of them, the smallest variance first.
    reached
        The one in which the iteration from q0 ends, or None.
    reason
        Why none is reached, or what is special about the one that is or about the activation; else empty.
    """

    activation: str
    sigma_w: float
    sigma_b: float
    q0: float
    fixed_points: tuple[FixedPoint, ...]
    reached: FixedPoint | None
    reason: str = ""


def mean_field(activation: str, sigma_w: float, sigma_b: float, q0: float = 1.0) -> MeanField:
    """Returns all fixed points of the variance map and the one that is reached from `q0`.

    Where the moments of a formula end below `q0` none is reached, and the reason says up to where they are known.

    Raises
    ------
    SpecError
        Unknown activation, or a number that is not finite or out of range.
    """
    require_sigmas(activation, sigma_w, sigma_b)
    require_finite("q0", q0, 0.0, LARGEST_VARIANCE)
    activation = settled(activation)
    roots, is_line = map_roots(activation, sigma_w, sigma_b, q0)
    points = tuple(fixed_point(activation, sigma_w, sigma_b, root.q, root.stable) for root in roots)
    follow = _beyond if q0 > largest_variance(activation) else _reached if grows(activation) else _followed
    reached, reason = follow(activation, sigma_w, sigma_b, q0, points)
    if is_line:
        reason = "every variance is a fixed point here; listed is the one at q0"
    return MeanField(
        activation=activation,
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        q0=q0,
        fixed_points=points,
        reached=reached,
        reason="; ".join(filter(None, (reason, _JUMP * (sigma_w > 0.0 and has_jump(activation))))),
    )


def _beyond(
    activation: str, sigma_w: float, sigma_b: float, q0: float, points: tuple[FixedPoint, ...]
) -> tuple[None, str]:
    """Says that the iteration cannot begin: at q0 there are no moments."""
    reason = f": {limit_words(activation)}" if limit_words(activation) else ""
    return None, f"moments are known for q from 0 to {largest_variance(activation):.6g}, not at q0 = {q0:g}{reason}"


def _reached(
    activation: str, sigma_w: float, sigma_b: float, q0: float, points: tuple[FixedPoint, ...]
) -> tuple[FixedPoint | None, str]:
    """Follows the one direction in which the variance moves from q0."""
    drift = float(variance_map(activation, sigma_w, sigma_b, q0)[0]) - q0
    here = [point for point in points if abs(point.q - q0) <= 1e-9 * q0]
    # 1e-25: at q0 = 0 the moments are those of a variance of 1e-30
    if here and abs(drift) <= max(1e-9 * q0, 1e-25):
        return here[0], "" if here[0].stable else _UNSTABLE
    onward = [p for p in points if p.q > q0] if drift > 0 else [p for p in reversed(points) if p.q < q0]
    if onward:
        others = sum(point.stable for point in points)
        return onward[0], f"{others} fixed points are stable: q0 decides in which one it ends" if others > 1 else ""
    return None, _no_end(activation, q0)


def _no_end(activation: str, q0: float) -> str:
    """Returns what is said where the map lies above the diagonal from q0 on."""
    reason = limit_words(activation)
    if reason:
        largest = largest_variance(activation)
        return f"from q0 = {q0:g} the variance grows beyond {largest:.4g}, where moments end: {reason}"
    return (
        f"the variance grows without bound: from q0 = {q0:g} on σ_w² E[φ²] + σ_b² exceeds q at every q, "
        "so the iteration has no end"
    )


def _followed(
    activation: str, sigma_w: float, sigma_b: float, q0: float, points: tuple[FixedPoint, ...]
) -> tuple[FixedPoint | None, str]:
    """Follows the iteration of a map that is not monotone."""
    q = q0
    for _ in range(_MOST_STEPS):
        before, q = q, float(variance_map(activation, sigma_w, sigma_b, q)[0])
        if q > largest_variance(activation):
            return None, _no_end(activation, q0)
        if abs(q - before) <= 1e-9 * q:
            break
    near = min(points, key=lambda point: abs(point.q - q), default=None)
    if near is None or abs(near.q - q) > 1e-2 * max(near.q, NOTHING):
        return None, f"the variance still moves, at q = {q:.4g}, after {_MOST_STEPS} layers"
    return near, "" if near.stable else _UNSTABLE
