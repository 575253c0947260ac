"""The sweep of the window: begun, filled row by row, stopped and gone on with, and a cell of it put on the desk.

The trainings are done in the process of a long job (`vgdesk.ui.state.studies`); their table is the file that was named,
so a sweep that was stopped goes on where it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.engine.studies import SweepJob, SweepPart
from vgdesk.errors import SpecError
from vgdesk.present.sweep_map import NO_FIELD, SHOWN, cell_words, field_words
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.library import EXAMPLES
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.spec.vary import Value, varied
from vgdesk.spec.words import value_words
from vgdesk.ui.state.edits import described, renamed
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies

MOST_CELLS = 10_000
"""Experiments of a sweep in the window; `vgdesk sweep` makes larger ones."""
LINE_FIELDS = ("sigma_w", "depth")
"""The axes of a map on which theory draws its line."""
PAUSE_MS = 100
"""Time between two new pictures: rows may come much faster."""


@dataclass(frozen=True)
class MapPlan:
    """Is what a dialog asks for: a sweep, the file of its table, and the cluster that trains, "" for this machine."""

    sweep: Sweep
    path: str
    scheduler: str = ""


class Maps(QObject):
    """Holds the one sweep on show. `changed` tells of new rows, at most ten times a second, and of other choices."""

    changed = Signal()
    turned = Signal()
    """Trainings have begun or ended."""

    def __init__(self, session: Session, studies: Studies, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._studies, self._messages = session, studies, messages
        self.plan: MapPlan | None = None
        self.rows: list[dict[str, object]] = []
        self.done = self.total = 0
        self.measure, self.fields = SHOWN[0], ("", NO_FIELD)
        self._limits: tuple[tuple[float, float], ...] = ()
        self._number = -1
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.changed)
        studies.progressed.connect(self._take)
        studies.finished.connect(self._end)
        studies.failed.connect(lambda number, _: self._end(number))

    @property
    def is_running(self) -> bool:
        """Whether trainings are under way."""
        return self._number >= 0

    @property
    def can_go_on(self) -> bool:
        """Whether a sweep rests before its end."""
        return self.plan is not None and not self.is_running and (self.done < self.total or not self.total)

    @property
    def limits(self) -> tuple[tuple[float, float], ...]:
        """The line of the theory on the map on show; () where it has none."""
        return self._limits if self.fields == LINE_FIELDS else ()

    @property
    def values(self) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
        """The values along x and y."""
        return self._along(self.fields[0]), self._along(self.fields[1])

    def begin(self, plan: MapPlan) -> None:
        """Begins a sweep in place of the one on show, whose table stays.

        Raises
        ------
        SpecError
            When it has more than `MOST_CELLS` experiments.
        """
        if plan.sweep.size > MOST_CELLS:
            raise SpecError(
                f"a sweep in the window must have at most {MOST_CELLS:,} trainings, got {plan.sweep.size:,}; "
                "`vgdesk sweep` makes larger ones"
            )
        self.stop()
        self.plan = plan
        self.fields = first_fields([axis.field for axis in plan.sweep.axes])
        self.go_on()

    def go_on(self) -> None:
        """Trains what is not in the table yet."""
        if self.plan is None or self.is_running:
            return
        self.rows, self._limits, self.done, self.total = [], (), 0, 0
        job = SweepJob(sweep=self.plan.sweep, path=self.plan.path, scheduler=self.plan.scheduler)
        self._number = self._studies.begin(job, "training a sweep")
        self.changed.emit()
        self.turned.emit()

    def stop(self) -> None:
        """Ends the trainings under way; every finished one is in the table."""
        if self.is_running:
            self._studies.cancel(self._number)
            self._end(self._number)

    def choose_measure(self, measure: str) -> None:
        """Shows another column of the table."""
        if measure != self.measure:
            self.measure = measure
            self.changed.emit()

    def choose_fields(self, x: str, y: str) -> None:
        """Shows the map over other axes; where both are the same one, they change places."""
        if x == y:
            x, y = (x, self.fields[0]) if x != self.fields[0] else (self.fields[1], y)
        if (x, y) != self.fields:
            self.fields = x, y
            self.changed.emit()

    def words_at(self, column: int, line: int) -> str:
        """Returns what a cell's trainings came to."""
        point = self._point(column, line)
        wanted = [(name, text) for name, text in zip(self.fields, point, strict=True) if name]
        found = [row for row in self.rows if all(row[name] == text for name, text in wanted)]
        return cell_words(self.fields, point, found)

    def open_cell(self, column: int, line: int) -> None:
        """Puts a cell's experiment on the desk: of several the one with the first value along the other axes."""
        if self.plan is None:
            return
        point = dict(zip(self.fields, self._point(column, line), strict=True))
        experiment = self.plan.sweep.experiment
        try:
            for axis in self.plan.sweep.axes:
                experiment = varied(experiment, axis.field, _value_of(axis, point.get(axis.field, "")))
        except SpecError as error:
            self._messages.post(str(error), "map")
            return
        self._session.open(_named(experiment, self.plan.sweep.experiment, point), words="open cell of the map")
        self._messages.tell(f"On the desk: {_point_words(point)}")

    def _point(self, column: int, line: int) -> tuple[str, str]:
        x, y = self.values
        return str(x[column]), str(y[line])

    def _along(self, field: str) -> tuple[Value, ...]:
        axes = self.plan.sweep.axes if self.plan else ()
        return next((axis.values for axis in axes if axis.field == field), ("",))

    def _take(self, number: int, part: object) -> None:
        if number != self._number or not isinstance(part, SweepPart) or self.plan is None:
            return
        names = [axis.field for axis in self.plan.sweep.axes]
        self.done, self.total = part.done, part.total
        self._limits = part.limits or self._limits
        for row, points in zip(part.rows, part.points, strict=True):
            told: dict[str, object] = {name: getattr(row, name) for name in row.__struct_fields__}
            self.rows += [{**told, **dict(zip(names, point, strict=True))} for point in points]
        if not self._timer.isActive():
            self._timer.start()

    def _end(self, number: int) -> None:
        if number == self._number:
            self._number = -1
            self._timer.stop()
            self.changed.emit()
            self.turned.emit()


def first_fields(fields: Sequence[str]) -> tuple[str, str]:
    """Returns the axes that a map shows first: sigma_w and depth where both are varied, else the first two."""
    if all(name in fields for name in LINE_FIELDS):
        return LINE_FIELDS
    return fields[0], fields[1] if len(fields) > 1 else NO_FIELD


def _value_of(axis: Axis, text: str) -> Value:
    return next((value for value in axis.values if str(value) == text), axis.values[0])


def _named(cell: Experiment, swept: Experiment, point: Mapping[str, str]) -> Experiment:
    """Returns a cell's experiment under a true name; its title says at which point of the map it stands."""
    if cell == swept:
        return cell
    named = renamed(cell)
    if named.name in EXAMPLES:
        return named
    title = f"{described(cell)} (of the map: {_point_words(point)})"
    return msgspec.structs.replace(named, title=title if len(title) <= LONGEST_TITLE else named.title)


def _point_words(point: Mapping[str, str]) -> str:
    return ", ".join(f"{field_words(field)} {value_words(text)}" for field, text in point.items() if field)
