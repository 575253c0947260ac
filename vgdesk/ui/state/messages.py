"""What went wrong, in one sentence, until it is read or put right: the calm line above the panels.

A sentence may be *about* a kind of request ("open", "edit", "export", "train", ...); the next request of that kind that
succeeds takes it away, and so does another network where it was about one (`message_ends`). What went right is told in
passing (`told`) and stays nowhere.
"""

from PySide6.QtCore import QObject, Signal


class Messages(QObject):
    """Holds the sentence on show, "" for none; `changed` carries it. `told` carries good news."""

    changed = Signal(str)
    told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentence = self._about = ""

    @property
    def sentence(self) -> str:
        """The sentence on show."""
        return self._sentence

    def post(self, sentence: str, about: str = "") -> None:
        """Shows a sentence in place of the one before."""
        self._about = about
        self._set(sentence)

    def settle(self, about: str) -> None:
        """Notes that a request of this kind succeeded: what was said about an earlier one no longer holds."""
        if about == self._about:
            self._set("")

    def tell(self, sentence: str) -> None:
        """Says in passing that something was done."""
        self.told.emit(sentence)

    def dismiss(self) -> None:
        """Takes the sentence away."""
        self._set("")

    def _set(self, sentence: str) -> None:
        if sentence != self._sentence:
            self._sentence = sentence
            self.changed.emit(sentence)
