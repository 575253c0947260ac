"""The calm line above the panels that says what went wrong, until it is dismissed."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from vgdesk.ui.icons import icon
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.theme import Theme, ThemeState
from vgdesk.ui.typeset import unbroken


class Banner(QWidget):
    """Shows the sentence of `Messages`; hidden while there is none."""

    def __init__(self, messages: Messages, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = QFrame()
        frame.setProperty("card", True)
        self.setAccessibleName("Message")
        outside = QVBoxLayout(self)
        outside.setContentsMargins(8, 8, 8, 0)
        outside.addWidget(frame)
        self._themes = themes
        self._sign, self._sentence = QLabel(), QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setObjectName("message")
        self._close = QToolButton()
        self._close.setToolTip("Dismiss this message")
        self._close.setAccessibleName("Dismiss message")
        self._close.clicked.connect(messages.dismiss)
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._sign)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._close)
        messages.changed.connect(self._follow)
        themes.changed.connect(self._tint)
        self._follow(messages.sentence)

    def _follow(self, sentence: str) -> None:
        self._sentence.setText(unbroken(sentence))
        if sentence:
            self._tint(self._themes.current)
        self.setVisible(bool(sentence))

    def _tint(self, theme: Theme) -> None:
        if self._sentence.text():
            self._sign.setPixmap(icon("alert", theme.alert).pixmap(20))
            self._close.setIcon(icon("x", theme.dim))
