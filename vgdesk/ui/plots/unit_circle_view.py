"""Two pictures and a sentence: eigenvalues in the plane, the gradient over the lag, and what the eigenvalues decide."""

from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from vgdesk.present.unit_circle import UnitCircleScene
from vgdesk.ui.plots.lag_plot import LagPlot
from vgdesk.ui.plots.unit_circle_plot import UnitCirclePlot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import ThemeState
from vgdesk.ui.typeset import unbroken


class DecayPlot(LagPlot):
    """Shows |dh_T/dh_t| of the drawn network; its lags belong to no training step, so nothing is referred to."""

    EMPTY = "How the state's gradient changes with the lag appears here"

    def reference_at(self, position: QPointF) -> Reference | None:
        """Reads the lag under the pointer."""
        super().reference_at(position)
        return None

    def walked(self, right: int, up: int) -> Reference | None:
        """Reads the next lag."""
        super().walked(right, up)
        return None


class UnitCircleView(QWidget):
    """Shows a `UnitCircleScene`."""

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane = UnitCirclePlot(selection, themes)
        self.decay = DecayPlot(selection, themes)
        self.decay.setAccessibleName("Gradient of the state over the time lag")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "dim")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        both, column = QHBoxLayout(), QVBoxLayout(self)
        both.setSpacing(8)
        both.addWidget(self.plane, 45)
        both.addWidget(self.decay, 55)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(both, 1)
        column.addWidget(self.words)
        self.setFocusProxy(self.plane)

    def render(self, scene: "UnitCircleScene | str | None") -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or the sentence that says why there is none."""
        self.plane.render(scene)
        found = scene if isinstance(scene, UnitCircleScene) else None
        self.decay.render(replace(found.lags, note="") if found else None)  # said below, where there is room
        self.decay.setVisible(found is not None)
        self.words.setVisible(found is not None)
        self.words.setText(unbroken(f"{found.note} {found.lags.note}") if found else "")
