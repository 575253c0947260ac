"""Work in pieces: one per turn of the event loop, so that mouse and keyboard are looked at in between."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def take_turns(owner: QObject, *pieces: Callable[[], object]) -> None:
    """Does the pieces one after the other, each in a turn of its own from the next one on, as long as `owner` lives.

    A piece that fails does not keep back those after it: one of them may put right what another one began.
    """

    def go_on(remaining: tuple[Callable[[], object], ...]) -> None:
        try:
            remaining[0]()
        finally:
            if remaining[1:]:
                QTimer.singleShot(0, owner, lambda: go_on(remaining[1:]))

    if pieces:
        QTimer.singleShot(0, owner, lambda: go_on(pieces))
