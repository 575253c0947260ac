"""The Claims workspace: a scrolling column of claims, made a few at a time so that the window never waits for it."""

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from vgdesk.present.claims import ClaimsScene
from vgdesk.ui.panels.claim_widget import ClaimWidget
from vgdesk.ui.state.claims import Claims
from vgdesk.ui.theme import ThemeState

BUDGET_SECONDS = 0.006
"""For making cards between two looks at what else the person wants."""
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
SPACING, RIGHT_MARGIN = 10, 8


class ClaimsView(QScrollArea):
    """Shows a `ClaimsScene`."""

    def __init__(self, claims: Claims, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._claims, self._themes = claims, themes
        self._scene: ClaimsScene | None = None
        self.widgets: dict[int, ClaimWidget] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Popular claims")
        self._sheet = QWidget()
        self.setWidget(self._sheet)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._make_some)
        themes.changed.connect(lambda _: self._sheet.update())

    @property
    def is_complete(self) -> bool:
        """Whether every claim has its card."""
        return self._scene is not None and len(self.widgets) == len(self._scene.cards)

    def render(self, scene: ClaimsScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows all claims as they stand now."""
        self._scene = scene
        if scene is None:
            return
        known = [card for card in scene.cards if card.number in self.widgets]
        moved = [self.widgets[card.number].render_card(card) for card in known]
        if any(moved):
            self._arrange()
        if not self.is_complete:
            self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Brings a card into sight when Tab reaches its button; the keyboard comes there in other ways, too."""
        if isinstance(event, QFocusEvent) and event.reason() in _BY_TAB and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched.parentWidget() or watched, 0, SPACING)
        return super().eventFilter(watched, event)

    def _make_some(self) -> None:
        deadline = time.perf_counter() + BUDGET_SECONDS
        for card in self._scene.cards if self._scene else ():
            if card.number not in self.widgets:
                made = ClaimWidget(card, self._themes, self._sheet)
                made.asked.connect(self._claims.test)
                made.opened.connect(self._claims.open)
                for button in (made.open_button, made.button):
                    button.installEventFilter(self)
                self.widgets[card.number] = made
                self._arrange()  # being shown costs more than being made
                if time.perf_counter() > deadline:
                    return
        self._timer.stop()

    def _arrange(self) -> None:
        """Puts the cards one below the other in the width there is."""
        width, y = self.viewport().width() - RIGHT_MARGIN, 0
        for number in sorted(self.widgets):
            card = self.widgets[number]
            height = round(card.layout_at(width).height)
            card.setGeometry(0, y, width, height)
            card.show()
            y += height + SPACING
        self._sheet.resize(self.viewport().width(), y)
