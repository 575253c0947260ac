"""A message about a network goes when that network leaves the desk, or another weight of it is derived.

What is said of files, tables, exports, studies and kept runs stays: no other network puts it right.
"""

from PySide6.QtCore import QObject

from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session

OF_FORMULA = ("edit", "derive", "view", "verify", "what-if", "unfold", "state")
OF_WEIGHT = ("derive", "view", "unfold")
OF_TRAINING = ("edit", "train", "remedy", "map")


class MessageEnds(QObject):
    """Settles what was said of the network before; made before the states that say something of the new one."""

    def __init__(self, session: Session, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        session.formula_changed.connect(lambda _: self._end(OF_FORMULA))
        session.weight_changed.connect(lambda _: self._end(OF_WEIGHT))
        session.training_changed.connect(lambda _: self._end(OF_TRAINING))

    def _end(self, kinds: tuple[str, ...]) -> None:
        for about in kinds:
            self._messages.settle(about)
