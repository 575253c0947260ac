"""Covariances beyond what float64 holds: K = K' 4^e with K' in a band of numbers, e whole.

A deep network multiplies the variance of z by nearly the same number at every layer, and after some hundred layers it
is 1e-400 or 1e500. Inside the band, 4^-100 to 4^100 (1e-60 to 1e60), e is 0 and nothing is changed. Beyond it K' is
kept *at its edge*, where every activation has become what it is at the very end, a constant or lines
(`vgdesk.theory.lines`), to 1e-30. So its moments, taken at K', are those at K but for a power of 4^e: of E[phi phi] 1
for lines and 0 for a constant, of E[phi' phi'] 0. Powers of two are exact, so nothing is rounded on the way.
"""

import math

import numpy as np

EDGE = 100
"""e is 0 where the mean variance is between 4^-EDGE and 4^EDGE."""
LN_4 = math.log(4.0)
_LOWEST, _HIGHEST = 4.0**-EDGE, 4.0**EDGE


def at_edge(K: np.ndarray, exponent: int) -> tuple[np.ndarray, int]:
    """Returns K' and e of K 4^exponent; 0 and what is no number stay as they are, without an exponent."""
    q = float(K.trace()) / len(K)
    if exponent == 0 and _LOWEST <= q <= _HIGHEST:
        return K, 0
    if q <= 0.0 or not math.isfinite(q):
        return K, 0
    power = half_exponent(q) + exponent
    wanted = power - min(max(power, -EDGE), EDGE)
    return rescaled(K, exponent, wanted), wanted


def half_exponent(q: float) -> int:
    """Returns the p with 4^p <= q < 4^(p+1), of q > 0."""
    return (math.frexp(q)[1] - 1) // 2


def rescaled(K: np.ndarray, exponent: int | np.ndarray, wanted: int) -> np.ndarray:
    """Returns the numbers K 4^exponent in units of 4^wanted; too small ones are 0, too large ones infinite."""
    is_same = exponent == wanted
    # of whole numbers, which deep networks ask about a thousand times, no array is made
    if is_same if isinstance(is_same, bool) else np.all(is_same):
        return K
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(K, 2 * (exponent - wanted))


def with_bias(K: np.ndarray, exponent: int, bias: float) -> tuple[np.ndarray, int]:
    """Returns K 4^exponent + bias, in units of the larger one: the other may be nothing beside it."""
    if exponent == 0 or bias == 0.0:
        return K + bias, exponent
    common = max(exponent, half_exponent(bias)) if float(K.trace()) > 0.0 else half_exponent(bias)
    return rescaled(K, exponent, common) + math.ldexp(bias, -2 * common), common


def log10_of(q: float, exponent: int) -> float:
    """Returns log10 of q 4^exponent; -inf of 0."""
    return math.log10(q) + exponent * math.log10(4.0) if q > 0.0 else -math.inf
