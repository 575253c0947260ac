"""What the window remembers from one start to the next.

Only strings, integers and booleans are written, and everything is checked when it is read: a value of another kind or
range is refused and the default stands.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

_LONGEST_LINE = 4096


class Memory:
    """Reads and writes the settings; `None` in place of settings remembers nothing (screenshots, tests)."""

    def __init__(self, settings: QSettings | None) -> None:
        self._settings = settings

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """Returns a remembered word if it is one of the allowed ones, else the default."""
        value = self._text(key)
        return value if value in allowed else default

    def integers(self, key: str, count: int) -> list[int]:
        """Returns remembered sizes, or [] where they are not exactly `count` positive numbers."""
        parts = self._text(key).split(",")
        if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
            return []
        sizes = [int(part) for part in parts]
        return sizes if sum(sizes) > 0 else []

    def state(self, key: str) -> QByteArray:
        """Returns a remembered Qt state; Qt itself refuses one it cannot read."""
        return QByteArray.fromBase64(self._text(key).encode())

    def lines(self, key: str, most: int) -> list[str]:
        """Returns remembered lines, such as paths, at most so many; those that cannot be printed are left out."""
        found = self._text(key).split("\n")[:most]
        return [line for line in found if line.isprintable() and 0 < len(line) <= _LONGEST_LINE]

    @property
    def folder(self) -> Path | None:
        """Where files of the session are kept, None where nothing is remembered."""
        if self._settings is None:
            return None
        if self._settings.format() is QSettings.Format.IniFormat:  # a file that was named, as in a test
            return Path(self._settings.fileName()).parent / "kept runs"
        kind = QStandardPaths.StandardLocation.GenericDataLocation
        return Path(QStandardPaths.writableLocation(kind)) / "vgdesk" / "kept runs"

    def write(self, key: str, value: str) -> None:
        """Remembers a word."""
        if self._settings is not None:
            self._settings.setValue(key, value)

    def write_lines(self, key: str, lines: Iterable[str]) -> None:
        """Remembers lines."""
        self.write(key, "\n".join(lines))

    def write_integers(self, key: str, values: list[int]) -> None:
        """Remembers sizes."""
        self.write(key, ",".join(str(value) for value in values))

    def write_state(self, key: str, state: QByteArray) -> None:
        """Remembers a Qt state."""
        self.write(key, bytes(state.toBase64().data()).decode())

    def forget(self, prefix: str) -> None:
        """Lets go of everything whose key begins so."""
        if self._settings is not None:
            for key in self._settings.allKeys():
                if key.startswith(prefix):
                    self._settings.remove(key)

    def _text(self, key: str) -> str:
        if self._settings is None:
            return ""
        value = self._settings.value(key, "", type=str)
        return value if isinstance(value, str) else ""
