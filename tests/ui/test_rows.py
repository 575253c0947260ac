"""Rows of lists: none is wider than its list, all words have room, and the last one in sight is whole."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QListView, QListWidget, QListWidgetItem

from tests.present.test_race_scene import falling, lane, trial
from tests.ui.paints import Paints
from vgdesk.present.race import race_scene
from vgdesk.records.race import Race
from vgdesk.ui.panels.race_delegate import LINE_PIXELS as NAME_LINE_PIXELS
from vgdesk.ui.panels.race_delegate import RaceDelegate
from vgdesk.ui.panels.race_model import RaceModel
from vgdesk.ui.panels.whole_rows import LINE_PIXELS, WholeRows
from vgdesk.ui.panels.wrapped_rows import WrappedRows
from vgdesk.ui.theme import DARK, LIGHT, ThemeState

WORDS = (
    "■ alarm – Lately each layer passes on 0.2592 of the gradient |∂L/∂h|; 20 layers leave 1.9×10⁻¹² (limit 0.01).\n"
    "gradient flow · step 60 · Hochreiter 1991, section 2.2; Glorot & Bengio 2010, section 4.2.2"
)

CURED = Race(experiment="sick", lanes=(lane("orthogonal", trial(falling())),), seeds=(0,), steps=30, done=1, total=25)


def rows(qtbot, has_boxes: bool = False, is_own: bool = True) -> QListWidget:
    made = QListWidget()
    qtbot.addWidget(made)
    made.setWordWrap(True)
    made.setResizeMode(QListView.ResizeMode.Adjust)
    made.setSpacing(3)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
    if is_own:
        made.setItemDelegate(WrappedRows(made))
    for end in range(60, len(WORDS), 12):
        item = QListWidgetItem(WORDS[:end], made)
        if has_boxes:
            item.setCheckState(Qt.CheckState.Unchecked)
    made.show()
    return made


def cut_rows(shown: QListWidget) -> int:
    """Returns how many rows are wider than the list, over many widths of it."""
    cut = 0
    for width in range(220, 620, 9):
        shown.resize(width, 400)
        QApplication.processEvents()
        for number in range(shown.count()):
            cut += shown.visualItemRect(shown.item(number)).right() > shown.viewport().width()
    return cut


@pytest.mark.parametrize("has_boxes", [False, True])
def test_no_row_is_wider_than_its_list(qtbot, has_boxes):
    assert cut_rows(rows(qtbot, has_boxes)) == 0
    assert cut_rows(rows(qtbot, has_boxes, is_own=False)) > 0, "Qt's own rows are: the delegate is needed"


def test_a_row_is_higher_where_the_list_is_narrower(qtbot):
    shown = rows(qtbot)
    last = shown.item(shown.count() - 1)
    heights = []
    for width in (600, 300):
        shown.resize(width, 400)
        QApplication.processEvents()
        heights.append(shown.visualItemRect(last).height())
    assert heights[0] < heights[1]


def test_the_part_of_a_row_at_the_lower_edge_is_covered_and_the_rest_is_counted(qtbot):
    shown, themes = rows(qtbot), ThemeState(LIGHT)
    cover = WholeRows(shown, themes)
    for height in range(150, 260, 7):
        shown.resize(400, height)
        QApplication.processEvents()
        shown.viewport().repaint()
        whole = [row for row in range(shown.count()) if _bottom(shown, row) < shown.viewport().height()]
        rest = shown.count() - len(whole)
        assert cover.isHidden() or cover.words.startswith(f"↓ {rest} more row")
        assert cover.isHidden() or cover.y() > shown.viewport().y() + _bottom(shown, whole[-1])
    shown.verticalScrollBar().setValue(shown.verticalScrollBar().maximum())
    shown.viewport().repaint()
    assert cover.isHidden(), "nothing is to come"


def test_a_covered_list_at_rest_is_painted_no_more(qtbot):
    shown, themes = rows(qtbot), ThemeState(LIGHT)
    cover, paints = WholeRows(shown, themes), Paints(shown.viewport())
    shown.resize(400, 190)
    qtbot.waitUntil(cover.isVisible)
    qtbot.waitUntil(paints.is_still)
    themes.choose(DARK.name)
    qtbot.waitUntil(paints.is_still)


def test_of_a_row_of_several_lines_as_much_is_shown_as_ends_between_two(qtbot):
    shown, themes = rows(qtbot), ThemeState(LIGHT)
    plain, asked = WholeRows(shown, themes), []
    telling = WholeRows(shown, themes, lambda row, pixels: asked.append(pixels) or min(20, pixels))
    for height in range(150, 260, 7):
        shown.resize(400, height)
        QApplication.processEvents()
        shown.viewport().repaint()
        if not plain.isHidden():
            assert telling.y() - plain.y() == min(20, asked[-1])
            assert telling.height() >= min(LINE_PIXELS, plain.height()), "there is room for the count"
            assert telling.words == plain.words
    assert max(asked) > 20


def test_a_lane_of_the_race_is_cut_between_two_lines(qtbot):
    model, themes = RaceModel(), ThemeState(LIGHT)
    model.show_scene(race_scene(CURED))
    delegate = RaceDelegate(model, themes)
    heights = [delegate.whole_lines(0, 60, pixels) for pixels in range(15, 200)]
    assert heights == sorted(heights)
    assert heights[0] == 0
    assert NAME_LINE_PIXELS < heights[15] <= 30, "of a row of 30 pixels its first line is seen"
    assert len(set(heights)) > 2, "a name in a narrow column has several lines"
    assert all(height <= pixels for pixels, height in enumerate(heights, 15))


def test_a_picture_that_would_be_cut_is_covered_beside_the_lines_that_are_shown(qtbot):
    shown, themes = rows(qtbot), ThemeState(LIGHT)
    shown.resize(400, 190)
    QApplication.processEvents()
    plain = WholeRows(shown, themes, lambda row, pixels: 20)
    covers = [WholeRows(shown, themes, lambda row, pixels: 20, (0, least)) for least in (20, 21)]
    shown.viewport().repaint()
    whole, cut = covers
    assert whole.geometry() == plain.geometry()
    assert cut.y() == plain.y() - 20
    assert cut.mask().contains(QPoint(cut.width() // 2, 10)), "the picture's column is covered"
    assert not cut.mask().contains(QPoint(cut.width() - 1, 10)), "what stands beside it is not"


def test_the_cover_has_the_colour_of_the_panel_in_every_theme(qtbot):
    shown, themes = rows(qtbot), ThemeState(LIGHT)
    cover = WholeRows(shown, themes)
    shown.resize(400, 180)
    QApplication.processEvents()
    shown.viewport().repaint()
    for theme in (LIGHT, DARK):
        themes.choose(theme.name)
        picture = cover.grab().toImage()
        assert picture.pixelColor(picture.width() - 2, 1).name() == theme.panel.lower()


def _bottom(shown: QListWidget, row: int) -> int:
    return shown.visualItemRect(shown.item(row)).bottom()
