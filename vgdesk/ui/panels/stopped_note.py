"""What stands in the derivation's panel in place of a derivation that was stopped, or failed: why, and a way on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from vgdesk.ui.typeset import unbroken


class StoppedNote(QWidget):
    """Shows a sentence and a button below it; `again_asked` tells of the button."""

    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Why there is no derivation")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.again = QPushButton("Try again")
        self.again.setToolTip("Derive this gradient once more")
        self.again.clicked.connect(self.again_asked)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.words)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.hide()

    def tell(self, sentence: str) -> None:
        """Shows why there is no derivation; "" hides the note."""
        self.words.setText(unbroken(sentence))
        self.setVisible(bool(sentence))
