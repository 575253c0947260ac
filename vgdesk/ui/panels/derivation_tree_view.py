"""The derivation as a tree of words: the accessible twin of the painted equations."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from vgdesk.present.derivation_tree import Branch, derivation_tree, sheet_spoken
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.ui.state.selection import Reference, Selection

HEADINGS = ("Derivation", "Read aloud")
_BRANCH = Qt.ItemDataRole.UserRole
_FIRST_COLUMN_PIXELS = 420


class DerivationTreeView(QTreeView):
    """Shows steps, lines and factors; the current factor lights up everywhere, Enter pins it, Ctrl+C copies words."""

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection
        self.sheet: EquationSheet | None = None
        self._model = QStandardItemModel(0, len(HEADINGS), self)
        self._model.setHorizontalHeaderLabels(HEADINGS)
        self.setModel(self._model)
        self.setAccessibleName("Derivation as a tree")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setColumnWidth(0, _FIRST_COLUMN_PIXELS)
        self.selectionModel().currentChanged.connect(lambda current, _: self._selection.hover(self._reference(current)))

    def render(self, sheet: EquationSheet | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a sheet. One with the same branches changes their words only, so that the reader's place stays."""
        if sheet == self.sheet:
            return
        self.sheet = sheet
        tree, root = derivation_tree(sheet) if sheet else (), self._model.invisibleRootItem()
        if _fits(root, tree):
            _rewrite(root, tree)
        else:
            root.removeRows(0, root.rowCount())
            for branch in tree:
                root.appendRow(_row(branch))
            self._unfold_steps()
        self.setAccessibleDescription(f"The gradient by {sheet.wrt}, {sheet.kind}" if sheet else "")

    def copy(self) -> None:
        """Puts the whole derivation in words on the clipboard."""
        if self.sheet is not None:
            QGuiApplication.clipboard().setText(sheet_spoken(self.sheet))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies and pins by keys; everything else walks, folds and unfolds."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._reference(self.currentIndex()):
            self._selection.pin(self._reference(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def _unfold_steps(self) -> None:
        """Shows the lines of the main steps; factors and details stay folded until asked for."""
        steps = self.sheet.steps if self.sheet else ()
        for number, step in enumerate(steps):
            self.setExpanded(self._model.index(number, 0), not step.detail)

    def _reference(self, index: QModelIndex) -> Reference | None:
        branch = index.siblingAtColumn(0).data(_BRANCH) if index.isValid() else None
        if self.sheet is None or not isinstance(branch, Branch) or not branch.factor:
            return None
        return Reference(self.sheet.experiment, branch.place, branch.factor, telling=self.sheet.telling)


def _row(branch: Branch) -> list[QStandardItem]:
    items = [QStandardItem(), QStandardItem()]
    _write(items, branch)
    for child in branch.children:
        items[0].appendRow(_row(child))
    return items


def _write(items: list[QStandardItem], branch: Branch) -> None:
    for item, words in zip(items, (branch.text, branch.spoken), strict=True):
        if item.text() != words:
            item.setText(words)
            item.setToolTip(words)
            item.setData(branch.spoken, Qt.ItemDataRole.AccessibleTextRole)
    items[0].setData(branch, _BRANCH)


def _fits(item: QStandardItem, branches: tuple[Branch, ...]) -> bool:
    """Says whether a tree already has these branches, up to their words."""
    return item.rowCount() == len(branches) and all(
        _fits(item.child(row, 0), branch.children) for row, branch in enumerate(branches)
    )


def _rewrite(item: QStandardItem, branches: tuple[Branch, ...]) -> None:
    for row, branch in enumerate(branches):
        _write([item.child(row, 0), item.child(row, 1)], branch)
        _rewrite(item.child(row, 0), branch.children)
