"""Where everything on the sheet is: pure geometry in the sheet's own pixels, no widget.

Each step has a numbered badge, a title, its equations below one another and a note. An equation wider than the sheet
is shrunk, but not below `SMALLEST`; then the sheet becomes wider than the panel and scrolls.

Two manners save or use room: in a low and wide panel titles stand beside the equations, not above them; in a large one
equations grow until the main steps fill it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF

from vgdesk.present.sheet_scene import EquationSheet, SheetLine, SheetStep
from vgdesk.spec.lowered import lowered
from vgdesk.ui.equations.svg_reader import Equation
from vgdesk.ui.fonts import text_font
from vgdesk.ui.typeset import unbroken

EQUATION_PIXELS = 17
"""Size at which equations are typeset; a point of the SVG is a device-independent pixel."""
RESULT_SCALE, DETAIL_SCALE = 1.25, 0.85
"""The result is the sentence to remember, and is shown larger; details are for whoever asks, and smaller."""
SMALLEST = 0.6
TITLE_PIXELS = NOTE_PIXELS = 12
BADGE = 18.0
MARGIN = 4.0
INDENT = 30.0
ANSWER_INDENT = 22.0
"""How far a line that was unfolded below another is set in."""
BUTTON_HEIGHT = 32.0
_TITLE_GAP, _LINE_GAP, _NOTE_GAP, _STEP_GAP, _LOW_STEP_GAP = 6.0, 9.0, 6.0, 16.0, 7.0
BESIDE_WIDTH, TITLE_COLUMN = 640.0, 190.0
"""From this panel width on, titles may stand in a column of that width beside the equations."""
GROWTH_WIDTH, LARGEST_GROWTH = 600.0, 1.6
"""Equations have their natural size in a panel of this width, and grow with it up to that factor."""
_REACH_X, _REACH_Y = 2.5, 3.0
"""How far a factor's ground reaches beyond its ink; half the space that stands before a sign."""
_LEAST_HEIGHT = 8.0
"""Dots are flat; whoever clicks them needs as much room as a letter has."""


@dataclass(frozen=True)
class PlacedText:
    """Is a title or note: dim text in a rectangle, wrapped."""

    rect: QRectF
    text: str


@dataclass(frozen=True)
class PlacedBadge:
    """Is the round number of a step."""

    rect: QRectF
    number: int


@dataclass(frozen=True)
class PlacedEquation:
    """Is an equation at its place; `equation` is None where it could not be typeset and is shown as text."""

    rect: QRectF
    scale: float
    line: SheetLine
    equation: Equation | None


@dataclass(frozen=True)
class Occurrence:
    """Is one place where a factor stands; `row` is the index of its equation, `step` the number of its step."""

    factor: str
    ink: str
    row: int
    rect: QRectF
    step: int = 0


