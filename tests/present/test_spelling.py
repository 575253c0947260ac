"""Magnitudes are spelt with three digits and a true exponent; what is no number says so."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.present.spelling import decimal_text, magnitude_text, power_text


@pytest.mark.parametrize(
    ("log10", "text"),
    [
        (math.log10(1.35e-14), "1.35×10⁻¹⁴"),
        (0.0, "1.00"),
        (math.log10(9.999), "1.00×10¹"),
        (-400.0, "1.00×10⁻⁴⁰⁰"),
        (1234.5, "3.16×10¹²³⁴"),
        (-math.inf, "exactly 0"),
        (math.inf, "infinite"),
        (math.nan, "not a number"),
    ],
)
def test_magnitude_reads_like_a_sentence(log10: float, text: str):
    assert magnitude_text(log10) == text


def test_axis_label_is_a_power_of_ten():
    assert [power_text(k) for k in (-14.0, 0.0, 60.0)] == ["10⁻¹⁴", "10⁰", "10⁶⁰"]


@given(st.floats(-300, 300))
def test_decimal_text_reads_back_to_the_magnitude(log10: float):
    # a float64 logarithm of 300 is known to 6e-14, hence its power to 1.3e-13
    assert float(decimal_text(log10)) == pytest.approx(10.0**log10, rel=1e-12, abs=0)


@pytest.mark.parametrize("log10", [-5000.3, -307.5, 308.4, 5000.3])
def test_decimal_text_keeps_an_exponent_no_float_has(log10: float):
    mantissa, exponent = decimal_text(log10).split("e")
    assert int(exponent) + math.log10(float(mantissa)) == pytest.approx(log10, abs=1e-11)


def test_decimal_text_of_no_number_is_what_python_reads():
    assert [decimal_text(x) for x in (-math.inf, math.inf, math.nan)] == ["0", "inf", "nan"]
