"""Which recorded quantity profile and heat map show: one choice for runs of layers, one for runs through time."""

from PySide6.QtCore import QObject, Signal

from vgdesk.records.history import GradientHistory
from vgdesk.records.places import Places
from vgdesk.spec.recording import QUANTITIES
from vgdesk.spec.recording import Quantity as Recorded

FIRST = {Places.LAYERS: "weight", Places.TIME: "state"}
"""What is shown until a person chooses: |dL/dW| of layers, |dL/dh| of time steps."""


class Quantity(QObject):
    """Remembers the choice; `changed` fires when it changes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = dict(FIRST)

    def shown(self, history: GradientHistory) -> str:
        """Returns the name of the quantity to show of a run: the chosen one, where the run has it."""
        chosen = self._chosen[history.signals]
        return chosen if history.has(chosen) else FIRST[history.signals]

    def choose(self, history: GradientHistory, name: str) -> None:
        """Shows another quantity of runs like this one."""
        if name != self._chosen[history.signals]:
            self._chosen[history.signals] = name
            self.changed.emit()

    @property
    def choices(self) -> dict[Places, str]:
        """What is chosen for runs of layers and for runs through time."""
        return dict(self._chosen)

    def put_back(self, choices: dict[Places, str]) -> None:
        """Chooses again what was chosen once."""
        if choices != self._chosen:
            self._chosen = dict(choices)
            self.changed.emit()

    @staticmethod
    def offered(history: GradientHistory) -> list[tuple[str, str]]:
        """Returns (name, words) of every quantity the run has."""
        return [(name, symbol_first(QUANTITIES[name])) for name in QUANTITIES if history.has(name)]


def symbol_first(quantity: Recorded) -> str:
    """Returns "|∂L/∂W| gradient of the weights" for words that end in their symbol: a narrow list still tells it."""
    bars = f"|{quantity.symbol}|"
    return f"{bars} {quantity.words.removesuffix(bars).strip()}" if quantity.symbol else quantity.words
