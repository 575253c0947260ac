"""pytest-qt's bot with the patience of all tests."""

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from tests.patience import SECONDS

_MS = int(1000 * SECONDS)


class PatientBot(QtBot):
    """Waits `SECONDS` before it gives up, not five."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _MS, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitExposed(self, widget: Any, *, timeout: int = _MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)
