"""One hub for what is pointed at: hover or click anywhere and the same thing lights up everywhere.

A `Reference` says what: which experiment, which place in its network, which factor of its derivation, which step.
*Hovered* follows the pointer; *pinned* stays until Esc or the next click. Views light up `current`: the hovered
reference, else the pinned one.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from vgdesk.records.place import Place


@dataclass(frozen=True)
class Reference:
    """Points at one thing. Empty fields mean "not applicable": a bar has no factor, a loss marker no place.

    A factor's name means something only within its `telling`: the sheet of one gradient in one view. Elsewhere d_1 is
    another factor, and what is meant is whatever stands there for the place.
    """

    experiment: str
    place: Place | None = None
    factor: str = ""
    step: int | None = None
    telling: str = ""

    def names_factor(self, telling: str) -> str:
        """Returns the factor's name as it is used in a telling; "" where it would mean another one there, or none."""
        return self.factor if self.telling in ("", telling) else ""

    @property
    def layer(self) -> int:
        """Layer pointed at, counting from 1 at the input; 0 where the reference has none."""
        return self.place.layer if self.place else 0


class Selection(QObject):
    """Holds the hovered and the pinned reference; signals carry the new value and fire only on real changes."""

    current_changed = Signal(object)
    pinned_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hovered: Reference | None = None
        self._pinned: Reference | None = None

    @property
    def current(self) -> Reference | None:
        """What lights up now."""
        return self._hovered or self._pinned

    @property
    def pinned(self) -> Reference | None:
        """What stays selected."""
        return self._pinned

    def hover(self, reference: Reference | None) -> None:
        """Points at something, or at nothing when the pointer leaves."""
        before = self.current
        self._hovered = reference
        self._announce(before)

    def pin(self, reference: Reference | None) -> None:
        """Keeps a reference selected; the same one again, or None, releases it."""
        before, pinned_before = self.current, self._pinned
        self._pinned = None if reference == self._pinned else reference
        if self._pinned is None:
            self._hovered = None
        if self._pinned != pinned_before:
            self.pinned_changed.emit(self._pinned)
        self._announce(before)

    def _announce(self, before: Reference | None) -> None:
        if self.current != before:
            self.current_changed.emit(self.current)
