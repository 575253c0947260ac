"""Numbers have three significant digits and a true exponent; zero, NaN and infinity are unmistakable."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vgdesk.present.formula import number_text

_PLAIN = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0015, "0.0015"),
        (0.030000000000000002, "0.03"),
        (0.04999999, "0.05"),
        (1.44e-14, "1.44×10⁻¹⁴"),
        (0.1244, "0.124"),
        (2.0, "2"),
        (1797.0, "1797"),
        (1234.5, "1.23×10³"),
        (999.96, "1×10³"),
        (0.00009996, "0.0001"),
        (-0.476190476, "−0.476"),
        (3.125, "3.13"),
        (3.135, "3.14"),
        (-0.01205, "−0.0121"),
        (0.241 * 0.05, "0.0121"),
        (3.1249999999999996, "3.13"),
        (3.1249999999, "3.12"),
        (9.995, "10"),
        (100.5, "101"),
        (123456789.0, "1.23×10⁸"),
        (5e-324, "4.94×10⁻³²⁴"),
        (-0.0001235, "−0.000124"),
        (3.12499, "3.12"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_number_is_printed_as_people_write_it(value: float, text: str):
    assert number_text(value) == text


@given(st.floats(min_value=-1.79e308, max_value=1.79e308))
def test_printed_number_is_the_number_to_three_digits(value: float):
    mantissa, _, exponent = number_text(value).translate(_PLAIN).partition("×10")
    assert float(f"{mantissa}e{exponent or 0}") == pytest.approx(value, rel=5.1e-3, abs=0)


@given(st.floats())
def test_only_zero_looks_like_zero(value: float):
    assert (number_text(value) in ("0", "−0")) == (value == 0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_digits_end_without_zeros_and_are_at_most_three(value: float):
    assume(value != int(value) or abs(value) > 99_999)
    digits = number_text(value).partition("×")[0].lstrip("−")
    assert len(digits.replace(".", "").lstrip("0")) <= 3
    assert not ("." in digits and digits.endswith(("0", ".")))
