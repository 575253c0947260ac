"""The one number of an initialisation, typed beside its name: sigma_w, gain or std. Hidden where a rule has none."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox

from vgdesk.ui.typeset import rich

LARGEST = 100.0
LETTERS = {"sigma_w": "σ", "gain": "gain", "std": "std"}
TIPS = {
    "sigma_w": "σ_w: weights are drawn with variance σ_w²/fan-in",
    "gain": "gain: the matrix is multiplied by it",
    "std": "std: weights are drawn with this standard deviation, whatever the width",
}


class RuleNumber(QDoubleSpinBox):
    """Shows a number; `chosen` fires only for a person's edit, not for a number rounded on its way to the screen."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._is_showing = False
        self.setAccessibleName("Number of the initialisation")
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._tell)

    def show_number(self, field: str, number: float, decimals: int) -> None:
        """Shows the value of a rule's field with so many decimals; an empty field hides the widget."""
        self.setVisible(bool(field))
        if not field:
            return
        self._is_showing = True
        step = 10.0**-decimals
        self.setDecimals(decimals)
        self.setRange(step, LARGEST)
        self.setSingleStep(10 * step)
        self.setPrefix(f"{LETTERS[field]} ")
        self.setToolTip(f"<qt>{rich(TIPS[field])}</qt>")
        self.setValue(number)
        self._is_showing = False

    def _tell(self, number: float) -> None:
        if not self._is_showing:
            self.chosen.emit(number)
