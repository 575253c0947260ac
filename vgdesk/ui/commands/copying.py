"""Menu Edit, copy: the derivation on show, or a program that computes its gradients, comes to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from vgdesk.errors import ExportError

if TYPE_CHECKING:
    from vgdesk.ui.equations.sheet_view import CopyKind
    from vgdesk.ui.window import Window

PROGRAM_WORDS = {"numpy": "NumPy", "sympy": "SymPy"}


def copy_derivation(window: Window, kind: CopyKind) -> None:
    """Puts the derivation on show on the clipboard: "latex", "svg", "image" or "text"."""
    messages = window.desk.messages
    try:
        window.views.copy_derivation(kind)
    except ExportError as error:
        messages.post(str(error), "export")
    else:
        messages.settle("export")
        messages.tell("Copied the derivation")


def copy_program(window: Window, language: str, source: str) -> None:
    """Puts a program that has been written on the clipboard."""
    QGuiApplication.clipboard().setText(source)
    window.desk.messages.tell(f"Copied the {PROGRAM_WORDS[language]} program")