@dataclass(frozen=True)
class SheetLayout:
    """Is the whole sheet laid out; `button` is where the "Show details" button goes, or None."""

    size: QSizeF
    badges: tuple[PlacedBadge, ...] = ()
    texts: tuple[PlacedText, ...] = ()
    equations: tuple[PlacedEquation, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    button: QRectF | None = None

    def occurrence_at(self, position: QPointF) -> int | None:
        """Returns the index of the occurrence under a position; of two the smaller."""
        hits = [index for index, one in enumerate(self.occurrences) if one.rect.contains(position)]
        return min(hits, key=lambda index: _area(self.occurrences[index].rect)) if hits else None


@dataclass(frozen=True)
class Manner:
    """Says how a sheet uses its room: width of the column of titles (0: they stand above), scale of all equations."""

    title_column: float = 0.0
    growth: float = 1.0


def lay_out(
    sheet: EquationSheet,
    equations: Mapping[str, Equation],
    width: float,
    shows_details: bool,
    height: float | None = None,
    folded: EquationSheet | None = None,
) -> SheetLayout:
    """Lays a sheet out for a panel `width` pixels wide.

    Parameters
    ----------
    equations
        Typeset equations by their Typst source.
    height
        Of the panel, for a sheet that makes use of its room; None for one that is as high as it needs to be.
    folded
        The same sheet before something was unfolded, by default itself. It decides how room is used, so that what
        somebody has clicked stays where it is.
    """
    manner = Manner() if height is None else _manner(folded or sheet, equations, width, height)
    return _laid_out(sheet, equations, width, shows_details, manner)


def _manner(sheet: EquationSheet, equations: Mapping[str, Equation], width: float, height: float) -> Manner:
    needed = _laid_out(sheet, equations, width, False, Manner()).size.height()
    if needed > height and width >= BESIDE_WIDTH:
        return Manner(title_column=TITLE_COLUMN)
    return Manner(growth=max(1.0, min(width / GROWTH_WIDTH, height / max(needed, 1.0), LARGEST_GROWTH)))


def _laid_out(
    sheet: EquationSheet, equations: Mapping[str, Equation], width: float, shows_details: bool, manner: Manner
) -> SheetLayout:
    layout = _Pen(width, equations, manner)
    for step in sheet.steps:
        if not step.detail:
            layout.step(step)
    details = [step for step in sheet.steps if step.detail]
    if details:
        layout.place_button()
    for step in details if shows_details else ():
        layout.step(step)
    return layout.finished()


class _Pen:
    """Goes down the sheet and notes what is where."""

    def __init__(self, width: float, equations: Mapping[str, Equation], manner: Manner) -> None:
        self._width, self._right, self._y = width, width, MARGIN
        self._left, self._manner, self._step = INDENT + manner.title_column, manner, 0
        self._typeset = equations
        self._badges: list[PlacedBadge] = []
        self._texts: list[PlacedText] = []
        self._equations: list[PlacedEquation] = []
        self._occurrences: list[Occurrence] = []
        self._button: QRectF | None = None

    @property
    def _room(self) -> float:
        return max(self._width - self._left - MARGIN, 1.0)

    def step(self, step: SheetStep) -> None:
        """Places a step below what is there."""
        self._badges.append(PlacedBadge(QRectF(MARGIN, self._y, BADGE, BADGE), step.number))
        self._step = step.number
        gap, title_bottom = self._place_title(step.title), self._y
        scales = self._scale(step), self._scale(step, level=1)
        if self._manner.title_column:
            self._y -= self._texts[-1].rect.height()
        for line in step.lines:
            self._y += gap
            self._place_equation(line, scales[line.level])
            gap = _LINE_GAP
        if step.note:
            self._y += _NOTE_GAP
            self._place_text(lowered(step.note), NOTE_PIXELS, 0.0, self._left, self._room)
        self._y = max(self._y, title_bottom) + (_LOW_STEP_GAP if self._manner.title_column else _STEP_GAP)

    def place_button(self) -> None:
        """Leaves room for the button that unfolds the details."""
        self._button = QRectF(MARGIN, self._y, self._room + self._left, BUTTON_HEIGHT)
        self._y += BUTTON_HEIGHT + _STEP_GAP

    def finished(self) -> SheetLayout:
        """Returns the layout."""
        return SheetLayout(
            QSizeF(self._right, self._y),
            tuple(self._badges),
            tuple(self._texts),
            tuple(self._equations),
            tuple(self._occurrences),
            self._button,
        )

    def _scale(self, step: SheetStep, level: int = 0) -> float:
        """Returns one scale for all lines of a step's level: letters of changing size are hard to read."""
        wished = RESULT_SCALE if step.kind == "result" and not level else 1.0
        wished *= self._manner.growth * (DETAIL_SCALE if step.detail or level else 1.0)
        widths = (self._natural_size(line).width() for line in step.lines if line.level == level)
        return max(min(wished, (self._room - level * ANSWER_INDENT) / max(max(widths, default=1.0), 1.0)), SMALLEST)

    def _natural_size(self, line: SheetLine) -> QSizeF:
        equation = self._typeset.get(line.typst)
        return QSizeF(equation.width, equation.height) if equation else _text_size(line.text)

    def _place_title(self, title: str) -> float:
        """Places a title and returns the gap to its first equation."""
        beside = self._manner.title_column
        self._place_text(lowered(title), TITLE_PIXELS, BADGE, INDENT, beside - 16 if beside else self._room)
        return 0.0 if beside else _TITLE_GAP

    def _place_text(self, text: str, pixels: float, least_height: float, left: float, width: float) -> None:
        room = QRectF(left, self._y, width, 1e6)
        flags = int(Qt.TextFlag.TextWordWrap)
        height = max(QFontMetricsF(text_font(pixels)).boundingRect(room, flags, unbroken(text)).height(), least_height)
        self._texts.append(PlacedText(QRectF(left, self._y, width, height), text))
        self._y += height

    def _place_equation(self, line: SheetLine, scale: float) -> None:
        equation = self._typeset.get(line.typst)
        natural = self._natural_size(line)
        left = self._left + line.level * ANSWER_INDENT
        rect = QRectF(left, self._y, natural.width() * scale, natural.height() * scale)
        self._equations.append(PlacedEquation(rect, scale, line, equation))
        if equation:
            self._place_occurrences(line, equation, rect.topLeft(), scale)
        self._right = max(self._right, rect.right() + MARGIN)
        self._y += rect.height()

    def _place_occurrences(self, line: SheetLine, equation: Equation, origin: QPointF, scale: float) -> None:
        row = len(self._equations) - 1
        for ink, factor in line.inks:
            if ink in equation.boxes:
                box = equation.boxes[ink]
                rect = QRectF(origin + box.topLeft() * scale, box.size() * scale)
                flat = max(0.0, _LEAST_HEIGHT - rect.height()) / 2
                rect.adjust(-_REACH_X, -_REACH_Y - flat, _REACH_X, _REACH_Y + flat)
                self._occurrences.append(Occurrence(factor, ink, row, rect, self._step))


def _text_size(text: str) -> QSizeF:
    metrics = QFontMetricsF(text_font(EQUATION_PIXELS))
    return QSizeF(metrics.horizontalAdvance(text), metrics.height())


def _area(rect: QRectF) -> float:
    return rect.width() * rect.height()
