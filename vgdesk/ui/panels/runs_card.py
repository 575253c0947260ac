"""The panel of the table of compared runs, with the buttons that fill and empty it in its header."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.comparisons import Comparisons

BUTTONS = ("keep_run", "duplicate_with_change", "compare_with_last", "open_run", "remove_run", "clear_comparison")


class RunsCard(Card):
    """Frames the table; Stop is there while runs are being trained or read."""

    def __init__(self, comparisons: Comparisons, actions: dict[str, QAction]) -> None:
        super().__init__("compared_runs", "Runs")
        self.stop = QToolButton()
        self.stop.setText("Stop training")
        self.stop.setToolTip("End what is being trained or read for the comparison")
        self.stop.clicked.connect(comparisons.cancel)
        self.add_control(self.stop)
        for name in BUTTONS:
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(actions[name].text().replace("&", ""))
            self.add_control(button)
        comparisons.changed.connect(lambda: self.stop.setVisible(comparisons.is_awaited))
        self.stop.hide()
