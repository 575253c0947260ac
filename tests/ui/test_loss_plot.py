"""The loss line: where it should be, the marker at the lit step, steps to point at."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.drawing import EXPERIMENT, colour_at, count_colour, loss, point_at, shown
from vgdesk.records.evaluation import evaluation_rows
from vgdesk.ui.painting import TICK_PIXELS, text_size
from vgdesk.ui.plots import loss_plot
from vgdesk.ui.plots.loss_plot import LossPlot
from vgdesk.ui.state.selection import Reference
from vgdesk.ui.theme import LIGHT


def test_the_line_runs_through_its_values(qtbot):
    plot, _, _ = shown(qtbot, LossPlot, loss())
    around = [colour_at(plot, plot.to_pixels(50, 0.75) + QPointF(0, dy)) for dy in (-1, 0, 1)]
    assert any(colour not in (LIGHT.panel, LIGHT.grid) for colour in around)
    assert colour_at(plot, plot.to_pixels(50, 0.3)) == LIGHT.panel


def test_a_loss_that_is_not_finite_leaves_a_gap(qtbot):
    broken = loss().raw.copy()
    broken[40:60] = np.nan
    plot, _, _ = shown(qtbot, LossPlot, dataclasses.replace(loss(), raw=broken, smoothed=broken))
    middle = plot.to_pixels(50, 0.75)
    assert {colour_at(plot, middle + QPointF(0, dy)) for dy in range(-6, 7)} == {LIGHT.panel}


def test_held_out_loss_is_a_dashed_line_through_its_values(qtbot):
    steps = [(float(step), 0.25, 1.0, 1.0) for step in range(0, 101, 20)]
    plot, _, _ = shown(qtbot, LossPlot, dataclasses.replace(loss(), evaluations=evaluation_rows(steps)))
    image, inked = plot.grab().toImage(), []
    for step in np.linspace(2, 98, 97):
        place = plot.to_pixels(step, 0.25)
        column = [image.pixelColor(round(place.x()), round(place.y()) + dy).lightness() for dy in (-1, 0, 1)]
        inked.append(min(column) < 140)
    assert 0.3 < np.mean(inked) < 0.95, "dashes and gaps"


KEY = "dashed: held-out examples · thin: each step · thick: median of 51 steps"


@pytest.mark.parametrize("width", [300, 460, 900])
def test_the_dashed_line_has_its_key_at_any_width(qtbot, monkeypatch, width):
    drawn: list[tuple[float, str]] = []
    monkeypatch.setattr(loss_plot, "draw_text", lambda painter, rect, text, *rest: drawn.append((rect.width(), text)))
    plot, _, _ = shown(qtbot, LossPlot, dataclasses.replace(loss(), subtitle=KEY))
    plot.resize(width, 260)
    drawn.clear()
    plot.grab()
    room = next(room for room, text in drawn if text == KEY)
    assert text_size("dashed: held-out examples", TICK_PIXELS)[0] <= room
    assert text_size(KEY, TICK_PIXELS)[0] <= room or width < 460


def test_pointing_anywhere_points_at_the_nearest_step(qtbot):
    plot, selection, _ = shown(qtbot, LossPlot, loss())
    point_at(qtbot, plot, plot.to_pixels(30, 0.1))
    assert selection.current == Reference(EXPERIMENT, step=30)


def test_a_lit_step_gets_a_marker_on_the_line(qtbot):
    plot, selection, _ = shown(qtbot, LossPlot, loss())
    selection.hover(Reference(EXPERIMENT, step=20))
    assert colour_at(plot, plot.to_pixels(20, 0.9)) == LIGHT.accent


def test_a_single_step_is_a_dot(qtbot):
    plot, _, _ = shown(qtbot, LossPlot, loss(1))
    assert count_colour(plot, LIGHT.measured) >= 8


@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_finite_loss_between_two_that_are_not_is_a_dot(qtbot, at):
    values = np.full(5, np.nan)
    values[at] = 0.5
    plot, _, _ = shown(qtbot, LossPlot, dataclasses.replace(loss(5), raw=values, smoothed=values))
    assert count_colour(plot, LIGHT.measured) >= 8
    assert colour_at(plot, plot.to_pixels(at, 0.5) + QPointF(-1 if at == 4 else 1, 0)) == LIGHT.measured


def test_arrows_walk_over_steps_and_escape_lets_go(qtbot):
    plot, selection, _ = shown(qtbot, LossPlot, loss())
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert selection.current == Reference(EXPERIMENT, step=99)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert selection.current is None


def test_a_long_note_gets_a_second_line_below_the_axis(qtbot):
    plot, _, _ = shown(qtbot, LossPlot, loss(), size=(900, 300))
    wide = plot.height() - plot.plot_rect().bottom()
    plot.resize(260, 300)
    qtbot.waitUntil(lambda: plot.height() - plot.plot_rect().bottom() > wide + 10)


def test_the_description_tells_what_the_axis_does(qtbot):
    plot, _, _ = shown(qtbot, LossPlot, loss())
    assert plot.accessibleDescription() == (
        "Line of the mean squared error from step 0 to 100; the axis starts at 0; the loss lies between 0.5 and 1."
    )


def test_the_last_label_has_room_for_its_second_half(qtbot):
    plot, _, _ = shown(qtbot, LossPlot, loss(100_001), size=(240, 160))
    assert plot.width() - plot.to_pixels(100_000, 0).x() >= text_size("100,000", TICK_PIXELS)[0] / 2


def test_a_long_note_leaves_most_of_a_low_panel_to_the_line(qtbot):
    scene = dataclasses.replace(loss(), note="the loss lies between 0.5 and 1; right: 100% of the batch " * 3)
    plot, _, _ = shown(qtbot, LossPlot, scene, (230, 200))
    assert plot.plot_rect().height() > 100
    assert scene.note in plot.toolTip(), "what is cut can be read"
