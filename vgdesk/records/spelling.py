"""How magnitudes are written in sentences, labels and tables, given their log10.

Working from the logarithm, a value far outside the range of a float64 (1e-400) is still written truly. An exact zero
(-inf), NaN and infinity have words of their own: none of them looks like a small number.
"""

import math

from vgdesk.spec.digits import raised

_FLOAT64_DECADES = 307


def power_text(exponent: float) -> str:
    """Returns an axis label such as "10⁻¹⁴" (an exponent between whole decades keeps its decimals: "10^−0.5")."""
    if exponent != int(exponent):
        return f"10^{exponent:g}".replace("-", "−")
    return f"10{raised(int(exponent))}"


def magnitude_text(log10: float, digits: int = 3) -> str:
    """Returns the magnitude 10^log10 for a sentence: "1.35×10⁻¹⁴", "exactly 0", "not a number", "infinite".

    Parameters
    ----------
    log10
        Decimal logarithm; -inf means exactly zero.
    digits
        Significant digits.
    """
    word = word_for(log10)
    if word:
        return word
    mantissa, exponent = _mantissa(log10, digits)
    return f"{mantissa}×{power_text(exponent)}" if exponent else mantissa


def decimal_text(log10: float) -> str:
    """Returns the magnitude as a program reads it, e.g. "1.44123456789012e-14"; "0", "nan" and "inf" where it is that.

    Fifteen significant digits: a float64 logarithm of a small number carries no more.
    """
    if not math.isfinite(log10):
        return {-math.inf: "0", math.inf: "inf"}.get(log10, "nan")
    if abs(log10) < _FLOAT64_DECADES:
        return f"{10.0**log10:.15g}"
    mantissa, exponent = _mantissa(log10, 15)
    return f"{mantissa}e{exponent:+d}"


def word_for(log10: float) -> str:
    """Returns the words for a value that is not an ordinary number, else ""."""
    if math.isnan(log10):
        return "not a number"
    if math.isinf(log10):
        return "infinite" if log10 > 0 else "exactly 0"
    return ""


def _mantissa(log10: float, digits: int) -> tuple[str, int]:
    exponent = math.floor(log10)
    text = f"{10.0 ** (log10 - exponent):.{digits - 1}f}"
    return (f"{1:.{digits - 1}f}", exponent + 1) if text.startswith("10") else (text, exponent)
