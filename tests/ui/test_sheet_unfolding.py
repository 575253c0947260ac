"""The derivation on screen unfolds and folds by click and keys."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from tests.builders import chain
from tests.ui.sheets import D1, DEEP, SHEET, sheet_desk, show
from vgdesk.present.sheet import equation_sheet
from vgdesk.study.derive import derive
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import ThemeState


@pytest.fixture
def desk(qtbot) -> Iterator[tuple[SheetView, Selection, ThemeState]]:
    yield from sheet_desk(qtbot)


def test_details_are_folded_until_asked_for(desk, qtbot):
    view, _, _ = desk
    folded = view.widget().height()
    button = view.findChild(QToolButton)
    assert button.text() == "Show details (2 more steps)"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(view.where("d1")) == 4
    assert view.widget().height() > folded
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert len(view.where("d1")) == 3


def test_click_unfolds_a_factor_below_its_equation_and_second_click_folds_it(desk, qtbot):
    view, _, _ = desk
    before = view.where("d2")
    for expected in (4, 3):
        qtbot.mouseClick(view.widget(), Qt.MouseButton.LeftButton, pos=view.where("d2")[1].center())
        assert len(view.where("d2")) == expected
        assert view.where("d2")[1] == before[1]
    assert view.unfolding.is_folded


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_keys_unfold_the_factor_that_was_walked_to(desk, qtbot, key):
    view, selection, _ = desk
    view.setFocus()
    qtbot.keyClick(view.widget(), Qt.Key.Key_Right)
    qtbot.keyClick(view.widget(), key)
    assert len(view.where("d1")) == 4
    assert selection.pinned == D1
    assert view.focused_factor == (1, "d1")
    qtbot.keyClick(view.widget(), key)
    assert view.unfolding.is_folded


def test_what_is_unfolded_is_copied_and_told_to_screen_readers(desk, qtbot):
    view, _, _ = desk
    view.unfold_factor("d1")
    assert "d₁ = w₉ · δ_y" in view.widget().accessibleDescription()
    view.copy("latex")
    assert r"w_{9} \cdot \delta_{y}" in QGuiApplication.clipboard().text()


def test_click_on_the_dots_of_a_long_product_shows_every_term(desk, qtbot):
    view, selection, _ = desk
    sheet = equation_sheet(derive(chain([0.5] * 20, [0.0] * 20, 1.0, 0.0, "sigmoid"), "w1"))
    show(qtbot, view, sheet)
    assert len(view.where("d10")) == 1
    assert min(rect.height() for rect in view.where("more")) >= 14
    qtbot.mouseClick(view.widget(), Qt.MouseButton.LeftButton, pos=view.where("more")[0].center())
    assert len(view.where("d10")) == 3
    assert view.where("more") == ()
    assert selection.pinned is None


def test_another_weight_is_folded_again(desk, qtbot):
    view, _, _ = desk
    view.unfold_everything()
    show(qtbot, view, DEEP)
    assert (view.unfolding.products, view.unfolding.details) == (False, True)


def test_sheet_without_details_has_no_button(desk, qtbot):
    view, _, _ = desk
    show(qtbot, view, replace(SHEET, steps=SHEET.steps[:4]))
    assert not view.findChild(QToolButton).isVisible()
