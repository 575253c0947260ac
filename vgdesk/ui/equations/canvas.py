"""The sheet itself: paints steps and equations, and says which factor is under the mouse or the keyboard.

Colours are brushes chosen while painting: hover, pin and theme never typeset anything again.
"""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import FOLDED, Place, PlaceKind
from vgdesk.ui.equations.layout import Occurrence, SheetLayout
from vgdesk.ui.equations.sheet_painter import paint_sheet
from vgdesk.ui.painting import draw_empty, draw_focus_ring
from vgdesk.ui.pointing import Pointing
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState

_WAITING = "The derivation appears here."
_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class SheetCanvas(Pointing, QWidget):
    """Paints one laid out sheet; `walked_to` carries the rectangle that the keyboard has reached.

    `unfold_asked` carries the number of a step, a factor that stands in it, and whether it is to be unfolded or folded:
    pinning unfolds, releasing folds.
    """

    walked_to = Signal(QRectF)
    unfold_asked = Signal(int, str, bool)

    def __init__(self, selection: Selection, themes: ThemeState) -> None:
        super().__init__()
        self._themes = themes
        self._sheet: EquationSheet | None = None
        self._layout = SheetLayout(QSizeF(0, 0))
        self._lit = frozenset[int]()
        self._focused: int | None = None
        self._is_focused_by_mouse = False
        self.start_pointing(selection)
        selection.current_changed.connect(self._follow_selection)
        selection.pinned_changed.connect(self._follow_selection)

    def show_layout(self, sheet: EquationSheet | None, layout: SheetLayout) -> None:
        """Shows a sheet laid out for this width."""
        is_same = bool(self._sheet and sheet and self._sheet.experiment == sheet.experiment)
        self._focused = self._again(layout) if is_same else None
        self._sheet, self._layout = sheet, layout
        self._lit = self._matching(self._selection.current)
        self.update()

    def _again(self, layout: SheetLayout) -> int | None:
        """Returns where the factor that the keyboard has reached stands in another layout; None if nowhere."""
        if self._focused is None or self._focused >= len(self._layout.occurrences):
            return None
        here = _name_of(self._layout.occurrences[self._focused])
        before = [_name_of(one) for one in self._layout.occurrences[: self._focused]].count(here)
        same = [index for index, one in enumerate(layout.occurrences) if _name_of(one) == here]
        return same[min(before, len(same) - 1)] if same else None

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the factor under a position."""
        index = self._layout.occurrence_at(position)
        return None if index is None else self._reference(index)

    @property
    def focused(self) -> tuple[int, str] | None:
        """The number of the step and the factor that the keyboard, or the last click, has reached."""
        if self._focused is None or self._focused >= len(self._layout.occurrences):
            return None
        one = self._layout.occurrences[self._focused]
        return one.step, one.factor

    def pin_at(self, position: QPointF) -> None:
        """Pins and unfolds what lies under the position; a second click there releases and folds it."""
        index = self._layout.occurrence_at(position)
        if index is None:
            super().pin_at(position)
        else:
            self._press(index)

    def _press(self, index: int) -> None:
        """Pins and unfolds a factor, or the reverse; folded terms of a product are unfolded and nothing else."""
        one, reference = self._layout.occurrences[index], self._reference(index)
        if one.factor != FOLDED:
            self._selection.pin(reference)
        self.unfold_asked.emit(one.step, one.factor, one.factor == FOLDED or self._selection.pinned is not None)

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the factor an arrow leads to: left and right in reading order, up and down between equations."""
        if not self._layout.occurrences:
            return None
        self._focused = self._vertical(-up) if up else self._clamped(right)
        self.walked_to.emit(self._layout.occurrences[self._focused].rect)
        self.update()
        return self._reference(self._focused)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Walks the factors with Tab, and leaves the sheet after the last or before the first."""
        here = -1 if self._focused is None else self._focused
        there = here + 1 if forward else here - 1
        if self.hasFocus() and 0 <= there < len(self._layout.occurrences):
            self._walk(there - here, 0)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begins at the first factor, or at the last when coming from behind."""
        super().focusInEvent(event)
        self._is_focused_by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason
        if event.reason() in _KEYBOARD and self._layout.occurrences:
            is_back = event.reason() == Qt.FocusReason.BacktabFocusReason
            self._focused = len(self._layout.occurrences) if is_back else -1
            self._walk(-1 if is_back else 1, 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forgets where the keyboard was, unless only a menu passes by."""
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._focused = None
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walks where there are factors, and presses them with Enter or Space; scrolls where there are none."""
        if event.key() in _PRESSING and self._focused is not None:
            self._press(self._focused)
        elif self._layout.occurrences or event.key() == Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lights up the factor under the mouse, and shows by the pointer that it can be clicked."""
        super().mouseMoveEvent(event)
        is_on_factor = self._layout.occurrence_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_on_factor else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pins the factor under the mouse; the keyboard goes on from there, and a menu speaks of it."""
        self._focused = self._layout.occurrence_at(event.position())
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Explains a factor when the mouse rests on it; takes Space before the window does where it presses one."""
        if isinstance(event, QKeyEvent) and _would_press(event) and self._focused is not None:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._layout.occurrence_at(QPointF(event.pos()))
            text = "" if index is None else self._factor_text(index)
            area = QRectF() if index is None else self._layout.occurrences[index].rect
            QToolTip.showText(event.globalPos(), text, self, area.toAlignedRect())
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints what lies in the exposed part."""
        painter, theme = QPainter(self), self._themes.current
        pinned = self._matching(self._selection.pinned)
        paint_sheet(painter, theme, self._layout, QRectF(event.rect()), self._lit, self._lit & pinned)
        if self._sheet is None:
            draw_empty(painter, theme, QRectF(self.rect()), _WAITING)
        self._paint_focus(painter, theme)
        painter.end()

    def _paint_focus(self, painter: QPainter, theme: Theme) -> None:
        if not self.hasFocus():
            return
        if self._focused is not None:
            draw_focus_ring(painter, theme, self._layout.occurrences[self._focused].rect.adjusted(-2, -2, 2, 2))
        elif not self._is_focused_by_mouse:
            draw_focus_ring(painter, theme, QRectF(self.visibleRegion().boundingRect()))

    def _repaint_focus(self) -> None:
        self.update()
        if self.hasFocus() and self._focused is not None:
            said = QAccessibleAnnouncementEvent(self, self._spoken(self._focused))
            QAccessible.updateAccessibility(said)

    def _follow_selection(self) -> None:
        """Repaints only the factors whose light changed, and the pinned ones' outlines."""
        before, self._lit = self._lit, self._matching(self._selection.current)
        for index in before | self._lit:
            self.update(self._layout.occurrences[index].rect.adjusted(-2, -2, 2, 2).toAlignedRect())

    def _matching(self, reference: Reference | None) -> frozenset[int]:
        """Returns the occurrences a reference points at."""
        if reference is None:
            return frozenset()
        occurrences = enumerate(self._layout.occurrences)
        return frozenset(index for index, one in occurrences if self._matches(reference, one.factor))

    def _matches(self, reference: Reference, factor: str) -> bool:
        """Says whether a reference points at a factor: by its name here, by place, or by layer."""
        if self._sheet is None or reference.experiment != self._sheet.experiment:
            return False
        name = reference.names_factor(self._sheet.telling)
        if name:
            return name == factor
        place = self._sheet.factor_place.get(factor)
        if reference.place is None or place is None:
            return False
        return is_lit_by(place, reference.place)

    def _reference(self, index: int) -> Reference | None:
        if self._sheet is None:
            return None
        factor = self._layout.occurrences[index].factor
        place = self._sheet.factor_place.get(factor)
        return Reference(self._sheet.experiment, place, factor, telling=self._sheet.telling)

    def _factor_text(self, index: int) -> str:
        factor = self._layout.occurrences[index].factor
        return self._sheet.factor_text.get(factor, "") if self._sheet else ""

    def _spoken(self, index: int) -> str:
        factor = self._layout.occurrences[index].factor
        return self._sheet.factor_spoken.get(factor, self._factor_text(index)) if self._sheet else ""

    def _clamped(self, right: int) -> int:
        here = -1 if self._focused is None and right > 0 else self._focused or 0
        return max(0, min(here + right, len(self._layout.occurrences) - 1))

    def _vertical(self, down: int) -> int:
        """Returns the nearest factor of the next equation that has any, below or above."""
        occurrences = self._layout.occurrences
        if self._focused is None:
            return 0
        here = occurrences[self._focused]
        rows = sorted(
            {one.row for one in occurrences if (one.row - here.row) * down > 0}, key=lambda r: abs(r - here.row)
        )
        if not rows:
            return self._focused
        candidates = [index for index, one in enumerate(occurrences) if one.row == rows[0]]
        return min(candidates, key=lambda i: abs(occurrences[i].rect.center().x() - here.rect.center().x()))


def _would_press(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space


def _name_of(one: Occurrence) -> tuple[int, str]:
    return one.step, one.factor


def is_lit_by(place: Place, pointed: Place) -> bool:
    """Whether a factor at `place` belongs to what is pointed at.

    A layer has all its factors. The gradient that arrives at a unit, like ∂L/∂Awareness, comes back over the unit's
    connections to the next layer, or for an output unit over its connection to the loss: there its factor is placed.
    """
    if pointed.kind is PlaceKind.LAYER:
        return pointed.layer == place.layer
    if pointed.kind is PlaceKind.UNIT and place.kind is PlaceKind.EDGE:
        return (place.layer, place.source) == (pointed.layer + 1, pointed.unit)
    if pointed.kind is PlaceKind.UNIT and place.kind is PlaceKind.LOSS:
        return (place.layer, place.unit) == (pointed.layer, pointed.unit)
    if pointed.kind is PlaceKind.LOSS:
        return place.kind is PlaceKind.LOSS and pointed.unit in (0, place.unit)
    return pointed == place
