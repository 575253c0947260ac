"""The lag plot: a line where the numbers are, and the value under the pointer."""

import numpy as np
from PySide6.QtCore import QPointF

from tests.histories import history
from tests.ui.drawing import colour_at, count_colour, point_at, shown
from vgdesk.present.lag import lag_scene
from vgdesk.present.scenes import LagScene
from vgdesk.records.codec import frozen
from vgdesk.records.places import Places
from vgdesk.ui.plots.lag_plot import LagPlot
from vgdesk.ui.theme import LIGHT


def scene(*log10: float) -> LagScene:
    found = lag_scene(history([1.0], signals=Places.TIME, quantities={"state": frozen([log10])}))
    assert found is not None
    return found


def test_the_line_passes_where_the_value_is(qtbot):
    plot, _, _ = shown(qtbot, LagPlot, scene(*np.linspace(-8.5, -0.5, 41)))
    at = plot.to_pixels(20, -4.5)
    assert any(colour_at(plot, at + QPointF(0, dy)) != LIGHT.panel for dy in (-1, 0, 1))
    assert count_colour(plot, LIGHT.measured, tolerance=60) > 100


def test_pointing_reads_the_step_of_the_scene(qtbot):
    plot, selection, _ = shown(qtbot, LagPlot, scene(-3.0, -2.0, -1.0))
    point_at(qtbot, plot, plot.to_pixels(1, -2.0))
    assert selection.current.step == 0


def test_description_tells_both_ends(qtbot):
    plot, _, _ = shown(qtbot, LagPlot, scene(-np.inf, -2.0, -1.0))
    assert "1.00×10⁻¹ at lag 0 to exactly 0 at lag 2" in plot.accessibleDescription()


def test_without_a_run_it_says_what_will_appear(qtbot):
    plot, _, _ = shown(qtbot, LagPlot, None)
    assert plot.is_empty()
