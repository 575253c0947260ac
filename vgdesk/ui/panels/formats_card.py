"""The panel that compares number formats, with the step whose gradient is asked about."""

from PySide6.QtWidgets import QSpinBox

from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.spin import refine_spin
from vgdesk.ui.state.formats import Formats


class FormatsCard(Card):
    """Frames the comparison."""

    def __init__(self, formats: Formats) -> None:
        super().__init__("formats", "Number formats")
        self._formats = formats
        self.step = QSpinBox()
        self.step.setPrefix("step ")
        self.step.setAccessibleName("Step of the number formats")
        refine_spin(self.step)
        self.step.setToolTip("How many updates are made before the gradient is taken")
        self.step.setKeyboardTracking(False)
        self.step.setGroupSeparatorShown(True)
        self.step.valueChanged.connect(formats.choose_step)
        self.add_control(self.step)
        formats.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.step.setMaximum(self._formats.last_step)
        if not self.step.hasFocus():
            self.step.setValue(min(self._formats.step, self._formats.last_step))
