"""The derivation on screen, used as a person would: look, point, click, walk with the keyboard, copy."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton, QToolTip, QVBoxLayout, QWidget

from tests.builders import chain
from tests.derivations import deep_derivation, insurance_derivation
from vgdesk.present.sheet import equation_sheet, sheet_latex, sheet_text
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.study.derive import derive
from vgdesk.ui.equations.sheet_copy import LATEX_MIME
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import DARK, LIGHT, ThemeState

SHEET = equation_sheet(insurance_derivation())
DEEP = equation_sheet(deep_derivation())
D1 = Reference("insurance", SHEET.factor_place["d1"], "d1")
D2 = Reference("insurance", SHEET.factor_place["d2"], "d2")


@pytest.fixture
def desk(qtbot) -> Iterator[tuple[SheetView, Selection, ThemeState]]:
    """A shown view of the insurance sheet, typeset, between two fields that Tab reaches."""
    selection, themes, window = Selection(), ThemeState(LIGHT), QWidget()
    view = SheetView(selection, themes)
    column = QVBoxLayout(window)
    for widget in (QLineEdit(), view, QLineEdit()):
        column.addWidget(widget)
    window.resize(440, 520)
    qtbot.addWidget(window)
    window.show()
    show(qtbot, view, SHEET)
    yield view, selection, themes
    QGuiApplication.clipboard().clear()


def show(qtbot, view: SheetView, sheet) -> None:
    with qtbot.waitSignal(view.typeset_finished):
        view.render(sheet)


def picture(view: SheetView) -> QImage:
    sheet = view.widget()
    assert sheet
    return sheet.grab().toImage()


def ground_of(view: SheetView, factor: str, index: int = 0) -> str:
    """The colour beside the ink of a factor, inside its ground."""
    rect = view.where(factor)[index]
    image = picture(view)
    point = QPoint(rect.left() + 1, rect.center().y()) * image.devicePixelRatio()
    return image.pixelColor(point).name()


def lit(view: SheetView) -> set[str]:
    return {f for f in ("d1", "d2") if all(ground_of(view, f, i) == LIGHT.highlight for i in range(len(view.where(f))))}


def point_at(qtbot, view: SheetView, factor: str, index: int = 0) -> None:
    qtbot.mouseMove(view.widget(), view.where(factor)[index].center())


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


def test_theme_changes_only_the_brushes(desk):
    view, _, themes = desk
    before = view.where("d1")
    themes.choose("dark")
    image = picture(view)
    assert image.pixelColor(image.width() - 2, image.height() - 2).name() == DARK.panel
    assert view.where("d1") == before
    assert view.is_typeset


def test_wide_product_shrinks_and_then_scrolls(desk, qtbot):
    view, _, _ = desk
    whole = view.where("d1")[2].height()
    assert view.horizontalScrollBar().maximum() == 0
    show(qtbot, view, DEEP)
    assert view.horizontalScrollBar().maximum() > 0
    assert view.where("d50")[2].height() < 0.8 * whole


def test_walking_brings_a_far_factor_into_sight(desk, qtbot):
    view, selection, _ = desk
    show(qtbot, view, DEEP)
    view.setFocus()
    for _ in range(50):
        qtbot.keyClick(view.widget(), Qt.Key.Key_Right)
    assert selection.current.factor == "d1"
    assert view.horizontalScrollBar().value() > 0
    assert view.widget().visibleRegion().contains(view.where("d1")[0].center())


def test_narrow_panel_keeps_the_equation_whole(desk):
    view, _, _ = desk
    wide = view.where("d2")[0]
    view.window().resize(300, 520)
    QApplication.processEvents()
    assert view.where("d2")[0].width() < wide.width()
    assert view.where("d2")[0].right() <= view.viewport().width()
    assert view.horizontalScrollBar().maximum() == 0


def test_same_sheet_again_changes_nothing(desk, qtbot):
    view, _, _ = desk
    before = picture(view)
    with qtbot.assertNotEmitted(view.typeset_finished, wait=50):
        view.render(equation_sheet(insurance_derivation()))
    assert view.is_typeset
    assert picture(view) == before


def test_newest_of_many_sheets_is_shown(desk, qtbot):
    view, _, _ = desk
    for _ in range(5):
        view.render(DEEP)
        view.render(SHEET)
    view.render(DEEP)
    assert not view.is_typeset
    qtbot.waitUntil(lambda: view.is_typeset)
    assert view.where("d50")


def test_no_sheet_empties_the_panel(desk, qtbot):
    view, _, _ = desk
    show(qtbot, view, None)
    assert view.where("d1") == ()
    qtbot.mouseMove(view.widget(), QPoint(50, 50))
    view.copy("latex")


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


def test_line_that_cannot_be_typeset_is_shown_as_text(desk, qtbot, caplog):
    view, _, _ = desk
    broken = replace(SHEET.steps[0].lines[0], typst="unknownword")
    show(qtbot, view, replace(SHEET, steps=(replace(SHEET.steps[0], lines=(broken,)),)))
    assert view.is_typeset
    assert "showing plain text" in caplog.text
    assert LIGHT.text in {picture(view).pixelColor(x, y).name() for x in range(30, 200) for y in range(25, 60)}


def test_closing_at_once_leaves_no_thread(qtbot):
    view = SheetView(Selection(), ThemeState(DARK))
    view.render(DEEP)
    assert any(thread.name == "typeset" for thread in threading.enumerate())
    view.deleteLater()
    QApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)
    assert not any(thread.name == "typeset" for thread in threading.enumerate())


def test_importing_the_view_imports_nothing_heavy():
    heavy = "{'typst', 'sympy', 'numba', 'pyqtgraph', 'matplotlib'}"
    code = f"import sys, vgdesk.ui.equations.sheet_view; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_low_and_wide_panel_has_titles_beside_equations_and_less_height(desk):
    view, _, _ = desk
    high = view.widget().height()
    view.window().resize(900, 260)
    assert view.widget().height() < high - 60
    assert view.where("d1")[0].left() > 200


def test_equations_grow_with_a_large_panel_but_not_without_end(desk):
    view, _, _ = desk
    small = view.where("d1")[0].height()
    view.window().resize(2400, 1400)
    assert 1.4 * small < view.where("d1")[0].height() < 1.7 * small
    assert not view.verticalScrollBar().isVisible()
