"""One claim: statement, verdict, what theory expects, what was measured, sources, and a button that tests it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from vgdesk.present.claims import ClaimCard, spoken
from vgdesk.present.scenes import Tone
from vgdesk.ui.panels.claim_chart import ClaimChart
from vgdesk.ui.theme import ThemeState


class Chip(QLabel):
    """Is the verdict in a rounded frame: glyph and word; the colour repeats what they say."""

    def __init__(self, themes: ThemeState) -> None:
        super().__init__()
        self._themes, self._tone, self._is_judged = themes, Tone.THEORY, False
        self.setContentsMargins(10, 2, 10, 3)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_verdict(self, words: str, tone: Tone, is_judged: bool) -> None:
        """Shows a verdict, or what stands in its place."""
        self._tone, self._is_judged = tone, is_judged
        self.setProperty("role", ("alert" if tone is Tone.ALERT else "title") if is_judged else "dim")
        self.setText(words)
        self.style().polish(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_judged:
            theme, painter = self._themes.current, QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.alert if self._tone is Tone.ALERT else theme.measured), 1.2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 9, 9)
            painter.end()
        super().paintEvent(event)


class ClaimWidget(QFrame):
    """Shows one `ClaimCard`."""

    asked = Signal(int)

    def __init__(self, card: ClaimCard, themes: ThemeState) -> None:
        super().__init__()
        self._card: ClaimCard | None = None
        self.number = card.number
        self.setProperty("card", True)
        self.setAccessibleName(f"Claim {card.number}: {card.statement}")
        self._statement = _label(f"{card.number}. {card.statement}", "title")
        self._chip = Chip(themes)
        self.button = QPushButton("Test")
        self.button.setAccessibleName(f"Test claim {card.number}")
        self.button.setToolTip(f"Run the experiment of claim {card.number}; it takes seconds")
        self.button.clicked.connect(lambda: self.asked.emit(self.number))
        self._body = _label(f"{card.expectation}\nTest: {card.test}")
        self._verdict = _label("", "title")
        self._chart = ClaimChart(themes)
        self._sources = _label(f"Sources: {card.sources}", "dim")
        self._arrange()
        self.render_card(card)

    def render_card(self, card: ClaimCard) -> None:
        """Shows the claim as it stands now."""
        if card == self._card:
            return
        self._card = card
        self._chip.show_verdict(card.chip, card.tone, card.is_judged)
        self._verdict.setText(card.verdict)
        self._verdict.setVisible(bool(card.verdict))
        self._chart.show_rows(card.rows)
        self.button.setEnabled(not card.is_running)
        self.button.setText("Test again" if card.rows else "Test")
        self.setAccessibleDescription(spoken(card))

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._statement, 1)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for widget in (self._body, self._verdict, self._chart, self._sources):
            column.addWidget(widget)


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label
