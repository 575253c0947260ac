"""A fixed point of the variance map: its slopes, and over how many layers anything dies out or grows there."""

import math

import msgspec

from vgdesk.theory.correlation import correlation_fixed_point, correlation_slope
from vgdesk.theory.jumps import has_jump
from vgdesk.theory.moments import moments_at
from vgdesk.theory.variance_map import SAME


class FixedPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Is a variance that the map leaves as it is.

    Attributes
    ----------
    q
        The variance.
    chi_1
        Factor of E|delta|^2 per layer, backwards; it leaves out jumps of phi, as autograd does.
    chi_q
        Slope of the variance map.
    stable
        Whether the iteration stays there: slight changes of q do not grow.
    xi_q, xi_c, xi_grad
        Depth scales in layers; infinite at criticality, negative where something grows. xi_c is None where there is no
        correlation to speak of: at q = 0.
    c_star
        Correlation in which two inputs end, None as for xi_c.
    """

    q: float
    chi_1: float
    chi_q: float
    stable: bool
    xi_q: float
    xi_c: float | None
    xi_grad: float
    c_star: float | None = None


def depth_scale(chi: float) -> float:
    """Returns -1 / ln |chi|: 0 for chi = 0, infinite for chi = 1, negative above.

    Where chi is negative, what deviates changes its sign from layer to layer.
    """
    if chi == 0.0:
        return 0.0
    return math.inf if abs(chi - 1.0) < SAME else -1.0 / math.log(abs(chi))


def fixed_point(activation: str, sigma_w: float, sigma_b: float, q: float, stable: bool) -> FixedPoint:
    """Returns a fixed point with its slopes and depth scales."""
    at = moments_at(activation, q)
    chi_1, chi_q = sigma_w**2 * at.slope_square, sigma_w**2 * (at.slope_square + at.curvature)
    c_star, xi_c = None, None
    if q > 0.0:
        c_star, chi_c = 1.0, chi_1
        if chi_1 > 1.0 + SAME or (sigma_w > 0.0 and has_jump(activation)):
            c_star = correlation_fixed_point(activation, sigma_w, sigma_b, q)
            chi_c = correlation_slope(activation, sigma_w, q, c_star)
        xi_c = depth_scale(chi_c)
    return FixedPoint(
        q=q,
        chi_1=chi_1,
        chi_q=chi_q,
        stable=stable,
        xi_q=depth_scale(chi_q),
        xi_c=xi_c,
        xi_grad=depth_scale(chi_1),
        c_star=c_star,
    )
