"""The waterfall under the ledger, as a person sees and points at it."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.builders import chain
from vgdesk.present.waterfall import waterfall_scene
from vgdesk.records.place import Place, PlaceKind
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import ledger
from vgdesk.ui.plots.waterfall_plot import WaterfallPlot
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import DARK, LIGHT, ThemeState

LEDGER = ledger(example("insurance"), "w1")


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def plot(qtbot, request):
    plot = WaterfallPlot(Selection(), ThemeState(request.param))
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.render(waterfall_scene(LEDGER))
    with qtbot.waitExposed(plot):
        plot.show()
    return plot


def test_a_bar_reaches_from_the_product_before_it_to_the_one_after_it(plot):
    second = LEDGER.rows[1]
    rect = plot.where(second.factor.id)
    top, foot = (plot.to_pixels(2, row.log10_running).y() for row in LEDGER.rows[:2])
    assert (rect.top(), rect.bottom()) == pytest.approx((min(top, foot), max(top, foot)), abs=0.5)


def test_pointing_at_a_bar_lights_its_factor_and_its_place(plot):
    third = LEDGER.rows[2].factor
    reference = plot.reference_at(plot.where(third.id).center())
    assert reference == Reference("insurance", third.place, third.id, telling="w1, its ledger")


def test_arrows_walk_the_bars_and_stop_at_the_last(plot):
    plot.setFocus()
    for _ in range(9):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot._selection.current.factor == LEDGER.rows[-1].factor.id


def test_a_factor_lit_elsewhere_is_framed(plot):
    factor = LEDGER.rows[3].factor
    before = plot.grab().toImage()
    plot._selection.hover(Reference("insurance", factor.place, factor.id))
    assert plot.grab().toImage() != before


def test_a_factor_of_another_telling_frames_the_bar_of_its_connection_not_of_its_name(plot):
    own = next(row.factor for row in LEDGER.rows if row.factor.place == Place(PlaceKind.EDGE, 2, 1, 1))
    plot._selection.hover(Reference("insurance", own.place, own.id, telling="w1, its ledger"))
    framed = plot.grab().toImage()
    plot._selection.hover(Reference("insurance", own.place, LEDGER.rows[0].factor.id, telling="w1, step by step"))
    assert plot.grab().toImage() == framed


def test_beside_the_bars_nothing_is_pointed_at(plot):
    assert plot.reference_at(QPointF(1, 1)) is None


def test_a_product_that_becomes_exactly_zero_ends_at_the_foot(plot):
    dead = ledger(chain([1.0] * 3, [-5.0] * 3, 1.0, 1.0, "relu"), "w1")
    plot.render(waterfall_scene(dead))
    zero = next(row.factor for row in dead.rows if row.running == 0)
    assert plot.where(zero.id).bottom() == pytest.approx(plot.plot_rect().bottom(), abs=1)
