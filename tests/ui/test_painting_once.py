"""A new scene costs one paint, whatever changes in the plot with it."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tests.ui.drawing import heatmap, loss
from vgdesk.ui.plots.heatmap_plot import HeatmapPlot
from vgdesk.ui.plots.loss_plot import LossPlot
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import LIGHT, ThemeState

STEPS = 5


class PaintCounter(QObject):
    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.paints = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.paints += event.type() is QEvent.Type.Paint
        return False


def test_each_step_of_a_run_is_painted_once_by_each_of_two_plots_in_one_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    row, selection, themes = QHBoxLayout(window), Selection(window), ThemeState(LIGHT, window)
    plots = {HeatmapPlot(selection, themes): heatmap, LossPlot(selection, themes): loss}
    for plot, scene in plots.items():
        row.addWidget(plot)
        plot.render(scene())
    window.resize(900, 300)
    with qtbot.waitExposed(window):
        window.show()
    counters = [PaintCounter(plot.viewport()) for plot in plots]
    for plot in plots:
        plot.viewport().update()
    qtbot.waitUntil(lambda: all(counter.paints for counter in counters))
    qtbot.wait(50)  # what else the window has to paint when it is new
    for counter in counters:
        counter.paints = 0
    for step in range(STEPS):
        for plot, scene in plots.items():
            plot.render(heatmap(columns=21 + step) if scene is heatmap else loss(102 + step))
        qtbot.waitUntil(lambda step=step: all(counter.paints > step for counter in counters))
        qtbot.wait(20)  # a second paint would come in the next turns
    assert [counter.paints for counter in counters] == [STEPS, STEPS]
