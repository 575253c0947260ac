"""The derivation on screen fits its panel, shows the newest sheet, and leaves nothing behind."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from tests.derivations import insurance_derivation
from tests.patience import SECONDS
from tests.ui.sheets import DEEP, SHEET, picture, sheet_desk, show
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.equations.svg_reader import Equation
from vgdesk.ui.equations.typeset_thread import TypesetThread
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import DARK, LIGHT, ThemeState


@pytest.fixture
def desk(qtbot) -> Iterator[tuple[SheetView, Selection, ThemeState]]:
    yield from sheet_desk(qtbot)


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


def test_line_that_cannot_be_typeset_is_shown_as_text(desk, qtbot, caplog):
    view, _, _ = desk
    broken = replace(SHEET.steps[0].lines[0], typst="unknownword")
    show(qtbot, view, replace(SHEET, steps=(replace(SHEET.steps[0], lines=(broken,)),)))
    assert view.is_typeset
    assert "showing plain text" in caplog.text
    assert LIGHT.text in {picture(view).pixelColor(x, y).name() for x in range(30, 200) for y in range(25, 60)}


def test_closing_at_once_leaves_no_thread(qtbot, monkeypatch: pytest.MonkeyPatch):
    typeset, has_been_seen = TypesetThread._typeset, threading.Event()

    def typeset_later(thread: TypesetThread, sheet: EquationSheet) -> dict[str, Equation]:
        has_been_seen.wait(SECONDS)
        return typeset(thread, sheet)

    monkeypatch.setattr(TypesetThread, "_typeset", typeset_later)
    view = SheetView(Selection(), ThemeState(DARK))
    view.render(DEEP)
    assert any(thread.name == "typeset" for thread in threading.enumerate())
    has_been_seen.set()
    view.deleteLater()
    QApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)
    assert not any(thread.name == "typeset" for thread in threading.enumerate())


def test_importing_the_view_imports_nothing_heavy():
    heavy = "{'typst', 'sympy', 'numba', 'pyqtgraph', 'matplotlib'}"
    code = f"import sys, vgdesk.ui.equations.sheet_view; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
