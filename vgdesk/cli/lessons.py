"""`vgdesk lessons` and `vgdesk lesson`: the guided lessons in the terminal, with the numbers measured anew."""

import json as json_text
from typing import Annotated, Any

import typer

from vgdesk.cli.arguments import JSON
from vgdesk.cli.last_step import show_last_step
from vgdesk.cli.options import integer
from vgdesk.cli.output import progress_console, say, say_json
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.sheet import equation_sheet, sheet_text
from vgdesk.records.lesson import ToldNumber, ToldStep
from vgdesk.spec.base import require_integer
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.lesson import LessonStep
from vgdesk.spec.lessons import LESSONS, lesson_number
from vgdesk.spec.lessons import lesson as bundled_lesson
from vgdesk.spec.lessons import lessons as bundled_lessons

_COMPARED = {"is": "said", "above": "said above", "below": "said below"}


def lessons(
    json: JSON = False,
) -> None:
    """List the guided lessons; `vgdesk lesson 3` tells one of them.

    The JSON object holds lessons (number, name, title, about, steps: their titles).
    """
    if json:
        told = [
            {
                "number": number,
                "name": LESSONS[number - 1],
                "title": one.title,
                "about": one.about,
                "steps": [step.title for step in one.steps],
            }
            for number, one in enumerate(bundled_lessons(), start=1)
        ]
        say_json({"lessons": told})
        return
    for number, one in enumerate(bundled_lessons(), start=1):
        say(f"{number}  {one.title} ({LESSONS[number - 1]}, {len(one.steps)} steps)")
        say(f"   {one.about}")


def lesson(
    which: Annotated[
        str, typer.Argument(help="Which lesson, by number or name (see `vgdesk lessons`).", metavar="NUMBER|NAME")
    ],
    step: Annotated[
        int | None,
        typer.Option(help="Tell this step only, counting from 1.", parser=integer("--step"), metavar="INTEGER"),
    ] = None,
    json: JSON = False,
) -> None:
    """Tell a guided lesson, with its derivations and gradients. Exit status 1 when a stated number is wrong here.

    Every number in the text is measured anew and stands below it.

    The JSON object holds: number, title, about and steps (number, title, text, panel, updates, experiment: a whole
    one, numbers: name, measure, compare, said, measured, holds).
    """
    number = lesson_number(which)
    chosen = bundled_lesson(number)
    steps = dict(enumerate(chosen.steps, start=1))
    if step is not None:
        require_integer("step", step, 1, len(steps))
        steps = {step: steps[step]}
    with progress_console.status(f"measuring the numbers of {chosen.title}"):
        told = {place: _told(one) for place, one in steps.items()}
    if json:
        objects = [_object(place, one, told[place]) for place, one in steps.items()]
        say_json({"number": number, "title": chosen.title, "about": chosen.about, "steps": objects})
    else:
        say(f"Lesson {number}: {chosen.title}")
        say(chosen.about)
        for place, one in steps.items():
            _say_step(f"{place} of {len(chosen.steps)}", one, told[place])
    if not all(one.holds for found in told.values() for one in found.numbers):
        raise typer.Exit(1)


def _told(step: LessonStep) -> ToldStep:
    from vgdesk.study.lesson import tell

    return tell(step)


def _say_step(place: str, step: LessonStep, told: ToldStep) -> None:
    say()
    say(f"{place}. {step.title}")
    say(step.words)
    for number, expected in zip(told.numbers, step.expect, strict=True):
        say(_line(number, expected.words))
    say()
    if step.panel in ("network", "derivation") and told.derivation is not None:
        say(sheet_text(equation_sheet(told.derivation), details=False).rstrip())
    else:
        show_last_step(told.experiment, told.history, step.quantity)


def _line(number: ToldNumber, said: str) -> str:
    mark = " " if number.holds else "!"
    measured = number_text(number.measured, 6) if isinstance(number.measured, float) else str(number.measured)
    return f" {mark} {number.name} = {measured}, {_COMPARED[number.compare]} {said}"


def _object(place: int, step: LessonStep, told: ToldStep) -> dict[str, Any]:
    return {
        "number": place,
        "title": step.title,
        "text": step.words,
        "panel": step.panel,
        "updates": step.updates,
        "experiment": json_text.loads(experiment_to_json(told.experiment)),
        "numbers": [{name: getattr(one, name) for name in one.__struct_fields__} for one in told.numbers],
    }
