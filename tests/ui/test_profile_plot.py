"""The bars: right colour at the right place, marks of their own, linked pointing."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.drawing import click, colour_at, count_colour, layer_reference, point_at, profile, shown
from vgdesk.present.scenes import Mark, TheoryBand
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.plots.bars import finite_stretches
from vgdesk.ui.plots.plot import HEADER_PIXELS
from vgdesk.ui.plots.profile_plot import ProfilePlot
from vgdesk.ui.state.selection import Reference
from vgdesk.ui.theme import DARK, LIGHT


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_bar_has_the_measured_colour_up_to_its_height_and_the_panel_above(qtbot, theme):
    plot, _, _ = shown(qtbot, ProfilePlot, profile(), theme=theme)
    assert colour_at(plot, plot.to_pixels(10, -1.3)) == theme.measured
    assert colour_at(plot, plot.to_pixels(10, -9.7)) == theme.measured
    assert colour_at(plot, plot.to_pixels(10, -0.5)) == theme.panel


def test_a_bar_below_the_guide_has_the_alert_colour(qtbot):
    plot, _, _ = shown(qtbot, ProfilePlot, profile())
    assert colour_at(plot, plot.to_pixels(1, -9.5)) == LIGHT.alert


def test_grid_lines_lie_behind_the_bars(qtbot):
    plot, _, _ = shown(qtbot, ProfilePlot, profile())
    between, within = (
        {colour_at(plot, plot.to_pixels(x, -4.0) + QPointF(0, dy)) for dy in (-1, 0, 1)} for x in (1.5, 10)
    )
    assert LIGHT.grid in between
    assert within == {LIGHT.measured}


def test_an_exact_zero_is_a_hollow_ring_at_the_bottom(qtbot):
    plot, _, _ = shown(qtbot, ProfilePlot, profile(marks={5: Mark.ZERO}))
    foot = plot.to_pixels(5, -10.0)
    assert colour_at(plot, foot - QPointF(0, 8)) == LIGHT.panel, "the ring is hollow"
    column = [colour_at(plot, foot + QPointF(dx, -8)) for dx in (-6, -5, 5, 6)]
    assert any(colour != LIGHT.panel for colour in column[:2]), "left rim"
    assert any(colour != LIGHT.panel for colour in column[2:]), "right rim"
    assert colour_at(plot, plot.to_pixels(5, -7.0)) == LIGHT.panel, "no bar above it"


def test_nan_is_a_cross_and_infinity_reaches_the_top(qtbot):
    plot, _, _ = shown(qtbot, ProfilePlot, profile(marks={4: Mark.NAN, 5: Mark.INFINITE}))
    assert colour_at(plot, plot.to_pixels(4, -10.0) - QPointF(0, 8)) != LIGHT.panel, "the arms cross in the middle"
    assert colour_at(plot, plot.to_pixels(4, -7.0)) == LIGHT.panel
    assert colour_at(plot, plot.to_pixels(5, -0.7)) != LIGHT.panel


def test_pointing_above_a_bar_in_its_column_points_at_its_layer(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    point_at(qtbot, plot, plot.to_pixels(2, -1.0))
    assert selection.current == layer_reference(2)


def test_leaving_the_bars_points_at_nothing(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    point_at(qtbot, plot, plot.to_pixels(2, -1.0))
    point_at(qtbot, plot, QPointF(2, 2))
    assert selection.current is None


def test_the_lit_bar_is_outlined_and_tells_its_value(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    before = count_colour(plot, LIGHT.raised, tolerance=0)
    selection.hover(layer_reference(6))
    assert colour_at(plot, plot.to_pixels(6, -8.0)) != LIGHT.measured
    assert count_colour(plot, LIGHT.raised, tolerance=0) > before + 500, "the value tag"


def test_a_unit_of_the_same_network_lights_its_layer_and_another_network_does_not(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    selection.hover(Reference("another", Place(PlaceKind.LAYER, 6)))
    assert colour_at(plot, plot.to_pixels(6, -8.0)) == LIGHT.measured
    selection.hover(Reference("study", Place(PlaceKind.UNIT, 6, 2)))
    assert colour_at(plot, plot.to_pixels(6, -8.0)) != LIGHT.measured


def test_a_click_pins_and_a_click_beside_releases(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    click(qtbot, plot, plot.to_pixels(3, -5.0))
    assert selection.pinned == layer_reference(3)
    click(qtbot, plot, QPointF(2, 2))
    assert selection.pinned is None


def test_arrows_walk_enter_pins_escape_releases(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    plot.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(plot, key)
    assert selection.current == layer_reference(2)
    QTest.keyClick(plot, Qt.Key.Key_End)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert selection.pinned == layer_reference(10)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert selection.current is None


def test_a_change_of_theme_repaints_ground_and_bars(qtbot):
    plot, _, themes = shown(qtbot, ProfilePlot, profile())
    themes.choose("dark")
    assert colour_at(plot, plot.to_pixels(10, -5.0)) == DARK.measured
    assert colour_at(plot, plot.to_pixels(10, -0.5)) == DARK.panel


def test_the_description_tells_first_and_last_layer(qtbot):
    plot, _, _ = shown(qtbot, ProfilePlot, profile())
    assert "layer 1: 1.0000000000000001e-09, layer 10: 0.10000000000000001" in plot.accessibleDescription()


def test_without_a_scene_it_says_what_will_appear(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, None)
    assert "appears here" in plot.accessibleDescription()
    point_at(qtbot, plot, QPointF(200, 100))
    assert selection.current is None


@pytest.mark.parametrize("layers", [1, 2, 100])
def test_the_last_bar_is_painted_for_any_depth(qtbot, layers):
    plot, _, _ = shown(qtbot, ProfilePlot, profile(layers))
    height = -1.0 if layers > 1 else -9.0
    colour = LIGHT.measured if layers > 1 else LIGHT.alert
    assert colour_at(plot, plot.to_pixels(layers, height - 0.7)) == colour


def test_the_guide_label_keeps_clear_of_the_bars(qtbot):
    plot, _, _ = shown(qtbot, ProfilePlot, profile(guide=-7.0), size=(300, 200))
    label = [plot.header_rect(line) for line in (0, 1)]
    assert all(rect.bottom() <= plot.plot_rect().top() for rect in label)
    assert colour_at(plot, QPointF(plot.plot_rect().left() + 1, round(plot.to_pixels(1, -7.0).y()))) == LIGHT.alert


def test_a_prediction_is_a_line_with_a_band_over_the_bars_and_a_line_of_legend(qtbot):
    count = len(profile().bars)
    predicted = replace(profile(), theory=TheoryBand((-5.0,) * count, (1.0,) * count, "predicted"))
    plain, _, _ = shown(qtbot, ProfilePlot, profile())
    plot, _, _ = shown(qtbot, ProfilePlot, predicted)
    assert count_colour(plot, LIGHT.theory) > count_colour(plain, LIGHT.theory) + 50
    within, beyond = (colour_at(plot, plot.to_pixels(1.5, y)) for y in (-4.3, -2.5))
    assert within != LIGHT.panel, "the band lies between the bars, too"
    assert beyond == LIGHT.panel
    assert plot.plot_rect().top() > plain.plot_rect().top()
    assert "predicted" in plot.accessibleDescription()


def test_a_prediction_has_gaps_where_it_has_no_number():
    assert finite_stretches([1.0, 2.0, math.nan, 3.0, math.inf]) == [(0, 2), (3, 4)]


def test_how_sure_a_prediction_is_gets_a_line_of_its_own_where_one_does_not_hold_it(qtbot):
    band = TheoryBand((-5.0,) * 10, (1.0,) * 10, "predicted at the start, ±1σ, ±2σ · measured/predicted 3.09")
    short = replace(profile(), theory=band)
    plot, _, _ = shown(qtbot, ProfilePlot, short)
    top = plot.plot_rect().top()
    note = "the scatter over seeds is a rough guess: time steps share their weights"
    plot.render(replace(short, theory_note=note))
    qtbot.waitUntil(lambda: plot.plot_rect().top() >= top + HEADER_PIXELS)
    plot.render(short)
    qtbot.waitUntil(lambda: plot.plot_rect().top() == top)
