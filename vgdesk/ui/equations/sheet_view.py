"""The derivation on screen: numbered steps with typeset equations whose factors light up, in a scrolling panel."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QToolButton, QWidget

from vgdesk.present.sheet import sheet_text
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.present.unfolding import Unfolding, factor_lines, told_by, unfolded, with_factor, with_layer, without_factor
from vgdesk.records.derivation import FOLDED
from vgdesk.ui.chrome.more_below import MoreBelow
from vgdesk.ui.equations.canvas import SheetCanvas
from vgdesk.ui.equations.layout import SheetLayout, lay_out
from vgdesk.ui.equations.sheet_copy import COPY_LABELS, CopyKind, copied_sheet
from vgdesk.ui.equations.sheet_painter import sheet_picture
from vgdesk.ui.equations.svg_reader import Equation
from vgdesk.ui.equations.typeset_thread import TypesetThread
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import ThemeState

_NOTHING = SheetLayout(QSizeF(0, 0))


class SheetView(QScrollArea):
    """Shows an `EquationSheet`; what was shown stays until the next sheet is typeset.

    `typeset_finished` fires when everything of the requested sheet is laid out.
    """

    typeset_finished = Signal()
    unfolding_changed = Signal()

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: EquationSheet | None = None
        self._shown: EquationSheet | None = None
        self._equations: Mapping[str, Equation] = {}
        self._unfolding = Unfolding()
        self._layout = _NOTHING
        self._canvas = SheetCanvas(selection, themes)
        self._button = _DetailsButton(self._canvas)
        self._button.clicked.connect(self._toggle_details)
        self._canvas.walked_to.connect(self._reveal)
        self._canvas.unfold_asked.connect(self._turn)
        self._typesetting = TypesetThread()
        self._typesetting.finished.connect(self._show_typeset)
        # The thread object is no child, because it must outlive the view by the rest of one sheet.
        typesetting = self._typesetting
        self.destroyed.connect(lambda: typesetting.stop())
        themes.changed.connect(self._canvas.update)
        self._set_up()
        self._more_below = MoreBelow(self, themes)

    @property
    def is_typeset(self) -> bool:
        """Says whether the sheet last given to `render` is the one that is shown."""
        return self._shown is self._sheet

    @property
    def shows_details(self) -> bool:
        """Whether anything of the details is on show."""
        return self._unfolding.details or bool(self._unfolding.factors or self._unfolding.layers)

    @property
    def unfolding(self) -> Unfolding:
        """What is unfolded."""
        return self._unfolding

    @property
    def focused_factor(self) -> tuple[int, str] | None:
        """The number of the step and the factor that the keyboard, or the last click, has reached."""
        return self._canvas.focused

    def render(self, sheet: EquationSheet | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a sheet as soon as it is typeset; the same sheet again changes nothing. None empties the panel."""
        if sheet is self._sheet or (sheet == self._sheet and sheet is not None):
            return
        if not _tell_the_same(sheet, self._sheet):
            self._unfolding = Unfolding(details=self._unfolding.details)
        self._sheet = sheet
        self._describe()
        if sheet is None:
            self._show_typeset(None, {})
        else:
            self._typesetting.request(sheet)

    def unfold(self, unfolding: Unfolding) -> None:
        """Shows this much of the derivation; `Unfolding()` folds everything."""
        if unfolding != self._unfolding:
            self._unfolding = unfolding
            self._lay_out()
            self._describe()
            self.unfolding_changed.emit()

    def unfold_factor(self, factor: str, step: int = 0) -> None:
        """Unfolds a factor below a step, by default the first in which it stands; raises `SpecError` for another."""
        if self._shown is not None:
            self.unfold(with_factor(self._shown, self._unfolding, factor, step))
            self._reveal_answer(factor)

    def unfold_layer(self, layer: int) -> None:
        """Unfolds a layer's factors and its backward rule; raises `SpecError` where nothing belongs to it."""
        if self._shown is not None:
            self.unfold(with_layer(self._shown, self._unfolding, layer))

    def unfold_products(self) -> None:
        """Shows every term of the long products."""
        self.unfold(replace(self._unfolding, products=True))

    def unfold_everything(self) -> None:
        """Unfolds every term of every product, and all details."""
        self.unfold(Unfolding(products=True, details=True))

    def copy(self, kind: CopyKind) -> None:
        """Puts the shown steps on the clipboard as LaTeX, text, SVG and picture together.

        `kind` decides what plain text is: the LaTeX, a Typst document, the MathML (which is then offered as a web page,
        too), the Unicode text, the words to be read aloud, the SVG's source, or LaTeX beside a picture.

        Raises
        ------
        ExportError
            When the equations cannot be typeset.
        """
        if self._shown is not None:
            picture, told = sheet_picture(self._layout), unfolded(self._shown, self._unfolding)
            QGuiApplication.clipboard().setMimeData(copied_sheet(told, self._unfolding.details, picture, kind))

    def where(self, factor: str) -> tuple[QRect, ...]:
        """Returns the rectangles of `widget()` in which a factor stands, in reading order."""
        return tuple(one.rect.toAlignedRect() for one in self._layout.occurrences if one.factor == factor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offers the ways to copy."""
        if self._shown is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, label in COPY_LABELS.items():
            menu.addAction(label).setData(kind)
        menu.triggered.connect(lambda action: self.copy(action.data()))
        menu.popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the sheet out for the new width."""
        super().resizeEvent(event)
        self._lay_out()

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._canvas)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Last, because a policy set on the view or its viewport is handed on to the proxy.
        self._canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWidget(self._canvas)
        self.verticalScrollBar().setSingleStep(24)
        self.horizontalScrollBar().setSingleStep(24)
        self._describe()
        self._lay_out()

    def _show_typeset(self, sheet: EquationSheet | None, equations: Mapping[str, Equation]) -> None:
        if sheet is not self._sheet and not _tell_the_same(sheet, self._sheet):
            return
        is_other = self._shown is None or sheet is None or self._shown.experiment != sheet.experiment
        self._shown, self._equations = sheet, equations
        self._lay_out()
        if is_other:
            self.verticalScrollBar().setValue(0)
            self.horizontalScrollBar().setValue(0)
        self.typeset_finished.emit()

    def _lay_out(self) -> None:
        room = self.viewport().size()
        layout = self._layout = _NOTHING
        if self._shown is not None:
            layout = self._layout = lay_out(
                unfolded(self._shown, self._unfolding),
                self._equations,
                float(room.width()),
                self._unfolding.details,
                float(room.height()),
                folded=self._shown,
            )
        self._canvas.resize(
            max(room.width(), round(layout.size.width())), max(room.height(), round(layout.size.height()))
        )
        self._canvas.show_layout(self._shown, layout)
        if layout.button is not None:
            self._button.move(layout.button.topLeft().toPoint())
            details = sum(step.detail for step in self._shown.steps) if self._shown else 0
            self._button.show_state(self._unfolding.details, details)
        # Shown only where it belongs: a button that appears under the mouse and moves away stays lit.
        self._button.setVisible(layout.button is not None)

    def _toggle_details(self) -> None:
        self.unfold(replace(self._unfolding, details=not self._unfolding.details))
        if self._unfolding.details:
            self._reveal(QRectF(self._button.geometry()).adjusted(0, 0, 0, 160))

    def _turn(self, step: int, factor: str, is_open: bool) -> None:
        """Unfolds or folds what was pressed; a factor that stands in the details has its answer beside it."""
        if self._shown is None:
            return
        if factor == FOLDED:
            self.unfold_products()
        elif not is_open:
            self.unfold(without_factor(self._unfolding, factor))
        elif factor in factor_lines(self._shown) and not self._is_detail(step):
            self.unfold_factor(factor, step)

    def _reveal_answer(self, factor: str) -> None:
        """Scrolls to what was unfolded, which stands below a table that may be higher than the panel."""
        for placed in self._layout.equations:
            if placed.line.level and told_by(placed.line) == factor:
                self._reveal(placed.rect)

    def _is_detail(self, number: int) -> bool:
        return self._shown is not None and any(one.detail for one in self._shown.steps if one.number == number)

    def _describe(self) -> None:
        """Gives the derivation's words to screen readers."""
        name = f"Derivation of ∂L/∂{self._sheet.wrt}" if self._sheet else "Derivation"
        words = sheet_text(unfolded(self._sheet, self._unfolding), self._unfolding.details) if self._sheet else ""
        for widget in (self, self._canvas):
            widget.setAccessibleName(name)
            widget.setAccessibleDescription(words)

    def _reveal(self, rect: QRectF) -> None:
        centre: QPoint = rect.center().toPoint()
        self.ensureVisible(centre.x(), centre.y(), round(rect.width() / 2) + 8, round(rect.height() / 2) + 8)


def _tell_the_same(former: EquationSheet | None, latest: EquationSheet | None) -> bool:
    """Whether only numbers differ: while they change faster than they are typeset, each that is ready is shown."""
    if former is None or latest is None:
        return False
    return (former.experiment, former.wrt, former.kind) == (latest.experiment, latest.wrt, latest.kind)


class _DetailsButton(QToolButton):
    """Is the line "Show details" that unfolds the steps behind the numbers; Enter presses it as well as Space."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_state(self, is_open: bool, details: int) -> None:
        """Says what a click will do."""
        self.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        steps = "1 more step" if details == 1 else f"{details} more steps"
        self.setText("Hide details" if is_open else f"Show details ({steps})")
        self.setToolTip("Fold the details" if is_open else "Unfold where each factor comes from, and the forward pass")
        self.setAccessibleName(self.text())
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Presses with Enter too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
