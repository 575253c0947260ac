"""What a person does in front of the window: looks, points, clicks, types, waits."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from tests.ui.patient_bot import PatientBot
from vgdesk.ui.commands.writing import FileWriting
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.pointing import Pointing
from vgdesk.ui.state.selection import Reference
from vgdesk.ui.window import Window


class Person:
    """Uses a window; `told` are all the news there were, which leave the status bar after some seconds."""

    def __init__(self, window: Window, qtbot: PatientBot) -> None:
        self.window, self._qtbot = window, qtbot
        self.told: list[str] = []
        window.desk.messages.told.connect(self.told.append)

    def waits_for(self, condition: Callable[[], bool], what: str) -> None:
        """Waits until something is so."""
        self._qtbot.waitUntil(condition)
        assert condition(), what

    def waits_for_calm(self) -> None:
        """Waits until everything on show is up to date and typeset."""
        window, views = self.window, self.window.views

        def is_calm() -> bool:
            if not window.updatesEnabled():  # another theme is being put on
                return False
            return bool(views.presenter and views.presenter.is_up_to_date and views.sheet and views.sheet.is_typeset)

        self.waits_for(is_calm, "a calm window")

    def presses(self, action: str) -> None:
        """Chooses an action by its id, as a menu would, as soon as it can be chosen."""
        self.waits_for(self.window.actions_by_id[action].isEnabled, f"{action} to be offered")
        self.window.actions_by_id[action].trigger()
        self.waits_for(self.window.updatesEnabled, "another theme to be put on")

    def types(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Presses a key where the keyboard is."""
        self.returns_to_window()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def returns_to_window(self) -> None:
        """Has the window in front: without a window manager nobody else does that after a popup has closed."""
        if QApplication.activePopupWidget() is None and not self.window.isActiveWindow():
            self.window.activateWindow()
            self.waits_for(self.window.isActiveWindow, "the window in front")

    def rests(self) -> None:
        """Pauses the training and waits until it rests, or has ended meanwhile, and until its verdict is the last."""
        desk = self.window.desk
        if desk.runs.state.value in ("running", "starting"):
            desk.runs.pause()  # the key would begin a run that has ended just now anew
            self.waits_for(lambda: desk.runs.state.value in ("paused", "finished"), "a rest")
        self.waits_for(lambda: not desk.diagnoses.is_behind, "the verdict on all rows")
        self.waits_for_calm()

    def view(self, panel: str) -> QWidget:
        """Returns what stands inside a panel."""
        view = self.window.cards[panel].view
        assert view is not None
        return view

    def finds(self, panel: str, wanted: Callable[[Reference], bool]) -> QPoint:
        """Returns the first point of a panel, line by line, that refers to something wanted."""
        return _point(self.view(panel), wanted)

    def clicks(self, panel: str, wanted: Callable[[Reference], bool]) -> None:
        """Clicks the first point of a panel, line by line, that refers to something wanted."""
        view = self.view(panel)
        target = getattr(view, "viewport", lambda: view)()
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=_point(view, wanted))
        QApplication.processEvents()

    def points_at(self, panel: str, wanted: Callable[[Reference], bool]) -> None:
        """Moves the pointer to the first point of a panel that refers to something wanted."""
        view = self.view(panel)
        QTest.mouseMove(getattr(view, "viewport", lambda: view)(), _point(view, wanted))
        QApplication.processEvents()

    def points_elsewhere(self) -> None:
        """Moves the pointer off the panels."""
        for panel in self.window.cards.values():
            if panel.view is not None:
                QApplication.sendEvent(panel.view, QEvent(QEvent.Type.Leave))
        QTest.mouseMove(self.window.menuBar())

    def looks_at(self, widget: QWidget | None = None) -> np.ndarray:
        """Returns what is seen, shape (height, width, 4), as small numbers."""
        image = (widget or self.window).grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
        # A copy: the picture's memory goes with the picture.
        return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()

    def subject(self, panel: str) -> str:
        """Returns the words in a panel's header."""
        return self.window.cards[panel].subject

    def button(self, action: str) -> QToolButton:
        """Returns the visible button of an action."""
        wanted = self.window.actions_by_id[action]
        return next(button for button in self.window.findChildren(QToolButton) if button.defaultAction() is wanted)

    def chooses(self, box: QComboBox, words: str) -> None:
        """Opens a list, walks to an entry with the arrow keys and presses Return."""
        box.setFocus()
        box.showPopup()
        QTest.keyClick(box.view(), Qt.Key.Key_Home)
        for _ in range(box.findText(words, Qt.MatchFlag.MatchStartsWith)):
            QTest.keyClick(box.view(), Qt.Key.Key_Down)
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
        QApplication.processEvents()

    def reads_list(self, box: QComboBox) -> list[str]:
        """Opens a list and returns the entries that are seen whole without scrolling."""
        box.showPopup()
        view, model = box.view(), box.model()
        self.waits_for(view.isVisible, f"the list of {box.accessibleName()}")
        indexes = [model.index(row, 0) for row in range(model.rowCount())]
        room = view.viewport().rect()
        seen = [index.data() for index in indexes if room.contains(view.visualRect(index))]
        box.hidePopup()
        return seen

    def status(self) -> str:
        """Returns the sentence at the left of the status bar."""
        label = self.window.findChild(QLabel, "status")
        assert isinstance(label, QLabel)
        return label.text()

    def fills_in_file_dialog(self, path: Path) -> None:
        """Pastes a path into the open file dialog and presses its button."""
        self.waits_for(lambda: any(one.isVisible() for one in self.window.findChildren(QFileDialog)), "the dialog")
        dialog = next(dialog for dialog in self.window.findChildren(QFileDialog) if dialog.isVisible())
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        line.setText(str(path))
        buttons = dialog.findChild(QDialogButtonBox)
        assert isinstance(buttons, QDialogButtonBox)
        standard = QDialogButtonBox.StandardButton
        is_save = dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        QTest.mouseClick(buttons.button(standard.Save if is_save else standard.Open), Qt.MouseButton.LeftButton)
        self.waits_for(lambda: not self.window.findChildren(FileWriting), "the file")
        QApplication.processEvents()

    def message(self) -> str:
        """Returns the sentence above the panels, "" when there is none."""
        label = self.window.findChild(QLabel, "message")
        return label.text() if isinstance(label, QLabel) and label.isVisible() else ""


def _point(view: QWidget, wanted: Callable[[Reference], bool]) -> QPoint:
    assert isinstance(view, Pointing)
    for y in range(2, view.height(), 5):
        for x in range(2, view.width(), 5):
            reference = view.reference_at(QPointF(x, y))
            if reference is not None and wanted(reference):
                return QPoint(x, y)
    raise AssertionError("nothing of that kind is on show")


def spoken_name(widget: QWidget) -> str:
    """Returns what a screen reader says for a widget."""
    accessible = QAccessible.queryAccessibleInterface(widget)
    return accessible.text(QAccessible.Text.Name) if accessible is not None else widget.accessibleName()


def sheet_of(person: Person) -> SheetView:
    """Returns the derivation in somebody's window."""
    view = person.view("derivation")
    assert isinstance(view, SheetView)
    return view
