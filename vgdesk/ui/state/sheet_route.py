"""Which route a layer's formula is told by: what training measured, or what theory predicts."""

from PySide6.QtCore import QObject, Signal

ROUTES = {"measured": "measured", "theory": "theory"}


class SheetRoute(QObject):
    """Holds the choice. The Theory workspace is theory's home: there it is chosen, with layer 1 until one is pinned."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._route = "measured"
        self._is_home = False

    @property
    def is_theory(self) -> bool:
        """Whether theory is chosen."""
        return self._route == "theory"

    @property
    def is_home(self) -> bool:
        """Whether the Theory workspace is on show."""
        return self._is_home

    @property
    def route(self) -> str:
        """Key in `ROUTES`."""
        return self._route

    def choose(self, route: str) -> None:
        """Tells layers' formulas by another route."""
        if route != self._route:
            self._route = route
            self.changed.emit()

    def follow_workspace(self, name: str) -> None:
        """Turns to theory where the Theory workspace is opened, and back where it is left."""
        is_home = name == "theory"
        if is_home != self._is_home:
            self._is_home, self._route = is_home, "theory" if is_home else "measured"
            self.changed.emit()
