"""The Claims workspace: a scrolling column of claims, made a few at a time so that the window never waits for it."""

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from vgdesk.present.claims import ClaimsScene
from vgdesk.ui.panels.claim_widget import ClaimWidget
from vgdesk.ui.state.claims import Claims
from vgdesk.ui.theme import ThemeState

BUDGET_SECONDS = 0.008
"""For making cards between two looks at what else the person wants."""
WIDEST = 1100


class ClaimsView(QScrollArea):
    """Shows a `ClaimsScene`."""

    def __init__(self, claims: Claims, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._claims, self._themes = claims, themes
        self._scene: ClaimsScene | None = None
        self.widgets: dict[int, ClaimWidget] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Popular claims")
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(10)
        self._column.addStretch(1)
        self.setWidget(inner)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._make_some)
        themes.changed.connect(self._repaint)

    @property
    def is_complete(self) -> bool:
        """Whether every claim has its card."""
        return self._scene is not None and len(self.widgets) == len(self._scene.cards)

    def render(self, scene: ClaimsScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows all claims as they stand now."""
        self._scene = scene
        if scene is None:
            return
        for card in scene.cards:
            if card.number in self.widgets:
                self.widgets[card.number].render_card(card)
        if not self.is_complete:
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Brings a card into sight when the keyboard reaches it."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched.parentWidget() or watched, 0, 12)
        return super().eventFilter(watched, event)

    def _make_some(self) -> None:
        deadline = time.perf_counter() + BUDGET_SECONDS
        for card in self._scene.cards if self._scene else ():
            if card.number not in self.widgets:
                made = ClaimWidget(card, self._themes)
                made.setMaximumWidth(WIDEST)
                made.asked.connect(self._claims.test)
                made.button.installEventFilter(self)
                self.widgets[card.number] = made
                self._column.insertWidget(self._column.count() - 1, made)
                if time.perf_counter() > deadline:
                    return
        self._timer.stop()

    def _repaint(self) -> None:
        for widget in self.widgets.values():
            widget.update()
