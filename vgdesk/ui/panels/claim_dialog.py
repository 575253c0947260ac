"""The choice of a claim and of one of its experiments, which is laid on the desk."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from vgdesk.records.claim import claims
from vgdesk.ui.panels.plain_buttons import plain_buttons

_LONGEST = 60
"""Letters that a list shows of its entries before it asks for more room."""


class ClaimDialog(QDialog):
    """Asks which experiment of which claim; Open hands number and arm over."""

    def __init__(self, parent: QWidget, first: int, then: Callable[[int, str], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Open a claim's experiment")
        self._then = then
        self.claim, self.arm = _list("Claim"), _list("Experiment")
        for known in claims():
            self.claim.addItem(f"{known.number}. {known.statement}", known.number)
        self.claim.currentIndexChanged.connect(self._offer_arms)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("&Open")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form, layout = QFormLayout(), QVBoxLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("&Claim", self.claim)
        form.addRow("&Experiment", self.arm)
        layout.addLayout(form)
        layout.addWidget(self.buttons)
        self.claim.setCurrentIndex(first - 1)
        self._offer_arms()

    def accept(self) -> None:
        super().accept()
        self._then(self.claim.currentData(), self.arm.currentData())

    def _offer_arms(self) -> None:
        self.arm.clear()
        for arm in claims()[self.claim.currentIndex()].arms:
            self.arm.addItem(arm.words, arm.name)


def _list(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_LONGEST)
    return box
