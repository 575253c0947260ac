"""The legend of compared runs fits its panel: no name is cut without the tooltip telling it, no line loses its room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.present.comparison import RunLine, RunsScene
from vgdesk.ui.plots.run_legend import LEAST_DATA, NO_LEGEND, fitted_legend
from vgdesk.ui.plots.runs_plot import RunsPlot
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import LIGHT, ThemeState

NAMES = [f"{letter} Sigmoid, Glorot normal, 20 layers × 16, on digits" for letter in "ABCDEF"]


@given(widths=st.lists(st.floats(20, 400), max_size=8), width=st.integers(120, 1400), height=st.integers(60, 700))
def test_a_legend_that_is_whole_has_the_room_for_every_name(widths, width, height):
    found = fitted_legend(widths, width, height)
    if found.is_whole:
        assert found.rows * found.columns >= len(widths)
        assert all(name < width / found.columns for name in widths)
    assert found.rows == 0 or height - 20 * (found.rows + 1) > LEAST_DATA


def test_a_low_panel_shows_letters_and_the_lowest_nothing():
    names = [200.0] * 6
    assert fitted_legend(names, 900, 400).rows == 3
    low = fitted_legend(names, 900, 150)
    assert (low.rows, low.columns, low.has_names) == (1, 6, False)
    assert fitted_legend(names, 900, 100) == NO_LEGEND


def test_two_columns_where_one_is_too_high_and_one_where_two_are_too_narrow():
    assert fitted_legend([150.0] * 4, 500, 400)[:2] == (2, 2)
    assert fitted_legend([300.0] * 4, 500, 400)[:2] == (4, 1)


@pytest.fixture
def plot(qtbot) -> RunsPlot:
    """A plot of six runs."""
    made = RunsPlot(Selection(), ThemeState(LIGHT), "Losses of the kept runs", has_legend=True)
    qtbot.addWidget(made)
    x = np.arange(1.0, 21.0)
    lines = tuple(RunLine(look=look, name=name, x=x, y=-x / (look + 2)) for look, name in enumerate(NAMES))
    made.render(RunsScene("", "", lines, (1.0, 20.0), "step", (-10.0, 0.0), (-10.0, -5.0, 0.0), "loss"))
    made.show()
    return made


def test_what_a_low_plot_has_no_room_for_is_told_by_its_tooltip(plot: RunsPlot, qtbot):
    for height, tip in ((500, ""), (150, "\n".join(NAMES)), (500, "")):
        plot.resize(900, height)
        qtbot.waitUntil(lambda tip=tip: plot.toolTip() == tip)
        qtbot.waitUntil(lambda: plot.plot_rect().height() > LEAST_DATA)
