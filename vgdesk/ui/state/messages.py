"""What went wrong, in one sentence, until it is read: the calm line above the panels."""

from PySide6.QtCore import QObject, Signal


class Messages(QObject):
    """Holds the sentence on show, "" for none; `changed` carries it."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentence = ""

    @property
    def sentence(self) -> str:
        """The sentence on show."""
        return self._sentence

    def post(self, sentence: str) -> None:
        """Shows a sentence in place of the one before."""
        self._set(sentence)

    def dismiss(self) -> None:
        """Takes the sentence away."""
        self._set("")

    def _set(self, sentence: str) -> None:
        if sentence != self._sentence:
            self._sentence = sentence
            self.changed.emit(sentence)
