"""One training setting: its words, the control that fits its kind, and below it one sentence when there is one.

A line of text speaks when a person presses Return or leaves it; what is shown by `show_setting` never speaks.
"""

import textwrap

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.settings import Kind, Setting

WORDS_PIXELS = 116
LONGEST_TEXT = 40
LETTERS_PER_LINE = 40
"""Of the words of a switch, which Qt would not break by itself."""


class CalmChoice(Choice):
    """Leaves the wheel to the panel around it: who scrolls past a list does not mean to choose from it."""

    def wheelEvent(self, e: QWheelEvent) -> None:
        """Lets the panel scroll."""
        e.ignore()


class SettingRow(QWidget):
    """Shows a setting. `edited` carries its path and what was given: a text, a tick, or the key of a choice."""

    edited = Signal(str, object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, WORDS_PIXELS)
        self._grid.setColumnStretch(1, 1)
        self.control = self._make_control()
        self.control.setAccessibleName(setting.words)
        self.control.setToolTip(setting.tip)
        self._sentence = self._note("alert")
        self._wait = self._note("dim")
        self.show_setting(setting)

    @property
    def sentence(self) -> str:
        """What is wrong with the last edit, "" when nothing is."""
        return "" if self._sentence.isHidden() else self._sentence.text()

    @property
    def wait(self) -> str:
        """From when on the shown value holds, "" when it holds already."""
        return "" if self._wait.isHidden() else self._wait.text()

    def show_setting(self, setting: Setting) -> None:
        """Shows a setting of the same path and kind."""
        self.setting = setting
        self._show_value()
        self._tell(self._sentence, "")

    def show_wait(self, wait: str) -> None:
        """Says from when on the value holds; what is being typed stays as it is."""
        self._tell(self._wait, wait)

    def refuse(self, sentence: str) -> None:
        """Says why the edit was refused. What was typed stays to be put right; a tick or choice goes back."""
        if self.setting.kind in (Kind.SWITCH, Kind.CHOICE):
            self._show_value()
        self._tell(self._sentence, sentence)

    def _make_control(self) -> QWidget:
        setting = self.setting
        if setting.kind is Kind.SWITCH:
            return self._make_switch()
        if setting.kind is Kind.CHOICE:
            control = CalmChoice(setting.words, setting.tip)
            control.chosen.connect(self._choose)
        else:
            control = QLineEdit()
            control.setMaxLength(LONGEST_TEXT)
            control.setPlaceholderText(setting.empty)
            control.editingFinished.connect(self._finish_text)
        words = QLabel(setting.words)
        words.setToolTip(setting.tip)
        words.setBuddy(control)
        self._grid.addWidget(words, 0, 0)
        self._grid.addWidget(control, 0, 1)
        return control

    def _make_switch(self) -> QCheckBox:
        switch = QCheckBox("\n".join(textwrap.wrap(self.setting.words, LETTERS_PER_LINE)))
        switch.clicked.connect(lambda is_on: self.edited.emit(self.setting.path, is_on))
        self._grid.addWidget(switch, 0, 0, 1, 2)
        return switch

    def _note(self, role: str) -> QLabel:
        note = QLabel()
        note.setProperty("role", role)
        note.setWordWrap(True)
        note.hide()
        self._grid.addWidget(note, self._grid.rowCount(), 0, 1, 2)
        return note

    def _show_value(self) -> None:
        control, setting = self.control, self.setting
        if isinstance(control, QCheckBox):
            control.setChecked(setting.value)
        elif isinstance(control, Choice):
            offered = [option.key for option in setting.options]
            if control.keys() != offered:
                control.offer((option.key, option.words) for option in setting.options)
            control.show_choice(setting.value)
        elif isinstance(control, QLineEdit) and control.text() != setting.text:
            control.setText(setting.text)

    def _choose(self, key: str) -> None:
        if key != self.setting.value:
            self.edited.emit(self.setting.path, key)

    def _finish_text(self) -> None:
        """Hands the text over where it is another one, or was refused before."""
        control = self.control
        if isinstance(control, QLineEdit) and (control.text() != self.setting.text or self.sentence):
            self.edited.emit(self.setting.path, control.text())

    def _tell(self, note: QLabel, words: str) -> None:
        note.setText(words)
        note.setVisible(bool(words))
