"""Update rules, schedules and clipping have limits and say them; old files stay readable."""

import math
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.spec.clipping import ClipByNorm, ClipByValue
from vgdesk.spec.optimiser import OPTIMISERS, Adagrad, Adam, AdamW, Optimiser, RmsProp, Sgd
from vgdesk.spec.schedule import Constant, Cosine, Schedule, StepDecay, WarmUp
from vgdesk.spec.training import Training

RATES = st.floats(0, 1e3)
SCHEDULES = st.one_of(
    st.just(Constant()),
    st.builds(StepDecay, every=st.integers(1, 50), factor=st.floats(0, 1)),
    st.builds(Cosine, steps=st.integers(1, 50)),
    st.builds(WarmUp, steps=st.integers(1, 50), after=st.builds(Cosine, steps=st.integers(1, 50))),
)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Sgd(momentum=1.0), "momentum must be below 1, got 1"),
        (lambda: Sgd(momentum=-0.1), "momentum must be a finite number from 0 to 1, got -0.1"),
        (lambda: Sgd(momentum=0.9, dampening=2.0), "dampening must be a finite number from 0 to 1, got 2.0"),
        (
            lambda: Sgd(nesterov=True),
            "nesterov needs a momentum above 0 and a dampening of 0, got momentum 0 and dampening 0",
        ),
        (
            lambda: Sgd(nesterov=True, momentum=0.5, dampening=0.1),
            "nesterov needs a momentum above 0 and a dampening of 0, got momentum 0.5 and dampening 0.1",
        ),
        (lambda: Sgd(weight_decay=math.inf), "weight_decay must be a finite number from 0 to 1,000,000,000, got inf"),
        (lambda: RmsProp(alpha=1.0), "alpha must be below 1, got 1"),
        (
            lambda: RmsProp(centred=True, alpha=0.0),
            "centred needs an alpha above 0, got alpha 0: v - m^2 would always be 0",
        ),
        (lambda: RmsProp(momentum=1.0), "momentum must be below 1, got 1"),
        (lambda: RmsProp(epsilon=0.0), "epsilon must be a finite number from 1e-30 to 1, got 0.0"),
        (lambda: Adam(beta1=1.0), "beta1 must be below 1, got 1"),
        (lambda: Adam(beta2=-1.0), "beta2 must be a finite number from 0 to 1, got -1.0"),
        (lambda: AdamW(weight_decay=-0.1), "weight_decay must be a finite number from 0 to 1,000,000,000, got -0.1"),
        (
            lambda: Adagrad(learning_rate=math.nan),
            "learning_rate must be a finite number from 0 to 1,000,000,000, got nan",
        ),
        (lambda: StepDecay(every=0), "every must be an integer from 1 to 10000000, got 0"),
        (lambda: StepDecay(every=5, factor=1.5), "factor must be a finite number from 0 to 1, got 1.5"),
        (lambda: Cosine(steps=10, minimum=-1.0), "minimum must be a finite number from 0 to 1,000,000,000, got -1.0"),
        (lambda: WarmUp(steps=0), "steps must be an integer from 1 to 10000000, got 0"),
        (lambda: ClipByNorm(maximum=0.0), "maximum must be a finite number from 1e-12 to 1e+12, got 0.0"),
        (lambda: ClipByValue(maximum=math.nan), "maximum must be a finite number from 1e-12 to 1e+12, got nan"),
    ],
)
def test_impossible_rule_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value) == sentence


def test_a_file_from_before_the_other_optimisers_means_the_same():
    old = '{"optimiser": {"kind": "sgd", "learning_rate": 0.5}, "batch_size": 32, "steps": 600}'
    new = Training(optimiser=Sgd(learning_rate=0.5), batch_size=32, steps=600)
    assert msgspec.json.decode(old, type=Training) == new


@pytest.mark.parametrize("rule", OPTIMISERS.values(), ids=OPTIMISERS)
def test_every_rule_survives_json(rule: Optimiser):
    training = Training(optimiser=rule, schedule=WarmUp(steps=3, after=Cosine(steps=9)), clipping=ClipByNorm())
    assert msgspec.json.decode(msgspec.json.encode(training), type=Training) == training


@given(SCHEDULES, RATES, st.integers(0, 200))
def test_no_schedule_exceeds_the_learning_rate_or_goes_below_zero(schedule: Schedule, rate: float, step: int):
    assert 0.0 <= schedule.rate(rate, step) <= rate


def test_step_decay_multiplies_at_each_multiple():
    rates = [StepDecay(every=2, factor=0.5).rate(8.0, step) for step in range(6)]
    assert rates == [8.0, 8.0, 4.0, 4.0, 2.0, 2.0]


def test_cosine_goes_from_the_rate_through_the_middle_to_the_minimum_and_stays():
    rates = [Cosine(steps=4, minimum=1.0).rate(3.0, step) for step in (0, 2, 4, 400)]
    assert rates == pytest.approx([3.0, 2.0, 1.0, 1.0])


def test_warm_up_reaches_the_rate_in_its_last_step_and_then_begins_the_next_schedule():
    schedule = WarmUp(steps=4, after=StepDecay(every=1, factor=0.5))
    assert [schedule.rate(1.0, step) for step in range(7)] == [0.25, 0.5, 0.75, 1.0, 1.0, 0.5, 0.25]
