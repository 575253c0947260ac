"""A title that does not fit keeps the part at its end that tells what was changed."""

import pytest
from pytestqt.qtbot import QtBot

from vgdesk.ui.drawing.run_drawing import steps_shown
from vgdesk.ui.panels.elided_label import ElidedLabel

LONG = "Sigmoid, 20 layers × 16, on digits"


def fitted(qtbot: QtBot, text: str, spare: str, keeps_end: bool = True) -> tuple[str, str]:
    """Returns what is drawn of a text in the room that `spare` and a few letters need, and the tooltip."""
    label = ElidedLabel(text, keeps_end=keeps_end)
    qtbot.addWidget(label)
    label.resize(label.fontMetrics().horizontalAdvance(f"Sigmoid, {spare}"), 20)
    label.grab()
    return label.shown, label.toolTip()


@pytest.mark.parametrize("end", [" + batch normalisation", " (sigmoid → tanh, +2 more)", " · step 3"])
def test_the_end_stays_whole_and_the_tooltip_has_all(qtbot: QtBot, end: str):
    shown, tip = fitted(qtbot, LONG + end, end)
    assert shown.startswith("Sig")
    assert shown.endswith(f"…{end}")
    assert tip == LONG + end


def test_where_the_end_is_too_long_a_later_part_of_it_stays(qtbot: QtBot):
    shown, _ = fitted(qtbot, f"{LONG} + batch normalisation and residual connections · step 3", " · step 3")
    assert shown.endswith("… · step 3")


def test_a_label_without_parts_or_without_a_wish_is_cut_at_its_end(qtbot: QtBot):
    assert fitted(qtbot, LONG, "")[0].endswith("…")
    assert fitted(qtbot, f"{LONG} · step 3", "", keeps_end=False)[0].endswith("…")


def test_what_fits_is_not_cut_and_has_no_tooltip(qtbot: QtBot):
    assert fitted(qtbot, "Sigmoid", "room") == ("Sigmoid", "")


def test_a_heat_maps_title_keeps_its_count_whole(qtbot: QtBot):
    label = ElidedLabel(f"{LONG} · 364 of 1,000 steps drawn: each of the first 300, at most 4 apart", keeps_end=True)
    qtbot.addWidget(label)
    label.briefs = (f"{LONG} · {steps_shown('364 of 1,000 steps drawn: each of the first 300, then at most 4 apart')}",)
    label.resize(label.fontMetrics().horizontalAdvance("Sigmoid, · 364 of 1,000 steps drawn"), 20)
    assert label.shown.startswith("Sig")
    assert label.shown.endswith("… · 364 of 1,000 steps drawn")
