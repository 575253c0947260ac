"""No lesson says a false number: every one is measured anew, and none stands in a text without its measurement."""

import math
import re
from functools import cache

import msgspec
import pytest

from vgdesk.errors import SpecError
from vgdesk.records.lesson import ToldStep
from vgdesk.spec.lesson import PLACES, Expected, LessonStep
from vgdesk.spec.lessons import LESSONS, lesson, lessons
from vgdesk.study.lesson import setting, tell

STEPS = [
    pytest.param(number, place, id=f"{LESSONS[number - 1]}-{place}")
    for number, one in enumerate(lessons(), start=1)
    for place in range(1, len(one.steps) + 1)
]
EACH = pytest.mark.parametrize(("number", "place"), STEPS)
NAMED = r"(?:[Ll]ayer|step|Ctrl\+\w*|w|d|[Ll]esson) ?\d+"
"""Digits that are part of a name rather than a statement."""


def step_of(number: int, place: int) -> LessonStep:
    return lesson(number).steps[place - 1]


@cache
def told(number: int, place: int) -> ToldStep:
    return tell(step_of(number, place))


def expecting(step: LessonStep, **what) -> LessonStep:
    """Returns the step with one statement in place of its own."""
    expected = Expected(name="x", **what)
    return msgspec.structs.replace(step, text=("It is {x}.", "That is all."), expect=(expected,))


@EACH
def test_every_number_of_a_lesson_is_true(number: int, place: int):
    numbers = told(number, place).numbers
    assert [f"{one.name}: {one.said}, measured {one.measured}" for one in numbers if not one.holds] == []


@EACH
def test_no_number_stands_in_a_text_without_its_measurement(number: int, place: int):
    bare = re.sub(r"\{\w+\}", "", " ".join(step_of(number, place).text))
    assert re.findall(r"\d+", re.sub(NAMED, "", bare)) == []


@EACH
def test_what_a_step_points_at_exists(number: int, place: int):
    found, point = told(number, place), step_of(number, place).point
    if point is not None and point.factor:
        assert found.derivation is not None
        assert point.factor in {factor.id for factor in found.derivation.factors}
    elif point is not None:
        assert 1 <= point.layer <= found.history.values("state").shape[1]


@EACH
def test_what_a_step_shows_is_recorded(number: int, place: int):
    step, history = step_of(number, place), told(number, place).history
    assert history.rows == step.updates + 1
    assert not step.quantity or history.has(step.quantity)


def test_the_diagram_beside_a_trained_network_is_said_to_keep_the_numbers_of_the_start():
    step, found = step_of(1, 5), told(1, 5)
    (output,) = (one for one in found.numbers if one.name == "output")
    trained = 1 - math.sqrt(2 * found.history.loss[-1])
    assert output.measured == pytest.approx(0.7)
    assert trained > 0.9
    assert "keep the numbers of the start, {output}" in " ".join(step.text)
    assert "diagram move" not in " ".join(step.text)


@pytest.mark.parametrize(
    ("what", "measured"),
    [
        ({"measure": "gradient", "of": "w1", "says": "0.0016"}, 0.0015),
        ({"measure": "factor", "of": "d1", "says": "0.04"}, 0.03),
        ({"measure": "unit", "places": (2, 1), "says": "0.8"}, 0.7),
        ({"measure": "loss", "says": "0.045", "compare": "below"}, 0.045),
        ({"measure": "first-loss", "says": "0.046", "compare": "above"}, 0.045),
        ({"measure": "slope", "of": "tanh", "says": "0.25"}, 1.0),
        ({"measure": "setting", "of": "task.inputs.0.0", "says": "0.3"}, 0.2),
        ({"measure": "setting", "of": "depth", "says": "3"}, 2),
        ({"measure": "magnitude", "places": (1,), "says": "0.003"}, 0.0015),
        ({"measure": "ratio", "places": (1, 2), "says": "0.05"}, 0.0015 / 0.0445477),
        ({"measure": "decades", "places": (1, 2), "says": "-1.47"}, 1.4727),
        ({"measure": "gamma", "says": "0.2"}, 0.1),
        ({"measure": "remains", "says": "0.01"}, 0.1),
    ],
)
def test_a_false_number_is_found_out_by_its_measurement(what, measured):
    (number,) = tell(expecting(lesson(2).steps[0], **what)).numbers
    assert not number.holds
    assert number.measured == pytest.approx(measured, rel=1e-4)


def test_a_false_verdict_is_found_out():
    step = lesson(3).steps[4]
    (number,) = tell(expecting(step, measure="verdict", says="healthy")).numbers
    assert (number.holds, number.measured) == (False, "vanishing")


def test_a_stated_zero_is_exact():
    step = msgspec.structs.replace(lesson(2).steps[0], weight="w2")
    (zero,) = tell(expecting(step, measure="gradient", of="w2", says="0")).numbers
    (tiny,) = tell(expecting(step, measure="gradient", of="w1", says="0")).numbers
    assert zero.holds
    assert not tiny.holds


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"measure": "gradient", "of": "w77"}, "w77"),
        ({"measure": "factor", "of": "d9"}, "factor must be one of d1, d2; got 'd9'"),
        ({"measure": "setting", "of": "task.colour"}, "setting must be a path in the experiment's JSON"),
        ({"measure": "magnitude", "places": (3,)}, "places of x must be from 1 to 2, got 3"),
        ({"measure": "unit", "places": (2, 7)}, r"must be a layer and a unit of it, got \[2, 7\]"),
    ],
)
def test_a_step_that_speaks_of_nothing_is_refused(what, words):
    with pytest.raises(SpecError, match=words):
        tell(expecting(lesson(2).steps[0], says="1", **what))


def test_every_measure_that_needs_places_is_used_by_a_lesson():
    used = {expected.measure for one in lessons() for step in one.steps for expected in step.expect}
    assert set(PLACES) <= used


def test_depth_counts_time_steps_of_a_recurrent_network():
    assert setting(told(7, 1).experiment, "depth") == 8
