"""The remedies' panel: what each would change here and its honest word, with boxes to tick for combinations."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from vgdesk.records.remedy import Offer
from vgdesk.ui.panels.action_button import action_button
from vgdesk.ui.panels.whole_rows import WholeRows
from vgdesk.ui.panels.wrapped_rows import WrappedRows
from vgdesk.ui.state.remedies import Remedies
from vgdesk.ui.theme import ThemeState

HINT = "Tick one remedy, or several that go together."
_NAME = Qt.ItemDataRole.UserRole


class RemediesView(QWidget):
    """Shows offers; ticks go to the state."""

    def __init__(self, remedies: Remedies, themes: ThemeState, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._remedies = remedies
        self._is_filling = False
        self.setAccessibleName("Remedies")
        self.list = _list()
        WholeRows(self.list, themes)
        self.list.itemChanged.connect(self._tick)
        self.list.itemActivated.connect(self._turn)
        self.words = QLabel(HINT)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "dim")
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        for name, is_primary in (("apply_remedies", True), ("race_ticked", False)):
            row.addWidget(action_button(actions[name], is_primary))
        row.addWidget(self.words, 1)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.list)

    def render(self, offers: tuple[Offer, ...] | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows the offers, those that do not apply last; None or nothing while they are being made."""
        self._is_filling = True
        ordered = sorted(offers or (), key=lambda offer: offer.experiment is None)
        self._make_room(len(ordered))
        for row, offer in enumerate(ordered):
            self._fill(self.list.item(row), offer)
        self._is_filling = False
        chosen = self._remedies.chosen
        self.words.setText(HINT if chosen is None else _preview(chosen))

    def _make_room(self, rows: int) -> None:
        while self.list.count() > rows:
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < rows:
            self.list.addItem(QListWidgetItem())

    def _fill(self, item: QListWidgetItem, offer: Offer) -> None:
        title, word = f"{offer.title[0].upper()}{offer.title[1:]}", offer.sentence
        applies = offer.experiment is not None
        change = offer.difference if applies else offer.reason.removeprefix(f"{offer.name} does not apply: ")
        text = f"{title}: {change}\n{word[0].upper()}{word[1:]}." if applies else f"{title} does not apply: {change}"
        if item.text() != text:
            item.setText(text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        item.setFlags(flags if applies else Qt.ItemFlag.NoItemFlags)
        item.setData(_NAME, offer.name)
        ticked = offer.name in self._remedies.ticked
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setToolTip(f"Acts on: {offer.acts_on}")

    def _tick(self, item: QListWidgetItem) -> None:
        if not self._is_filling:
            self._remedies.tick(item.data(_NAME), item.checkState() is Qt.CheckState.Checked)

    def _turn(self, item: QListWidgetItem) -> None:
        """Ticks with Return, as Space does."""
        is_on = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)


def _preview(chosen: Offer) -> str:
    return chosen.difference if chosen.experiment is not None else chosen.reason


def _list() -> QListWidget:
    remedies = QListWidget()
    remedies.setAccessibleName("Remedies; tick those to apply")
    remedies.setWordWrap(True)
    remedies.setItemDelegate(WrappedRows(remedies))
    remedies.setResizeMode(QListView.ResizeMode.Adjust)
    remedies.setFrameShape(QFrame.Shape.NoFrame)
    remedies.setSpacing(2)
    remedies.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    remedies.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return remedies
