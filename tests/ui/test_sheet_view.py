"""The derivation on screen, used as a person would: look, point, click, walk with the keyboard, copy."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton, QToolTip

from tests.ui.sheets import D1, D2, SHEET, lit, picture, point_at, sheet_desk
from vgdesk.present.sheet import sheet_latex, sheet_text
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.equations.sheet_copy import LATEX_MIME
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import LIGHT, ThemeState


@pytest.fixture
def desk(qtbot) -> Iterator[tuple[SheetView, Selection, ThemeState]]:
    yield from sheet_desk(qtbot)


def test_each_factor_stands_in_three_equations(desk):
    view, _, _ = desk
    assert [len(view.where(factor)) for factor in ("d1", "d2", "d3")] == [3, 3, 0]


def test_pointing_at_a_factor_lights_it_up_wherever_it_stands(desk, qtbot):
    view, selection, _ = desk
    assert lit(view) == set()
    point_at(qtbot, view, "d1", 2)
    assert selection.current == D1
    assert lit(view) == {"d1"}


def test_pointing_beside_the_factors_puts_the_light_out(desk, qtbot):
    view, selection, _ = desk
    point_at(qtbot, view, "d1")
    qtbot.mouseMove(view.widget(), view.where("d1")[0].topLeft() - QPoint(20, 0))
    assert selection.current is None
    assert lit(view) == set()


def test_leaving_the_sheet_puts_the_light_out(desk, qtbot):
    view, selection, _ = desk
    point_at(qtbot, view, "d1")
    QApplication.sendEvent(view.widget(), QEvent(QEvent.Type.Leave))
    assert selection.current is None


def test_click_pins_and_second_click_releases(desk, qtbot):
    view, selection, _ = desk
    spot = view.where("d2")[1].center()
    qtbot.mouseClick(view.widget(), Qt.MouseButton.LeftButton, pos=spot)
    assert selection.pinned == D2
    assert lit(view) == {"d2"}
    qtbot.mouseClick(view.widget(), Qt.MouseButton.LeftButton, pos=spot)
    assert selection.pinned is None


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (D2, {"d2"}),
        (Reference("insurance", SHEET.factor_place["d1"]), {"d1"}),
        (Reference("insurance", Place(PlaceKind.LAYER, layer=1)), {"d2"}),
        (Reference("insurance", Place(PlaceKind.UNIT, layer=1, unit=2)), set()),
        (Reference("insurance"), set()),
        (Reference("insurance", Place(PlaceKind.UNIT, 1, 1)), {"d1"}),
        (Reference("insurance", Place(PlaceKind.UNIT, 1, 2)), set()),
        (Reference("insurance", Place(PlaceKind.UNIT, 2, 1)), set()),
        (Reference("another", SHEET.factor_place["d1"], "d1"), set()),
    ],
)
def test_what_is_pointed_at_elsewhere_lights_up_here(desk, reference: Reference, expected: set[str]):
    view, selection, _ = desk
    selection.hover(reference)
    assert lit(view) == expected


def test_resting_on_a_factor_explains_it(desk):
    view, _, _ = desk
    spot = view.where("d1")[0].center()
    QApplication.sendEvent(view.widget(), QHelpEvent(QEvent.Type.ToolTip, spot, view.widget().mapToGlobal(spot)))
    assert QToolTip.text() == SHEET.factor_text["d1"]
    QToolTip.hideText()


def test_tab_walks_the_factors_and_goes_on(desk, qtbot):
    view, selection, _ = desk
    before, after = view.window().findChildren(QLineEdit)
    before.setFocus()
    seen = []
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(selection.current.factor if selection.current else type(QApplication.focusWidget()).__name__)
    assert seen[:6] == ["d1", "d2"] * 3
    assert isinstance(view.window().findChild(QToolButton), QToolButton)
    assert QApplication.focusWidget() is after


def test_backtab_begins_at_the_last_factor(desk, qtbot):
    view, selection, _ = desk
    view.window().findChild(QToolButton).setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert selection.current == D2
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert selection.current == D1


def test_arrows_walk_enter_pins_and_escape_releases(desk, qtbot):
    view, selection, _ = desk
    view.setFocus()
    sheet = view.widget()
    for key, expected in [(Qt.Key.Key_Right, D1), (Qt.Key.Key_Right, D2), (Qt.Key.Key_Down, D2), (Qt.Key.Key_Left, D1)]:
        qtbot.keyClick(sheet, key)
        assert selection.current == expected
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert selection.pinned == D1
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert selection.current is None


def test_keyboard_focus_is_visible(desk, qtbot):
    view, _, _ = desk
    view.setFocus()
    qtbot.keyClick(view.widget(), Qt.Key.Key_Right)
    rect, image = view.where("d1")[0].adjusted(-3, -3, 3, 3), picture(view)
    row = [image.pixelColor(x, rect.center().y()).name() for x in range(rect.left() - 2, rect.left() + 4)]
    assert LIGHT.accent in row


def test_focus_that_is_on_no_factor_yet_is_visible(desk):
    view, _, _ = desk
    view.setFocus()
    edge = {picture(view).pixelColor(x, 100).name() for x in range(3)}
    assert LIGHT.accent in edge


def test_words_of_the_derivation_are_there_for_screen_readers(desk, qtbot):
    view, _, _ = desk
    assert view.widget().accessibleName() == "Derivation of ∂L/∂w1"
    assert view.widget().accessibleDescription() == sheet_text(SHEET, details=False)
    qtbot.mouseClick(view.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert view.accessibleDescription() == sheet_text(SHEET)


@pytest.mark.parametrize("kind", ["latex", "typst", "mathml", "text", "spoken", "svg", "image"])
def test_copying_offers_every_format_at_once(desk, kind):
    view, _, _ = desk
    view.copy(kind)
    mime = QGuiApplication.clipboard().mimeData()
    assert bytes(mime.data(LATEX_MIME).data()).decode() == sheet_latex(SHEET, details=False)
    assert bytes(mime.data("image/svg+xml").data()).startswith(b"<svg")
    assert mime.imageData().width() > 300
    beginnings = {
        "latex": "% Will",
        "typst": "#heading(",
        "mathml": "<article",
        "text": "Will this",
        "spoken": "Will this person buy insurance?: the gradient",
        "svg": "<svg",
        "image": "% Will",
    }
    assert mime.text().startswith(beginnings[kind])


def test_context_menu_offers_the_ways_to_copy(desk):
    view, _, _ = desk
    spot = QPoint(20, 20)
    sheet = view.widget()
    QApplication.sendEvent(sheet, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, sheet.mapToGlobal(spot)))
    menu = view.findChild(QMenu)
    labels = [action.text().replace("&", "") for action in menu.actions()]
    ways = ["LaTeX", "Typst", "MathML", "text", "as spoken words", "as SVG", "as image"]
    assert labels == [f"Copy {way}" for way in ways]
    menu.actions()[3].trigger()
    assert QGuiApplication.clipboard().text() == sheet_text(SHEET, details=False)
    menu.close()
