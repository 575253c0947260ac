"""Numbers as people read them: three significant digits and a true exponent.

0.03, 0.0015, 1.44×10⁻¹⁴. Rounding to three digits also removes the noise of binary fractions (0.030000000000000002 is
0.03). Exact zero is "0" and nothing else is; there is no "-0"; NaN and the infinities have words of their own. A whole
number of up to five digits is printed whole, because counts are not measurements. Half a digit is rounded away from 0,
as people round and as `vgdesk.present.shown_arithmetic` checks: 3.125 is 3.13.
"""

import math
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context
from typing import NamedTuple

from vgdesk.spec.digits import raised

DIGITS = 3
HOVER_DIGITS = 4
"""One more than on axes and labels, where several numbers are told together; a single one has all behind it."""
_FIXED = range(-4, 3)
"""Powers of ten that are written out; 0.000123 is still easier to read than 1.23×10⁻⁴."""
_LARGEST_WHOLE = 99_999
_FREE_OF_NOISE = 15
"""So many digits of a decimal fraction survive in float64; 3.1249999999999996 is a product that should be 3.125."""


class ShownNumber(NamedTuple):
    """Is a number ready to be spelled: sign, digits, and a power of ten or None.

    `digits` is "NaN" or "∞" where there are none.
    """

    is_negative: bool
    digits: str
    exponent: int | None

    @property
    def is_finite(self) -> bool:
        """Says whether `digits` are digits."""
        return self.digits not in ("NaN", "∞")


def shown_number(value: float, digits: int = DIGITS) -> ShownNumber:
    """Rounds `value` for the eye to that many significant digits."""
    if math.isnan(value):
        return ShownNumber(False, "NaN", None)
    if math.isinf(value):
        return ShownNumber(value < 0, "∞", None)
    is_negative, magnitude = value < 0, abs(value)
    if magnitude <= _LARGEST_WHOLE and magnitude == int(magnitude):
        return ShownNumber(is_negative, str(int(magnitude)), None)
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(_free_of_noise(magnitude, digits))
    exponent = rounded.adjusted()
    if exponent in _FIXED:
        return ShownNumber(is_negative, _without_zeros(f"{rounded:.{max(0, digits - 1 - exponent)}f}"), None)
    return ShownNumber(is_negative, _without_zeros(f"{rounded.scaleb(-exponent):f}"), exponent)


def number_text(value: float, digits: int = DIGITS) -> str:
    """Returns the number in Unicode: "0.03", "1.44×10⁻¹⁴", "−∞", "NaN"."""
    shown = shown_number(value, digits)
    power = "" if shown.exponent is None else "×10" + raised(shown.exponent)
    return ("−" if shown.is_negative else "") + shown.digits + power


def bound_text(value: float, digits: int = DIGITS) -> str:
    """Returns an upper bound of a positive number: rounded up, for 2.2×10⁻¹⁶ is not "≤ 2×10⁻¹⁶"."""
    if not math.isfinite(value):
        return number_text(value, digits)
    rounded = Context(prec=digits, rounding=ROUND_CEILING).create_decimal(_free_of_noise(value, digits))
    return number_text(float(rounded), digits)


def hover_text(value: float) -> str:
    """Returns the number for a tooltip or a value tag; every such number is written by this, or from it."""
    return number_text(value, HOVER_DIGITS)


def whole_text(value: float) -> str:
    """Returns the one number that is pointed at, for reading and in its shortest exact digits: "2.303 (2.30258...)"."""
    return with_digits(hover_text(value), repr(value))


def with_digits(shown: str, whole: str) -> str:
    """Returns a number for reading, with all its digits behind it where it has more than those of `hover_text`."""
    digits = whole.partition("e")[0].lstrip("-").replace(".", "").strip("0")
    return f"{shown} ({whole})" if len(digits) > HOVER_DIGITS else shown


def _free_of_noise(magnitude: float, digits: int) -> str:
    return f"{magnitude:.{max(_FREE_OF_NOISE, digits) - 1}e}"


def _without_zeros(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
