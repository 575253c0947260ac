"""The heat map: layer 1 below, viridis, nan as ground, cells to point at."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.drawing import colour_at, count_colour, heatmap, layer_reference, point_at, shown
from vgdesk.present.sampling import spread_rows
from vgdesk.ui.plots.heatmap_plot import HeatmapPlot
from vgdesk.ui.theme import DARK, LIGHT

VIRIDIS_LOW, VIRIDIS_HIGH = "#440154", "#fde725"
"""First and last colour of viridis (van der Walt and Smith 2015)."""


@pytest.mark.parametrize("columns", [1, 2, 20, 400])
def test_layer_1_is_the_dark_row_at_the_bottom(qtbot, columns):
    plot, _, _ = shown(qtbot, HeatmapPlot, heatmap(columns=columns))
    assert colour_at(plot, plot.to_pixels(0, 1)) == VIRIDIS_LOW
    assert colour_at(plot, plot.to_pixels(columns - 1, 5)) == VIRIDIS_HIGH


def test_a_cell_without_number_shows_the_panel(qtbot):
    values = heatmap().values.copy()
    values[2, 7] = np.nan
    scene = dataclasses.replace(heatmap(), values=values)
    plot, _, themes = shown(qtbot, HeatmapPlot, scene)
    assert colour_at(plot, plot.to_pixels(7, 3)) == LIGHT.panel
    themes.choose("dark")
    assert colour_at(plot, plot.to_pixels(7, 3)) == DARK.panel


def test_pointing_at_a_cell_points_at_layer_and_step(qtbot):
    plot, selection, _ = shown(qtbot, HeatmapPlot, heatmap())
    point_at(qtbot, plot, plot.to_pixels(13, 4))
    assert selection.current == layer_reference(4, step=13)


def test_pointing_tells_the_true_step_where_columns_are_thinned(qtbot):
    steps = spread_rows(10_000, 50)
    plot, selection, _ = shown(qtbot, HeatmapPlot, heatmap(columns=50, steps=steps))
    point_at(qtbot, plot, plot.to_pixels(steps[40], 2))
    assert selection.current == layer_reference(2, step=int(steps[40]))


def test_a_lit_layer_frames_its_whole_row(qtbot):
    plot, selection, _ = shown(qtbot, HeatmapPlot, heatmap())
    before = count_colour(plot, "#ffffff", tolerance=0)
    selection.hover(layer_reference(3))
    assert colour_at(plot, plot.to_pixels(10, 3)) != "#ffffff", "the row itself stays visible"
    assert count_colour(plot, "#ffffff", tolerance=0) > before + 1.8 * plot.plot_rect().width()


def test_arrows_walk_over_cells_from_the_last_step(qtbot):
    plot, selection, _ = shown(qtbot, HeatmapPlot, heatmap())
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert selection.current == layer_reference(1, step=19)
    QTest.keyClick(plot, Qt.Key.Key_Up)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert selection.current == layer_reference(2, step=18)


def test_the_colour_bar_runs_from_dark_below_to_bright_above(qtbot):
    plot, _, _ = shown(qtbot, HeatmapPlot, heatmap())
    rect = plot.plot_rect()
    x = rect.right() + 17
    assert colour_at(plot, QPointF(x, rect.bottom() - 2)).startswith("#4")
    assert colour_at(plot, QPointF(x, rect.top() + 1)).startswith("#f")


def test_a_scene_without_columns_is_an_empty_plot(qtbot):
    scene = dataclasses.replace(heatmap(), values=np.empty((5, 0)), columns=np.empty(0, np.int64))
    plot, selection, _ = shown(qtbot, HeatmapPlot, scene)
    point_at(qtbot, plot, QPointF(200, 100))
    assert selection.current is None
    assert "while the network trains" in plot.accessibleDescription()


def test_the_next_scene_replaces_the_one_before(qtbot):
    plot, _, _ = shown(qtbot, HeatmapPlot, heatmap(columns=3))
    plot.render(heatmap(layers=2, columns=30))
    assert colour_at(plot, plot.to_pixels(29, 2)) == VIRIDIS_HIGH
    assert "2 layers over steps 0 to 29" in plot.accessibleDescription()


def test_a_change_is_drawn_at_its_true_step_however_unevenly_columns_are_spaced(qtbot):
    values = np.full((5, 6), -8.0)
    values[:, 4:] = 0.0
    scene = dataclasses.replace(heatmap(), values=values, columns=np.array([0, 1, 2, 10, 60, 100]))
    plot, _, _ = shown(qtbot, HeatmapPlot, scene)
    rect = plot.plot_rect()
    y, ends = rect.center().y(), (int(rect.left()) + 2, int(rect.right()))
    turn = next(x for x in range(*ends) if colour_at(plot, QPointF(x, y)) == VIRIDIS_HIGH)
    share = (turn - rect.left()) / rect.width()
    assert share == pytest.approx((35 + 0.5) / 120.5, abs=0.02), "half-way between the steps 10 and 60 of -0.5 ... 120"
