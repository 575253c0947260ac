"""What stands in the panel of number formats: the plot, and under it a sentence for each format."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from vgdesk.present.number_formats import FormatScene
from vgdesk.ui.plots.format_plot import FormatPlot
from vgdesk.ui.state.formats import Formats
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import ThemeState
from vgdesk.ui.typeset import unbroken


class FormatsView(QWidget):
    """Shows a `FormatScene`."""

    def __init__(
        self, selection: Selection, themes: ThemeState, formats: Formats, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self.plot = FormatPlot(selection, themes)
        self.plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName("What each number format keeps")
        self.setFocusProxy(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot, 1)
        column.addWidget(self.words)

    def addActions(self, actions: "list[QAction]") -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Offers the actions in the menu of the plot, which covers most of the panel."""
        super().addActions(actions)
        self.plot.addActions(actions)

    def render(self, scene: FormatScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene; without one, what is being done, or why there is none."""
        self.plot.render(scene, self._formats.failure)
        self.words.setVisible(scene is not None)
        if scene is not None:
            reason = (f"No prediction: {scene.report.reason}.",) if scene.report.reason else ()
            self.words.setText(unbroken("\n".join((*scene.sentences, *reason))))
