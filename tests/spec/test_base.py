"""Checks speak in one sentence that names field, value and range."""

import math

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.base import require_choice, require_finite, require_integer


def sentence_of(check: object, *arguments: object) -> str:
    with pytest.raises(SpecError) as caught:
        check(*arguments)  # pyright: ignore[reportCallIssue]
    return str(caught.value)


def test_closed_choice_lists_its_alternatives():
    assert sentence_of(require_choice, "loss", "mae", ("mse", "bce")) == "loss must be one of mse, bce; got 'mae'"


@pytest.mark.parametrize("value", [0, 11, 1.0, "3", True, None])
def test_integer_names_field_value_and_range(value: object):
    assert (
        sentence_of(require_integer, "width", value, 1, 10) == f"width must be an integer from 1 to 10, got {value!r}"
    )


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.5, 2.5, "1", None])
def test_number_names_field_value_and_range(value: object):
    assert (
        sentence_of(require_finite, "gain", value, 0, 2) == f"gain must be a finite number from 0 to 2, got {value!r}"
    )


def test_unbounded_number_names_no_range():
    assert sentence_of(require_finite, "gain", math.nan) == "gain must be a finite number, got nan"


def test_allowed_values_pass():
    require_choice("loss", "mse", ("mse", "bce"))
    require_integer("width", 10, 1, 10)
    require_finite("gain", 0, 0.0, 1.0)
