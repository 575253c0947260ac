"""A derivation on screen to be tried out: what is lit in it, and how it is pointed at."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tests.derivations import deep_derivation, insurance_derivation
from vgdesk.present.sheet import equation_sheet
from vgdesk.ui.equations.sheet_view import SheetView
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import LIGHT, ThemeState

SHEET = equation_sheet(insurance_derivation())
DEEP = equation_sheet(deep_derivation())
D1 = Reference("insurance", SHEET.factor_place["d1"], "d1", telling=SHEET.telling)
D2 = Reference("insurance", SHEET.factor_place["d2"], "d2", telling=SHEET.telling)


def sheet_desk(qtbot) -> Iterator[tuple[SheetView, Selection, ThemeState]]:
    """A fixture: a shown view of the insurance sheet, typeset, between two fields that Tab reaches."""
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
