"""Lessons as files: what a step may say, how its numbers are written, and what is said about a file that is none."""

import json
from typing import Any

import msgspec
import pytest

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.spec.lesson import PANELS, Expected, LessonStep
from vgdesk.spec.lessons import LESSONS, experiment_of, lesson, lesson_from_json, lesson_number, lessons
from vgdesk.spec.library import example

STEP: dict[str, Any] = {
    "title": "A step",
    "text": ["The gradient is {gradient}.", "It is small."],
    "experiment": "insurance",
    "workspace": "derive",
    "panel": "derivation",
    "weight": "w1",
    "expect": [{"name": "gradient", "says": "0.0015", "measure": "gradient", "of": "w1"}],
}


def with_step(**changes: Any) -> str:
    return json.dumps({"title": "A lesson", "about": "Something.", "steps": [STEP | changes]})


def expecting(**changes: Any) -> str:
    return with_step(expect=[STEP["expect"][0] | changes])


def test_there_are_eight_lessons_and_no_file_beside_them():
    files = {path.stem for path in resource("lessons").iterdir()}
    assert files == set(LESSONS)
    assert len(lessons()) == 8


def test_every_lesson_has_four_to_seven_steps_of_two_to_four_sentences():
    assert all(4 <= len(one.steps) <= 7 for one in lessons())
    assert all(2 <= len(step.text) <= 4 for one in lessons() for step in one.steps)


def test_titles_of_a_lesson_differ():
    assert all(len({step.title for step in one.steps}) == len(one.steps) for one in lessons())


def test_a_step_shows_its_numbers_in_the_text():
    step = msgspec.json.decode(json.dumps(STEP), type=LessonStep)
    assert step.words == "The gradient is 0.0015. It is small."
    assert step.sentences("<{}>")[0] == "The gradient is <0.0015>."


@pytest.mark.parametrize(
    ("says", "words", "tolerance"),
    [
        ("0.0015", "0.0015", 5e-5),
        ("20", "20", 0.5),
        ("-0.0315", "−0.0315", 5e-5),
        ("9.8e-4", "9.8×10⁻⁴", 5e-6),
        ("1e-31", "10⁻³¹", 5e-32),
        ("0", "0", 0.0),
    ],
)
def test_a_number_is_written_for_people_and_promises_its_last_digit(says, words, tolerance):
    expected = Expected(name="x", says=says, measure="loss")
    assert expected.words == words
    assert expected.tolerance == pytest.approx(tolerance, abs=0)


def test_the_experiment_of_a_step_has_its_changes_and_records_what_it_speaks_of():
    deceiving = next(step for step in lesson(4).steps if step.title == "Too small")
    experiment = experiment_of(deceiving)
    assert experiment.initialisation == msgspec.structs.replace(experiment.initialisation, sigma_w=0.5)
    assert "saturated" in experiment.recording.what.quantities
    assert experiment_of(lesson(1).steps[0]) == example("insurance")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"mine.json is empty; a lesson is a JSON object$"),
        ("{", "mine.json must be JSON, but at line 1"),
        ("[]", "a lesson must be an object, got a list"),
        ('{"title": "A"}', "the lesson lacks the field 'about'"),
        (with_step(panels="loss"), "entry 1 of steps: unknown field 'panels'; allowed are title, text, experiment"),
        (with_step(text="a"), "text of entry 1 of steps must be a list, got a text"),
        (with_step(text=["One."]), "number of sentences of 'A step' must be an integer from 2 to 4, got 1"),
        (with_step(panel="charts"), f"panel of 'A step' must be one of {', '.join(PANELS)}; got 'charts'"),
        (with_step(updates=10**6), "updates of 'A step' must be an integer from 0 to 1000"),
        (with_step(expect=[]), "must expect each name in braces once: its text has gradient, expect has none"),
        (with_step(point={}), "point must name a factor or a layer, one of them"),
        (expecting(measure="feeling"), "measure of gradient must be one of gradient, factor"),
        (expecting(of=""), "of goes with gradient, factor, setting, slope"),
        (expecting(says="small"), "says of gradient must be a finite number such as 9.8e-4, got 'small'"),
        (expecting(says="nan"), "says of gradient must be a finite number"),
        (expecting(measure="ratio", of="", places=[1]), r"places of gradient \(ratio\) must be 2, got \[1\]"),
        (expecting(compare="near"), "compare of gradient must be one of is, above, below"),
        (expecting(measure="verdict", of="", says="vanishing", compare="above"), "because a verdict is a word"),
    ],
)
def test_a_file_that_is_no_lesson_is_refused_in_a_sentence(text, words):
    with pytest.raises(SpecError, match=words):
        lesson_from_json(text, "mine.json")


@pytest.mark.parametrize("number", [0, 9, -1])
def test_a_lesson_that_there_is_not_is_refused(number):
    with pytest.raises(SpecError, match=f"lesson must be from 1 to 8, got {number}"):
        lesson(number)


def test_a_lesson_is_found_by_number_and_by_name():
    assert [lesson_number(name) for name in LESSONS] == list(range(1, len(LESSONS) + 1))
    assert lesson_number("7") == LESSONS.index("time") + 1


@pytest.mark.parametrize("text", ["0", "9", "", "²", "Time", "1" * 5000])
def test_what_is_no_lesson_is_refused_with_all_that_are(text: str):
    with pytest.raises(SpecError, match="lesson must be from 1 to 8 or one of gradient, chain-rule"):
        lesson_number(text)
