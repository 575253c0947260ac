"""What a format stores is what NumPy stores; bfloat16 shares float32's range."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.records.number_format import FORMATS, stored


def by_numpy(value: float, number_format: str) -> str:
    with np.errstate(all="ignore"):
        cast = np.dtype(number_format).type(value)
    if not np.isfinite(cast):
        return "infinite"
    if cast == 0:
        return "zero"
    return "normal" if cast >= np.finfo(cast.dtype).tiny else "subnormal"


@pytest.mark.parametrize("number_format", ["float16", "float32"])
@given(log10=st.floats(-60, 60))
def test_magnitudes_become_what_numpy_makes_of_them(number_format: str, log10: float):
    value = 10.0**log10
    assert stored(math.log10(value), number_format) == by_numpy(value, number_format)


@pytest.mark.parametrize(
    ("number_format", "exponent", "below", "above"),
    [
        ("float16", -25, "zero", "subnormal"),
        ("float16", 16, "normal", "infinite"),
        ("bfloat16", -134, "zero", "subnormal"),
        ("bfloat16", -126, "subnormal", "normal"),
        ("float32", -150, "zero", "subnormal"),
        ("float32", 128, "normal", "infinite"),
    ],
)
def test_limits_lie_where_the_standard_puts_them(number_format: str, exponent: int, below: str, above: str):
    half_a_digit = 2.0 ** -(FORMATS[number_format].precision - 1)
    low, high = (math.log10(math.ldexp(1.0 + share, exponent)) for share in (-half_a_digit, half_a_digit))
    assert (stored(low, number_format), stored(high, number_format)) == (below, above)


@pytest.mark.parametrize("number_format", FORMATS)
def test_far_outside_only_zero_and_infinity_are_left(number_format: str):
    assert [stored(log10, number_format) for log10 in (-math.inf, -5000.0, 0.0, 5000.0, math.inf)] == [
        "zero",
        "zero",
        "normal",
        "infinite",
        "infinite",
    ]


def test_nan_is_no_magnitude():
    with pytest.raises(ValueError, match="nan"):
        stored(math.nan, "float32")
