"""The panel of training settings at the right of the window: every field of the experiment's training and recording.

Each edit is applied when it is made. A running training takes a new learning rate or clipping at its next step; the
other settings say that they wait for the next reset, and the button below makes one.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from vgdesk.errors import SpecError
from vgdesk.ui.panels.scroller import scrolling
from vgdesk.ui.panels.setting_row import SettingRow
from vgdesk.ui.panels.side_header import SideHeader
from vgdesk.ui.state.runs import Runs
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.settings import Setting, groups_of, waiting, with_setting

WIDTH = 316
WAIT, TURNED = "from the next reset", "changed during this run"
LIVE_WORDS = "Learning rate and clipping change at once,\neverything else with the next reset."


class SettingsCard(QFrame):
    """Shows and edits the training settings of the session's training experiment."""

    def __init__(self, session: Session, runs: Runs, close: QAction, reset: QAction) -> None:
        super().__init__()
        self._session, self._runs = session, runs
        self._rows: dict[str, SettingRow] = {}
        self._order: list[str] = []
        self.setProperty("card", True)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Training settings panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 10)
        column.addLayout(SideHeader("Training settings", close, "Close the training settings"))
        self._form = QVBoxLayout()
        self._form.setContentsMargins(0, 0, 8, 0)
        column.addWidget(scrolling(self._form), 1)
        column.addLayout(self._footer(reset))
        session.training_changed.connect(lambda _: self.show_experiment())
        runs.state_changed.connect(lambda _: self._show_waits())

    @property
    def making(self) -> list[Callable[[], None]]:
        """What fills the card for the first time, heading by heading: each piece is for a turn of its own."""
        experiment = self._session.training
        pieces: list[Callable[[], None]] = [
            partial(self._prepare, settings) for settings in groups_of(experiment).values()
        ]
        return [*pieces, self.show_experiment]

    def row(self, path: str) -> SettingRow:
        """Returns the row of a setting."""
        return self._rows[path]

    @property
    def paths(self) -> list[str]:
        """Paths of all settings on show, from top to bottom."""
        return list(self._order)

    def focus_first(self) -> None:
        """Gives the keyboard to the first setting."""
        self._rows[self._order[0]].control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_experiment(self) -> None:
        """Shows the settings of the experiment on the desk, and which of them the run has not taken yet."""
        experiment = self._session.training
        groups = groups_of(experiment)
        wanted = [setting.path for group in groups.values() for setting in group]
        if wanted != self._order or self._rows.keys() != set(wanted):
            self._arrange(groups)
        for group in groups.values():
            for setting in group:
                self._rows[setting.path].show_setting(setting)
        self._show_waits()

    def _show_waits(self) -> None:
        """Says which settings the run has not taken yet, and which it did not have from the beginning.

        What is being typed stays: a run may end or start meanwhile.
        """
        running = self._runs.running
        late = waiting(running, self._session.training)
        turned = waiting(self._runs.begun, running) if running else frozenset[str]()
        for path, row in self._rows.items():
            row.show_wait(WAIT if path in late else TURNED if path in turned else "")
        self._reset.setVisible(bool(late or turned))

    def _footer(self, reset: QAction) -> QVBoxLayout:
        footer, words = QVBoxLayout(), QLabel(LIVE_WORDS)
        words.setProperty("role", "dim")
        self._reset = QToolButton()
        self._reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._reset.setDefaultAction(reset)
        self._reset.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._reset.setAccessibleName("Reset, so that all settings hold")
        footer.addWidget(words)
        footer.addWidget(self._reset)
        return footer

    def _prepare(self, settings: list[Setting]) -> None:
        """Makes rows that `_arrange` will put in their places."""
        for setting in settings:
            if setting.path not in self._rows:
                self._rows[setting.path] = self._make_row(setting)
                self._form.addWidget(self._rows[setting.path])

    def _arrange(self, groups: dict[str, list[Setting]]) -> None:
        """Puts heading and rows in their order; a row that stays keeps its control and so the keyboard."""
        self._empty_form()
        kept, self._rows, self._order = self._rows, {}, []
        last: QWidget | None = None
        for heading, settings in groups.items():
            title = QLabel(heading)
            title.setProperty("role", "title")
            self._form.addSpacing(6)
            self._form.addWidget(title)
            for setting in settings:
                old = kept.get(setting.path)
                is_same = old is not None and old.setting.kind is setting.kind and old.setting.words == setting.words
                row = kept.pop(setting.path) if is_same else self._make_row(setting)
                self._form.addWidget(row)
                self._rows[setting.path] = row
                self._order.append(setting.path)
                if last is not None:
                    QWidget.setTabOrder(last, row.control)
                last = row.control
        self._form.addStretch(1)
        for row in kept.values():
            row.hide()
            row.deleteLater()

    def _empty_form(self) -> None:
        while (item := self._form.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QLabel):
                widget.deleteLater()

    def _make_row(self, setting: Setting) -> SettingRow:
        row = SettingRow(setting)
        row.edited.connect(self._edit)
        return row

    def _edit(self, path: str, given: Any) -> None:
        row = self._rows[path]
        try:
            value = row.setting.read(given)
            experiment = with_setting(self._session.training, path, value)
        except SpecError as error:
            row.refuse(row.setting.in_words(str(error), given))
            return
        self._runs.adjust(experiment)
        self.show_experiment()
