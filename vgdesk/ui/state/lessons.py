"""The lesson that is being taught: which step stands on the desk, and how far each lesson has been followed.

A step lays its experiment on the desk, has it make its updates and rest there, and lights up what it speaks of. The
lesson's numbers are those of its text: nothing is computed here.
"""

from dataclasses import dataclass, replace

import msgspec
from PySide6.QtCore import QObject, Signal

from vgdesk.records.derivation import Derivation, Place, PlaceKind
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.lesson import Lesson, LessonStep
from vgdesk.spec.lessons import LESSONS, experiment_of, lesson
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.edits import renamed
from vgdesk.ui.state.quantity import FIRST
from vgdesk.ui.state.selection import Reference
from vgdesk.ui.state.session import Contents

LEAST_ROWS = 2
"""A run with fewer has only its start to show, which comes back by itself."""
LAST, FURTHEST = "lessons/last", "lessons/furthest"


@dataclass(frozen=True)
class Interrupted:
    """Is what lay on the desk before a lesson, and the run that was on show; None for one that had only begun.

    `mark` is where the row of edits ended; `quantities` and `view` are how a run and a derivation were looked at.
    """

    contents: Contents
    mark: int
    quantities: dict[Places, str]
    view: str
    run: "InterruptedRun | None"


@dataclass(frozen=True)
class InterruptedRun:
    """Is a run that gave way to a lesson, and how its end is told."""

    experiment: Experiment
    history: GradientHistory
    ending: str


