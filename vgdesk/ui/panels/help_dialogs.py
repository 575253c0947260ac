"""The small dialogs of the menu Help: shortcuts, system information, about."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QMessageBox,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk import __version__
from vgdesk.ui.panels.plain_buttons import plain_buttons, strip_icons

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

PACKAGES = ("numpy", "scipy", "sympy", "numba", "PySide6-Essentials", "pyqtgraph", "typst", "msgspec", "matplotlib")


def show_shortcuts(window: Window) -> None:
    """Lists every action that has keys."""
    actions = [action for action in window.actions_by_id.values() if not action.shortcut().isEmpty()]
    table = QTableWidget(len(actions), 2)
    table.setAccessibleName("Keyboard shortcuts")
    table.setHorizontalHeaderLabels(["Keys", "What they do"])
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    for row, action in enumerate(actions):
        table.setItem(row, 0, QTableWidgetItem(_keys(action.shortcut())))
        table.setItem(row, 1, QTableWidgetItem(action.statusTip()))
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    _show(window, "Keyboard shortcuts", table)


def show_system_information(window: Window) -> None:
    """Shows versions and process numbers, as text to be copied into a report."""
    lines = [f"vgdesk {__version__}", f"Python {platform.python_version()}", platform.platform(), f"Qt {qVersion()}"]
    lines += [f"{package} {_version(package)}" for package in PACKAGES]
    lines.append(f"window system: {QGuiApplication.platformName()}")
    lines.append(f"worker processes: {', '.join(map(str, window.desk.jobs.pids)) or 'none'}")
    text = QPlainTextEdit("\n".join(lines))
    text.setReadOnly(True)
    text.setAccessibleName("System information")
    _show(window, "System information", text)


def show_about(window: Window) -> None:
    """Says what vgdesk is."""
    box = QMessageBox(window)
    box.setWindowTitle("About vgdesk")
    box.setText(f"<b>vgdesk {__version__}</b>")
    box.setInformativeText(
        "How large is the gradient in each layer, and why? vgdesk derives gradients step by step and measures them "
        "in training, side by side.\n\nBSD-3-Clause licence. Fonts, icons and data carry their own licences, which "
        "lie beside them."
    )
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    strip_icons(box)
    box.finished.connect(box.deleteLater)
    box.open()


def _show(window: Window, title: str, content: QWidget) -> None:
    dialog = QDialog(window)
    dialog.setWindowTitle(title)
    dialog.resize(560, 520)
    layout = QVBoxLayout(dialog)
    layout.addWidget(content)
    buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout.addWidget(buttons)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _keys(sequence: QKeySequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
