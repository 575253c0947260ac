"""The verdict's panel: what becomes of the gradient, whether the network learns, and by which signs we know.

What was not recorded and what the verdict rests on stand behind the findings in the same list: in a small window they
are scrolled to, and leave the findings their room.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk.present.diagnosis import FindingLine, VerdictScene
from vgdesk.records.finding import Finding
from vgdesk.ui.chrome.more_below import MoreBelow
from vgdesk.ui.panels.action_button import action_button
from vgdesk.ui.panels.wrapped_rows import WrappedRows
from vgdesk.ui.theme import ThemeState
from vgdesk.ui.tint import tint
from vgdesk.ui.typeset import unbroken

EMPTY = "No verdict yet: train the network, and the gradient is watched while it learns."
_FINDING = Qt.ItemDataRole.UserRole
LEAST_LIST = 112
"""Pixels below which the list is not squeezed: its first finding is whole, and one sees that there are more."""


class VerdictView(QWidget):
    """Shows a `VerdictScene`; `evidence_asked` carries the finding that was clicked, or chosen with Return."""

    evidence_asked = Signal(object)

    def __init__(self, themes: ThemeState, actions: tuple[QAction, QAction]) -> None:
        super().__init__()
        self._themes, self._scene = themes, None
        self.setAccessibleName("Verdict")
        self.verdict, self.learning = QLabel(), QLabel()
        large = QFont(self.verdict.font())
        large.setPixelSize(20)
        large.setWeight(QFont.Weight.DemiBold)
        self.verdict.setFont(large)
        self.sentence, self.confidence = QLabel(EMPTY), QLabel()
        for label in (self.sentence, self.confidence):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.findings = _list()
        MoreBelow(self.findings, themes)
        self.findings.itemClicked.connect(self._ask)
        self.findings.itemActivated.connect(self._ask)
        self._lay_out(actions)
        themes.changed.connect(lambda _: self.render(self._scene))

    def render(self, scene: VerdictScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene; None while there is no row."""
        self._scene = scene
        self.verdict.setText(scene.verdict if scene else "")
        self.learning.setText(f"Does it learn?  {scene.learning}" if scene else "")
        self.sentence.setText(unbroken(scene.sentence) if scene else EMPTY)
        self.confidence.setText(unbroken(scene.confidence) if scene else "")
        self.confidence.setVisible(bool(scene and scene.confidence))
        if scene:
            tint(self.verdict, scene.tone)
            tint(self.learning, scene.learning_tone)
        remarks = (scene.unseen, scene.basis) if scene else ()
        self._fill(scene.findings if scene else (), list(filter(None, remarks)))

    def _fill(self, lines: tuple[FindingLine, ...], remarks: list[str]) -> None:
        """Changes what is different, so that a list that is being read or clicked does not jump."""
        theme = self._themes.current
        self._make_room(len(lines) + len(remarks))
        for row, line in enumerate(lines):
            text = f"{line.head} – {line.sentence}\n{line.note}"
            self._write(self.findings.item(row), text, theme.tone(line.tone), line.finding)
        for row, text in enumerate(remarks, start=len(lines)):
            self._write(self.findings.item(row), text, QColor(theme.dim), None)

    def _make_room(self, rows: int) -> None:
        while self.findings.count() > rows:
            self.findings.takeItem(self.findings.count() - 1)
        while self.findings.count() < rows:
            self.findings.addItem(QListWidgetItem())

    def _write(self, item: QListWidgetItem, text: str, colour: QColor, finding: Finding | None) -> None:
        if item.text() != text:
            item.setText(text)
        item.setForeground(colour)
        item.setData(_FINDING, finding)
        is_choice = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(is_choice if finding is not None else Qt.ItemFlag.ItemIsEnabled)

    def _ask(self, item: QListWidgetItem) -> None:
        finding = item.data(_FINDING)
        if isinstance(finding, Finding):
            self.evidence_asked.emit(finding)

    def _lay_out(self, actions: tuple[QAction, QAction]) -> None:
        column, first, last = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        first.addWidget(self.verdict)
        first.addStretch(1)
        first.addWidget(self.learning)
        for action, is_primary in zip(actions, (True, False), strict=True):
            last.addWidget(action_button(action, is_primary))
        last.addStretch(1)
        column.addLayout(first)
        for part in (self.sentence, self.confidence):
            column.addWidget(part)
        column.addLayout(last)
        column.addWidget(self.findings, 1)
        self.setFocusProxy(self.findings)


def _list() -> QListWidget:
    findings = QListWidget()
    findings.setAccessibleName("Findings; choose one to see its evidence")
    findings.setToolTip("Click a finding to see its evidence in the plots")
    findings.setWordWrap(True)
    findings.setItemDelegate(WrappedRows(findings))
    findings.setResizeMode(QListView.ResizeMode.Adjust)
    findings.setFrameShape(QFrame.Shape.NoFrame)
    findings.setSpacing(3)
    findings.setMinimumHeight(LEAST_LIST)
    findings.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    findings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    findings.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return findings
