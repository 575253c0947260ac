"""The panel that shows where units stand on their activation, with the layer and the step that are asked about."""

from PySide6.QtWidgets import QSpinBox

from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.state.saturations import WORST, Saturations


class SaturationCard(Card):
    """Frames the histogram."""

    def __init__(self, saturations: Saturations) -> None:
        super().__init__("saturation", "Saturation")
        self._saturations = saturations
        self.place = self._spin("Layer or time step of the histogram", "Which layer or time step is shown")
        self.place.setMinimum(WORST)
        self.step = self._spin("Step of the histogram", "How many updates are made before")
        self.step.setPrefix("step ")
        self.place.valueChanged.connect(saturations.choose_place)
        self.step.valueChanged.connect(saturations.choose_step)
        saturations.changed.connect(self._follow)
        self._follow()

    def _spin(self, name: str, tip: str) -> QSpinBox:
        spin = QSpinBox()
        spin.setAccessibleName(name)
        spin.setToolTip(tip)
        spin.setKeyboardTracking(False)
        spin.setGroupSeparatorShown(True)
        refine_spin(spin)
        self.add_control(spin)
        return spin

    def _follow(self) -> None:
        asked = self._saturations
        self.place.setSpecialValueText(f"worst {asked.places.word}")
        self.place.setPrefix(f"{asked.places.word} ")
        self.place.setMaximum(asked.last_place)
        self.step.setMaximum(asked.last_step)
        for spin, value in ((self.place, asked.place), (self.step, asked.step)):
            if not spin.hasFocus():
                spin.setValue(value)