class Lessons(QObject):
    """Holds number and step of the lesson on the desk, both counting from 1; number 0 while none is."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._number, self._step = 0, 0
        self._awaits_factor = ""
        self._interrupted: Interrupted | None = None
        self._laid: Experiment | None = None
        self._furthest = self._remembered()
        desk.formulas.derivation_changed.connect(self._light_factor)

    @property
    def number(self) -> int:
        """Number of the lesson on the desk, 0 for none."""
        return self._number

    @property
    def lesson(self) -> Lesson | None:
        """The lesson on the desk."""
        return lesson(self._number) if self._number else None

    @property
    def step_number(self) -> int:
        """Number of the step on the desk."""
        return self._step

    @property
    def step(self) -> LessonStep | None:
        """The step on the desk."""
        return lesson(self._number).steps[self._step - 1] if self._number else None

    @property
    def last_number(self) -> int:
        """The lesson that was followed last, in this or an earlier session; the first one at the beginning."""
        return max(1, self._number or int(self._desk.memory.choice(LAST, _numbers(), "1")))

    def reached(self, number: int) -> int:
        """Returns the furthest step that was reached in a lesson, 0 when it was never begun."""
        return self._furthest[number - 1]

    def resume(self, number: int) -> None:
        """Goes to the furthest step that was reached in a lesson; one that was finished begins again."""
        reached, last = self.reached(number), len(lesson(number).steps)
        self.show(number, reached if 0 < reached < last else 1)

    def show(self, number: int, step: int = 1) -> None:
        """Lays a step of a lesson on the desk; what the first one interrupts is remembered."""
        if not self._number and self._desk.session.training != self._laid:
            self._interrupted = _interrupted(self._desk)
        self._number, self._step = number, step
        self._furthest[number - 1] = max(step, self._furthest[number - 1])
        self._desk.memory.write(LAST, str(number))
        self._desk.memory.write_integers(FURTHEST, self._furthest)
        self._lay_out(lesson(number).steps[step - 1])
        self.changed.emit()

    def next(self) -> None:
        """Goes to the next step, after the last one to the next lesson, and after that to the list."""
        if self._number and self._step < len(lesson(self._number).steps):
            self.show(self._number, self._step + 1)
        elif 0 < self._number < len(LESSONS):
            self.show(self._number + 1)
        else:
            self.leave()

    def back(self) -> None:
        """Goes to the step before, from a lesson's first one the way that `next` came: to the end of the lesson before.

        Where that was not followed to its end, to the list of lessons.
        """
        if self._step > 1:
            self.show(self._number, self._step - 1)
        elif self._number > 1 and self._furthest[self._number - 2] == (last := len(lesson(self._number - 1).steps)):
            self.show(self._number - 1, last)
        else:
            self.leave()

    def leave(self) -> None:
        """Lets go of the lesson; the experiment stays on the desk."""
        if self._number:
            self._number, self._step, self._awaits_factor = 0, 0, ""
            self._desk.selection.hover(None)
            self.changed.emit()

    def close(self) -> None:
        """Lets go of the lesson and puts back the network and the run that it interrupted, and what could be undone.

        With them come back the recorded quantity and the way of telling the derivation that were chosen for them.

        Not where somebody has laid another network on the desk meanwhile: that one is wanted now.
        """
        self.leave()
        desk, before = self._desk, self._interrupted
        is_untouched = desk.session.training == self._laid
        self._interrupted = self._laid = None
        if before is not None and desk.session.contents == before.contents:
            desk.history.forget_since(before.mark)  # Undo has led back to it; Redo is not to lead into the lesson
        if before is None or not is_untouched:
            return
        desk.what_if.reset()
        desk.selection.pin(None)
        desk.session.restore(before.contents)
        desk.history.forget_since(before.mark)
        desk.quantity.put_back(before.quantities)
        desk.formulas.choose_view(before.view)
        if before.run is not None:
            desk.runs.put_back(before.run.experiment, before.run.history, before.run.ending)
        words = " with its run" if before.run is not None else ""
        desk.messages.tell(f"Back on the desk{words}: {before.contents.training.title}")

    def _lay_out(self, step: LessonStep) -> None:
        desk = self._desk
        desk.what_if.reset()
        desk.selection.pin(None)
        desk.session.open(renamed(experiment_of(step)))
        if step.weight:
            desk.session.choose_weight(step.weight)
        desk.formulas.choose_view(step.view)
        self._laid = desk.session.training
        desk.runs.restart(paused=True)
        for _ in range(step.updates):
            desk.runs.step()
        history = desk.runs.history
        desk.quantity.choose(history, step.quantity or FIRST[history.signals])
        self._light(step)

    def _light(self, step: LessonStep) -> None:
        """Lights up what the step points at: a layer now, a factor as soon as its derivation is there."""
        point = step.point
        self._awaits_factor = point.factor if point else ""
        self._light_factor()
        if point and point.layer:
            place = Place(PlaceKind.LAYER, point.layer)
            reference = Reference(self._desk.session.training.name, place)
            (self._desk.selection.pin if point.pin else self._desk.selection.hover)(reference)

    def _light_factor(self) -> None:
        derivation, session = self._desk.formulas.derivation, self._desk.session
        wanted = session.formula.name, session.weight
        if self._awaits_factor and derivation and (derivation.experiment, derivation.wrt) == wanted:
            found = _factor(derivation, self._awaits_factor)
            self._awaits_factor = ""
            self._desk.selection.hover(found)

    def _remembered(self) -> list[int]:
        found = self._desk.memory.integers(FURTHEST, len(LESSONS)) or [0] * len(LESSONS)
        return [min(step, len(lesson(number).steps)) for number, step in enumerate(found, start=1)]


def _factor(derivation: Derivation, factor: str) -> Reference | None:
    """Returns what to light up for a factor of the derivation on show."""
    from vgdesk.present.sheet import STEPS_KIND
    from vgdesk.present.sheet_scene import telling

    nowhere = Reference(derivation.experiment, telling=telling(derivation.wrt, STEPS_KIND))
    places = {one.id: replace(nowhere, place=one.place, factor=one.id) for one in derivation.factors}
    return places.get(factor)


def _interrupted(desk: Desk) -> Interrupted:
    quantities, view = desk.quantity.choices, desk.formulas.view_name
    return Interrupted(desk.session.contents, desk.history.mark, quantities, view, _interrupted_run(desk))


def _interrupted_run(desk: Desk) -> InterruptedRun | None:
    """Returns the run that a lesson takes from the desk; None where no update was made yet."""
    runs = desk.runs
    if runs.running is None or runs.steps < LEAST_ROWS:
        return None
    history = runs.history
    is_live = history.outcome is RunOutcome.RUNNING
    ending = f"left for a lesson at step {history.step_numbers[-1]}" if is_live else runs.ending
    over = msgspec.structs.replace(history, outcome=RunOutcome.CANCELLED) if is_live else history
    return InterruptedRun(runs.running, over, ending)


def _numbers() -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, len(LESSONS) + 1))
