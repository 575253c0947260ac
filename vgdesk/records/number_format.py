"""What a number format would have stored of a magnitude that the record holds exactly.

A format with p digits of precision, hidden one included, and exponents from e_min to e_max stores x > 0 as

    normal      for  2^e_min <= x,  p significant binary digits
    subnormal   for  2^(e_min - p) < x < 2^e_min,  a multiple of 2^(e_min - p + 1), with fewer digits the smaller it is
    zero        for  x <= 2^(e_min - p): half of the smallest subnormal and less rounds to 0 (ties go to even)
    infinite    for  x >= (2 - 2^-p) 2^e_max: halfway from the largest number to the next power of two, and more

as IEEE 754-2019 prescribes for rounding to nearest (sections 3.3 and 4.3.1). A value that rounds up to 2^e_min is
stored as a normal number and called one here.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

_LOG10_2 = math.log10(2.0)
_LOG10_QUARTILE = math.log10(NormalDist().inv_cdf(0.75))


class NumberFormat(NamedTuple):
    """Is a binary format: binary digits of precision, smallest and largest exponent of normal numbers."""

    precision: int
    smallest: int
    largest: int

    @property
    def log10_zero(self) -> float:
        """log10 of the largest magnitude that is stored as 0."""
        return (self.smallest - self.precision) * _LOG10_2

    @property
    def log10_half_zero(self) -> float:
        """log10 of the largest root mean square of numbers scattered normally around 0, of which half are stored as 0.

        The share below x is erf(x / (sigma sqrt 2)), and half of all lie within 0.674 sigma.
        """
        return self.log10_zero - _LOG10_QUARTILE

    @property
    def log10_normal(self) -> float:
        """log10 of the smallest magnitude that is stored as a normal number: halfway to 2^e_min from below."""
        return math.log10(1.0 - 2.0**-self.precision) + self.smallest * _LOG10_2

    @property
    def log10_infinite(self) -> float:
        """log10 of the smallest magnitude that is stored as infinity."""
        return math.log10(2.0 - 2.0**-self.precision) + self.largest * _LOG10_2


FORMATS = {
    "float16": NumberFormat(11, -14, 15),
    "bfloat16": NumberFormat(8, -126, 127),
    "float32": NumberFormat(24, -126, 127),
    "float64": NumberFormat(53, -1022, 1023),
}


def stored(log10: float, number_format: str) -> str:
    """Returns what becomes of the magnitude 10^log10: "normal", "subnormal", "zero" or "infinite".

    Parameters
    ----------
    log10
        Decimal logarithm; -inf (an exact zero) stays "zero".
    number_format
        One of `FORMATS`.

    Raises
    ------
    ValueError
        When the magnitude is nan, which is no magnitude.
    """
    limits = FORMATS[number_format]
    if math.isnan(log10):
        raise ValueError("nan is no magnitude")
    if log10 >= limits.log10_infinite:
        return "infinite"
    if log10 >= limits.log10_normal:
        return "normal"
    return "subnormal" if log10 > limits.log10_zero else "zero"
