"""The panel of numbers at the right of the window: every input, target, weight and bias, and the learning rate.

What is dragged or typed is followed at once by everything on show. A row and its edge or unit light up together. Rows
are made a few at a time, because two hundred at once would make the window wait.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QToolButton, QVBoxLayout

from vgdesk.records.live import Adjustable, NumberKind
from vgdesk.ui.panels.number_row import NumberRow
from vgdesk.ui.panels.scroller import scrolling
from vgdesk.ui.panels.side_header import SideHeader
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.what_if import WhatIf

WIDTH = 316
ROWS_AT_ONCE = 6
HEADINGS = {
    NumberKind.INPUT: "Inputs",
    NumberKind.TARGET: "Targets",
    NumberKind.WEIGHT: "Weights",
    NumberKind.BIAS: "Biases",
    NumberKind.OTHER: "Other parameters",
    NumberKind.RATE: "Learning rate",
}


class NumbersCard(QFrame):
    """Shows and changes the numbers of the formula experiment."""

    def __init__(self, what_if: WhatIf, session: Session, selection: Selection, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._what_if, self._session, self._selection = what_if, session, selection
        self._rows: dict[str, NumberRow] = {}
        self._headings: dict[NumberKind, QLabel] = {}
        self._waiting: Iterator[Adjustable] = iter(())
        self.setProperty("card", True)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Numbers panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 10)
        column.addLayout(SideHeader("Numbers", actions["edit_numbers"], "Close the numbers"))
        self.filter = self._make_filter()
        column.addWidget(self.filter)
        self._form = QVBoxLayout()
        column.addWidget(self._scroller(), 1)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "alert")
        self.words.setAccessibleName("Why the numbers are not kept")
        self.words.hide()
        column.addWidget(self.words)
        column.addWidget(self._footer(actions["reset_numbers"]))
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._add_some)
        what_if.offered.connect(self._begin)
        what_if.changed.connect(self._follow)
        what_if.settled.connect(self._say)
        what_if.offered.connect(self._say)
        selection.current_changed.connect(self._light)
        self._begin()

    @property
    def rows(self) -> dict[str, NumberRow]:
        """The rows made so far, by the names of their numbers, from top to bottom."""
        return dict(self._rows)

    @property
    def is_complete(self) -> bool:
        """Whether every number has its row."""
        return bool(self._rows) and not self._timer.isActive()

    def focus_first(self) -> None:
        """Gives the keyboard to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make_filter(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText("Filter by name")
        line.setClearButtonEnabled(True)
        line.setAccessibleName("Filter the numbers by name")
        line.setMaxLength(40)
        line.textChanged.connect(lambda _: self._sift())
        return line

    def _scroller(self) -> QScrollArea:
        self._form.setContentsMargins(0, 0, 8, 0)
        self._form.setSpacing(3)
        self._form.addStretch(1)
        return scrolling(self._form)

    def _footer(self, reset: QAction) -> QToolButton:
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setDefaultAction(reset)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName("Put all changed numbers back")
        return button

    def _begin(self) -> None:
        """Throws away the former rows and begins to make those of the numbers offered now."""
        for widget in (*self._rows.values(), *self._headings.values()):
            self._form.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._rows, self._headings = {}, {}
        order = list(HEADINGS)
        self._waiting = iter(sorted(self._what_if.numbers, key=lambda number: order.index(number.kind)))
        self._timer.start()

    def _add_some(self) -> None:
        for _ in range(ROWS_AT_ONCE):
            number = next(self._waiting, None)
            if number is None:
                self._timer.stop()
                return
            self._add(number)

    def _add(self, number: Adjustable) -> None:
        if number.kind not in self._headings:
            heading = self._headings[number.kind] = QLabel(HEADINGS[number.kind])
            heading.setProperty("role", "title")
            self._form.insertWidget(self._form.count() - 1, heading)
        row = NumberRow(number)
        row.show_value(self._what_if.value(number.name))
        row.edited.connect(self._what_if.change)
        row.pointed.connect(self._point)
        self._rows[number.name] = row
        self._form.insertWidget(self._form.count() - 1, row)
        row.setVisible(self._is_wanted(number.name))

    def _is_wanted(self, name: str) -> bool:
        return self.filter.text().strip().lower() in name.lower()

    def _sift(self) -> None:
        """Shows the rows whose names hold the words of the filter, and headings that have one."""
        kinds: set[NumberKind] = set()
        for name, row in self._rows.items():
            row.setVisible(self._is_wanted(name))
            if self._is_wanted(name):
                kinds.add(row.number.kind)
        for kind, heading in self._headings.items():
            heading.setVisible(kind in kinds)

    def _follow(self) -> None:
        for name, row in self._rows.items():
            row.show_value(self._what_if.value(name))

    def _say(self) -> None:
        """Says why the experiment on the desk does not take the numbers over, where that is so."""
        self.words.setText(self._what_if.sentence)
        self.words.setVisible(bool(self._what_if.sentence))

    def _point(self, name: str, is_here: bool) -> None:
        place = self._rows[name].number.place if is_here and name in self._rows else None
        self._selection.hover(Reference(self._session.formula.name, place) if place else None)

    def _light(self, reference: Reference | None) -> None:
        is_own = reference is not None and reference.experiment == self._session.formula.name
        for row in self._rows.values():
            row.light(is_own and reference is not None and row.number.place == reference.place is not None)
