"""The bundled lessons, in the order in which they are taught, and the experiment that a step puts on the desk."""

from functools import cache

import msgspec

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.spec.edit import marked_as_edited
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.lesson import Lesson, LessonStep
from vgdesk.spec.library import example
from vgdesk.spec.reading import spec_from_json
from vgdesk.spec.recording import ALWAYS
from vgdesk.spec.vary import varied

LESSONS = (
    "gradient",
    "chain-rule",
    "sigmoid-chains",
    "initialisation",
    "exploding",
    "normalisation-and-skips",
    "time",
    "your-own-training",
)


def lesson_from_json(text: str | bytes, source: str = "lesson") -> Lesson:
    """Reads a lesson; raises `SpecError` with one sentence about what is wrong with the text."""
    return spec_from_json(text, Lesson, source, "a lesson")


@cache
def lesson(number: int) -> Lesson:
    """Returns a bundled lesson, counting from 1; raises `SpecError` when there is none of that number."""
    if not 1 <= number <= len(LESSONS):
        raise SpecError(f"lesson must be from 1 to {len(LESSONS)}, got {number}")
    path = resource("lessons", f"{LESSONS[number - 1]}.json")
    return lesson_from_json(path.read_bytes(), path.name)


def lesson_number(text: str) -> int:
    """Returns the number of a bundled lesson, given its number or its name; raises `SpecError` where there is none."""
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= len(LESSONS):
        return int(text)
    if text not in LESSONS:
        raise SpecError(f"lesson must be from 1 to {len(LESSONS)} or one of {', '.join(LESSONS)}; got {text[:80]!r}")
    return LESSONS.index(text) + 1


def lessons() -> tuple[Lesson, ...]:
    """Returns all bundled lessons."""
    return tuple(lesson(number) for number in range(1, len(LESSONS) + 1))


def experiment_of(step: LessonStep) -> Experiment:
    """Returns the experiment of a step, which records what the step speaks of.

    Its title names what the step changed in the example, whose own name it then does not have. What is recorded is no
    part of that: it changes no network.

    Raises
    ------
    SpecError
        Where there is no such example, field or value.
    """
    experiment = example(step.experiment)
    for field, value in step.vary.items():
        experiment = varied(experiment, field, value)
    experiment = marked_as_edited(example(step.experiment), experiment)
    spoken = {step.quantity, *(expected.quantity for expected in step.expect)} - {"", *ALWAYS}
    what = experiment.recording.what
    if spoken <= set(what.quantities):
        return experiment
    wider = msgspec.structs.replace(what, quantities=tuple(sorted(spoken | set(what.quantities))))
    recording = msgspec.structs.replace(experiment.recording, what=wider)
    return msgspec.structs.replace(experiment, recording=recording)
