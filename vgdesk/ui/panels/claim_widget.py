"""One claim: statement, verdict, what theory expects, what was measured, sources; buttons test and open it.

The words are painted, for thirty-one cards of wrapping labels would take the window a fifth of a second to lay out; a
screen reader is told all of them by the card's name and description.
"""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QWidget

from vgdesk.present.claims import ClaimCard, spoken
from vgdesk.present.scenes import Tone
from vgdesk.ui.panels.claim_chart import paint_rows
from vgdesk.ui.panels.claim_layout import GAP, PAD, ClaimLayout, font_of, lay_out
from vgdesk.ui.theme import Theme, ThemeState
from vgdesk.ui.typeset import unbroken

_BUTTON_WORDS = ("Test", "Test again")
_RUNNING = "Testing…"
_OPEN_WORDS = ("Open experiment", "Open experiment…")
_BUTTON_TOP = 8
_WRAPPED = int(Qt.TextFlag.TextWordWrap)


class ClaimWidget(QFrame):
    """Shows one `ClaimCard`; `asked` says that somebody wants it tested, `opened` wants an experiment by its arm."""

    asked = Signal(int)
    opened = Signal(int, str)

    def __init__(self, card: ClaimCard, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self._themes = themes
        self._layout: ClaimLayout | None = None
        self.setProperty("card", True)
        self.setAccessibleName(f"Claim {card.number}: {card.statement}")
        self.button = QPushButton(_BUTTON_WORDS[1], self)
        self.button.setAccessibleName(f"Test claim {card.number}")
        self.button.setToolTip(f"Run the experiment of claim {card.number}; it takes seconds")
        self.button.clicked.connect(lambda: self.asked.emit(self.card.number))
        self._button_size = self.button.sizeHint()
        self.open_button = QPushButton(_OPEN_WORDS[len(card.arms) > 1], self)
        self.open_button.setAccessibleName(f"Open experiment of claim {card.number}")
        self.open_button.setToolTip(f"Lay an experiment of claim {card.number} on the desk")
        self.open_button.clicked.connect(self._open)
        self._open_size = self.open_button.sizeHint()
        self._show()

    def render_card(self, card: ClaimCard) -> bool:
        """Shows the claim as it stands now; returns whether it needs another height."""
        if card == self.card:
            return False
        before, self.card, self._layout = self.layout_at(self.width()).height, card, None
        self._show()
        self.update()
        return self.layout_at(self.width()).height != before

    def layout_at(self, width: float) -> ClaimLayout:
        """Returns where everything stands at a width."""
        if self._layout is None or self._layout.chart.right() != width - PAD:
            self._layout = lay_out(self.card, width, self._buttons_width, self._button_size.height())
        return self._layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        size, other = self._button_size, self._open_size
        self.button.setGeometry(round(self.width() - PAD - size.width()), _BUTTON_TOP, size.width(), size.height())
        left = round(self.width() - PAD - self._buttons_width)
        self.open_button.setGeometry(left, _BUTTON_TOP, other.width(), other.height())
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, placed, painter = self._themes.current, self.layout_at(self.width()), QPainter(self)
        for block in placed.blocks:
            painter.setFont(font_of(block.role))
            painter.setPen(QColor(theme.dim if block.role == "dim" else theme.text))
            painter.drawText(block.rect, _WRAPPED, unbroken(block.words))
        self._paint_chip(painter, theme, placed.chip)
        paint_rows(painter, theme, self.card.rows, placed.chart)
        painter.end()

    @property
    def _buttons_width(self) -> float:
        return self._open_size.width() + GAP + self._button_size.width()

    def _open(self) -> None:
        """Opens the only experiment, or asks which."""
        number, arms = self.card.number, self.card.arms
        if len(arms) == 1:
            self.opened.emit(number, arms[0].name)
            return
        menu = QMenu(self)
        for arm in arms:
            menu.addAction(arm.words, lambda name=arm.name: self.opened.emit(number, name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.open_button.mapToGlobal(self.open_button.rect().bottomLeft()))

    def _show(self) -> None:
        # Not disabled: Qt would hand the keyboard on to whatever comes next. A second press asks for nothing new.
        self.button.setText(_RUNNING if self.card.is_running else _BUTTON_WORDS[bool(self.card.rows)])
        if bool(self.button.property("busy")) is not self.card.is_running:
            self.button.setProperty("busy", self.card.is_running)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)
        self.setAccessibleDescription(f"{spoken(self.card)} {self.card.expectation} Sources: {self.card.sources}")

    def _paint_chip(self, painter: QPainter, theme: Theme, room: QRectF) -> None:
        """Paints the verdict, glyph and word, in a frame whose colour repeats what they say."""
        card = self.card
        colour = theme.dim if not card.is_judged else theme.alert if card.tone is Tone.ALERT else theme.accent
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), 1.2 if card.is_judged else 0.0))
        if card.is_judged:
            painter.drawRoundedRect(room, 10.0, 10.0)
        painter.setFont(font_of("title" if card.is_judged else "dim"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), card.chip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
