"""Work in pieces: one per turn of the event loop, so that mouse and keyboard are looked at in between."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def take_turns(owner: QObject, *pieces: Callable[[], object]) -> None:
    """Does the pieces one after the other, each in a turn of its own from the next one on, as long as `owner` lives."""

    def go_on(remaining: tuple[Callable[[], object], ...]) -> None:
        remaining[0]()
        if remaining[1:]:
            QTimer.singleShot(0, owner, lambda: go_on(remaining[1:]))

    if pieces:
        QTimer.singleShot(0, owner, lambda: go_on(pieces))
