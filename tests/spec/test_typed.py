"""Numbers as people type them."""

import math

import pytest

from vgdesk.spec.typed import real_number, whole_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10.0),
        (" -0.5 ", -0.5),
        (".5", 0.5),
        ("3.", 3.0),
        ("+1E-3", 1e-3),
        ("1e999", math.inf),
        ("-inf", -math.inf),
    ],
)
def test_a_typed_number_is_read(text: str, value: float):
    assert real_number(text) == value


@pytest.mark.parametrize("text", ["1_0", "١", "0x10", "infinite", "", "1 0", "1e", "--1"])
def test_what_only_python_takes_for_a_number_is_none(text: str):
    with pytest.raises(ValueError, match="is no number"):
        real_number(text)


@pytest.mark.parametrize("text", ["1_0", "٣", "1.0", "1e3", ""])
def test_whole_numbers_have_digits_only(text: str):
    assert whole_number(" -12 ") == -12
    with pytest.raises(ValueError, match="is no whole number"):
        whole_number(text)
