"""File dialogs that do not block: they open, and call back with the chosen path.

Qt's dialog itself asks before a file is overwritten. The suffix follows the chosen format.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QWidget


def ask_file_to_open(parent: QWidget, title: str, file_filter: str, then: Callable[[Path], None]) -> None:
    """Lets a person choose an existing file."""
    from PySide6.QtWidgets import QFileDialog

    dialog = QFileDialog(parent, title)
    dialog.setNameFilter(file_filter)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, then)


def ask_file_to_write(
    parent: QWidget, title: str, name: str, formats: dict[str, str], then: Callable[[Path], None]
) -> None:
    """Lets a person choose where to write.

    Parameters
    ----------
    name
        Proposed file name without suffix.
    formats
        Suffix without dot -> words, in the order of the menu; the first one is proposed.
    """
    from PySide6.QtWidgets import QFileDialog

    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    suffixes = {f"{words} (*.{suffix})": suffix for suffix, words in formats.items()}
    dialog.setNameFilters(list(suffixes))
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(suffixes[chosen]))
    first = next(iter(formats))
    dialog.setDefaultSuffix(first)
    dialog.selectFile(f"{name}.{first}")
    _open(dialog, then)


def _open(dialog: QFileDialog, then: Callable[[Path], None]) -> None:
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
