"""The palette: type a few letters, see what fits, press Return. Used for commands and for the bundled examples.

Letters fit when they occur in the words in their order; entries that hold what was typed, word by word, come first.
Where no entry does, Return runs nothing: scattered letters are found almost anywhere, and nobody meant all of those.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

ROW_PIXELS = 28
WALK = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ALSO = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """Is one line: its words, a detail at the right, what choosing it does, and whether it can be chosen now.

    `also` are other words for the same, which are not shown; letters must occur in them as one piece.
    """

    text: str
    detail: str
    run: Callable[[], object]
    is_possible: bool = True
    also: str = ""


def fit(letters: str, words: str) -> int:
    """Returns how well letters fit words.

    0 not at all, 1 scattered in order, 2 each word typed is there as one piece, 3 as one piece at the beginning.
    """
    letters, words = _typed(letters), _typed(words)
    if words.startswith(letters):
        return 3
    if all(piece in words for piece in letters.split()):
        return 2
    remaining = iter(words)
    return int(all(letter in remaining for letter in letters))


def _typed(text: str) -> str:
    """Returns a text as people type it: small letters, and x for the sign of multiplication."""
    return text.casefold().strip().replace("×", "x")


class _Fitting(QSortFilterProxyModel):
    """Keeps what fits the letters, the best first."""

    letters = ""

    def look_for(self, letters: str) -> None:
        self.letters = letters
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        return self._fit(source_row) > 0

    def lessThan(self, source_left: Index, source_right: Index) -> bool:
        return self._rank(source_left.row()) < self._rank(source_right.row())

    def _rank(self, row: int) -> tuple[bool, bool, int, int]:
        """Puts what holds the letters as one piece before what only scatters them, and greyed lines behind others."""
        how_well = self._fit(row)
        return how_well == 1, self._is_greyed(row), -how_well, row

    def _is_greyed(self, row: int) -> bool:
        """Whether a line cannot be chosen."""
        return not self.sourceModel().flags(self.sourceModel().index(row, 0)) & Qt.ItemFlag.ItemIsEnabled

    def _fit(self, row: int) -> int:
        source = self.sourceModel()
        also = source.index(row, 0).data(_ALSO)
        shown = fit(self.letters, f"{source.index(row, 0).data()} {source.index(row, 1).data()}")
        return max(shown, 2 if _typed(self.letters) in also else 0)

    @property
    def holds_words(self) -> bool:
        """Whether the first line has more of what was typed than its letters here and there."""
        return self.rowCount() > 0 and self._fit(self.mapToSource(self.index(0, 0)).row()) > 1


class Palette(QDialog):
    """Offers entries; Return or a click runs the chosen one after the palette has closed."""

    def __init__(self, parent: QWidget, prompt: str, entries: list[Entry]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(prompt)
        self._entries = entries
        self._model = QStandardItemModel(0, 2, self)
        for number, entry in enumerate(entries):
            self._model.appendRow(_row(entry, number))
        self._fitting = _Fitting(self)
        self._fitting.setSourceModel(self._model)
        self._fitting.sort(0)
        self._list = self._make_list(prompt)
        self.search = QLineEdit()
        self.search.setPlaceholderText(prompt)
        self.search.setAccessibleName(prompt)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._look_for)
        self.search.returnPressed.connect(lambda: self._choose(self._list.currentIndex()))
        self.search.installEventFilter(self)
        self.nothing = QLabel()
        self.nothing.setProperty("role", "dim")
        self.nothing.setWordWrap(True)
        frame = QFrame()
        frame.setProperty("card", True)
        outside, layout = QVBoxLayout(self), QVBoxLayout(frame)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing)
        layout.addWidget(self._list, 1)
        self.setFocusProxy(self.search)
        self._look_for("")

    def open_over(self, window: QWidget) -> None:
        """Shows the palette in the upper middle of a window."""
        width = min(620, window.width() - 80)
        height = min(80 + ROW_PIXELS * len(self._entries), 440, window.height() - 120)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(corner.x() + (window.width() - width) // 2, corner.y() + 72, width, height)
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_walk = isinstance(event, QKeyEvent) and event.key() in WALK and event.type() == QEvent.Type.KeyPress
        if watched is self.search and is_walk:
            self._list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _make_list(self, prompt: str) -> QTreeView:
        view = QTreeView()
        view.setAccessibleName(f"{prompt}: what fits")
        view.setModel(self._fitting)
        view.setHeaderHidden(True)
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setStyleSheet(f"QTreeView {{ border: none }} QTreeView::item {{ height: {ROW_PIXELS}px; padding: 0 6px }}")
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.header().setStretchLastSection(False)
        view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        view.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        view.clicked.connect(self._choose)
        return view

    def _look_for(self, letters: str) -> None:
        self._fitting.look_for(letters)
        is_found = self._fitting.holds_words
        self._list.setCurrentIndex(self._fitting.index(0, 0) if is_found else QModelIndex())
        has_letters = "; below is what has its letters" if self._fitting.rowCount() else ""
        self.nothing.setText(f"Nothing {'holds' if has_letters else 'fits'} “{letters.strip()}”{has_letters}.")
        self.nothing.setVisible(not is_found)

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid() or not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        entry = self._entries[index.siblingAtColumn(0).data(Qt.ItemDataRole.UserRole)]
        self.close()
        entry.run()


def _row(entry: Entry, number: int) -> list[QStandardItem]:
    words, detail = QStandardItem(entry.text), QStandardItem(entry.detail)
    words.setData(number, Qt.ItemDataRole.UserRole)
    words.setData(_typed(entry.also), _ALSO)
    detail.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    for item in (words, detail):
        item.setEnabled(entry.is_possible)
    return [words, detail]
