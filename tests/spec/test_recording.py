"""What is recorded is named, and when follows simple laws."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.spec.recording import ALWAYS, QUANTITIES, EveryNth, Histogram, LogSpaced, What


@given(st.integers(1, 10_000), st.integers(0, 10**7))
def test_every_nth_records_the_multiples(n: int, step: int):
    assert EveryNth(n=n).is_due(step) == (step % n == 0)


@given(st.integers(1, 10_000), st.integers(0, 7))
def test_log_spacing_records_the_start_and_every_power_of_ten(per_decade: int, power: int):
    assert LogSpaced(per_decade=per_decade).is_due(0)
    assert LogSpaced(per_decade=per_decade).is_due(10**power)


@given(st.integers(1, 50))
def test_log_spacing_records_as_many_steps_in_every_wide_decade(per_decade: int):
    # beyond 1,000 neighbouring marks are more than one step apart: 1000 (10^(1/50) - 1) = 47
    due = [LogSpaced(per_decade=per_decade).is_due(step) for step in range(1000, 10_000)]
    assert sum(due) == per_decade


@given(st.integers(1, 10_000), st.integers(1, 10**6))
def test_log_spacing_records_the_first_step_at_or_after_a_mark(per_decade: int, step: int):
    marks = range(math.floor(per_decade * math.log10(step)) - 1, math.floor(per_decade * math.log10(step)) + 2)
    # 1e-9: a mark that is a power of ten is rounded once more here
    reached = any(
        step - 1 < 10 ** (mark / per_decade) * (1 - 1e-9) and 10 ** (mark / per_decade) <= step for mark in marks
    )
    assert not reached or LogSpaced(per_decade=per_decade).is_due(step)


def test_what_every_run_records_costs_nothing():
    assert all(QUANTITIES[name].is_cheap for name in ALWAYS)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: EveryNth(n=0), "n must be an integer from 1 to 10000000, got 0"),
        (lambda: LogSpaced(per_decade=0), "per_decade must be an integer from 1 to 10000, got 0"),
        (lambda: Histogram(bins=0), "bins must be an integer from 1 to 200, got 0"),
        (lambda: Histogram(low=2.0, high=1.0), "high must be above low = 2, got 1"),
        (lambda: What(quantities=("loss",)), "quantities must be one of weight, bias, delta"),
        (lambda: What(quantities=("lag", "lag")), "quantities must be distinct, got lag, lag"),
    ],
)
def test_impossible_recording_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert sentence in str(caught.value)


def test_gradients_are_known_by_their_symbols():
    symbols = {name: quantity.symbol for name, quantity in QUANTITIES.items() if quantity.is_gradient}
    assert symbols == {"weight": "∂L/∂W", "bias": "∂L/∂b", "delta": "∂L/∂z", "state": "∂L/∂h", "cell": "∂L/∂c"}
    assert QUANTITIES["weight-change"].symbol == "W − W₀"
    assert QUANTITIES["saturated"].symbol == ""  # its bars are those of a condition
