"""The dialog Help > Reference: the pages at the left, the chosen one, set in type, at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QSplitter, QTextBrowser, QVBoxLayout

from vgdesk.present.reference import reference_page, reference_pages
from vgdesk.ui.panels.plain_buttons import plain_buttons

if TYPE_CHECKING:
    from vgdesk.ui.window import Window

SIZE, LIST_WIDTH, LIST_GAP = (920, 640), 250, 3
PARAGRAPH_GAP, HEADING_GAP = 9, 16  # pixels below a paragraph, above a heading inside the page
HEADING_SIZES = {1: 2, 2: 1}  # steps above the text's size


class ReferenceDialog(QDialog):
    """Shows the reference beside the window; one may stay open while one works."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setWindowTitle("Reference")
        self.resize(*SIZE)
        self.pages = QListWidget()
        self.pages.setSpacing(LIST_GAP)
        self.pages.setAccessibleName("Pages of the reference")
        self.text = QTextBrowser()
        self.text.setAccessibleName("Page of the reference")
        self._names = [page.name for page in reference_pages()]
        self.pages.addItems([page.title.partition(":")[0] for page in reference_pages()])
        self.pages.currentRowChanged.connect(self._show)
        self.pages.setCurrentRow(0)
        halves = QSplitter()
        halves.addWidget(self.pages)
        halves.addWidget(self.text)
        halves.setSizes([LIST_WIDTH, SIZE[0] - LIST_WIDTH])
        halves.setStretchFactor(1, 1)
        buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(halves, 1)
        layout.addWidget(buttons)
        self.finished.connect(self.deleteLater)
        self.pages.setFocus()

    def _show(self, row: int) -> None:
        self.text.setMarkdown(reference_page(self._names[row]).text)
        _give_air(self.text.document())
        self.text.moveCursor(QTextCursor.MoveOperation.Start)


def _give_air(document: QTextDocument) -> None:
    """Sets headings in moderate sizes and paragraphs apart, for Qt reads Markdown without any margin."""
    block = document.begin()
    while block.isValid():
        _space(block)
        block = block.next()


def _space(block: QTextBlock) -> None:
    cursor, layout = QTextCursor(block), block.blockFormat()
    level = layout.headingLevel()
    if cursor.currentTable() is None:
        layout.setBottomMargin(PARAGRAPH_GAP)
        layout.setTopMargin(HEADING_GAP if level > 1 else 0)
        cursor.setBlockFormat(layout)
    if level:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        smaller = QTextCharFormat()
        smaller.setProperty(QTextFormat.Property.FontSizeAdjustment, HEADING_SIZES[min(level, 2)])
        cursor.mergeCharFormat(smaller)
