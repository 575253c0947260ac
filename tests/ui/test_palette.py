"""Typing a few letters finds the entry that was meant."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QTreeView
from pytestqt.qtbot import QtBot

from vgdesk.ui.actions import ACTIONS
from vgdesk.ui.actions.palette import Entry, Palette, fit


@pytest.mark.parametrize(
    ("letters", "words", "expected"),
    [
        ("", "Training · Train", 3),
        ("tra", "Training · Train", 3),
        ("step", "Training · Make one step", 2),
        ("xetal", "Copy as LaTeX", 0),
        ("cplt", "Copy as LaTeX", 1),
        ("latex copy", "Copy as LaTeX", 2),
        ("20 layers x 16", "Example · Tanh, 20 layers × 16, on digits", 2),
    ],
)
def test_letters_fit_words_that_hold_them_in_order(letters: str, words: str, expected: int):
    assert fit(letters, words) == expected


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    window.resize(900, 700)
    qtbot.addWidget(window)
    window.show()
    return window


def offered(palette: Palette) -> list[str]:
    model = palette.findChild(QTreeView).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_return_runs_the_best_fit(window: QMainWindow):
    chosen: list[str] = []
    names = ("Redo all", "Open experiment", "Export figure")
    palette = Palette(window, "Find", [Entry(name, "", lambda name=name: chosen.append(name)) for name in names])
    palette.open_over(window)
    QTest.keyClicks(palette.search, "ex")
    assert offered(palette)[0] == "Export figure"
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen == ["Export figure"]


def test_arrows_walk_while_the_letters_stay_in_the_field(window: QMainWindow):
    chosen: list[str] = []
    palette = Palette(window, "Find", [Entry(name, "", lambda name=name: chosen.append(name)) for name in "abc"])
    palette.open_over(window)
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen == ["b"]


def test_return_with_nothing_that_fits_keeps_the_palette(window: QMainWindow):
    palette = Palette(window, "Find", [Entry("Open", "", lambda: None)])
    palette.open_over(window)
    QTest.keyClicks(palette.search, "zzz")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert offered(palette) == []
    assert palette.nothing.isVisible()
    assert "zzz" in palette.nothing.text()
    palette.close()


def test_what_holds_the_word_comes_before_what_scatters_it_even_where_it_is_greyed(window: QMainWindow):
    entries = [Entry("Unfold other", "", lambda: None), Entry("Edit · Undo", "nothing", lambda: None, False)]
    palette = Palette(window, "Find", [*entries, Entry("Undo all", "", lambda: None)])
    palette.open_over(window)
    QTest.keyClicks(palette.search, "undo")
    assert offered(palette) == ["Undo all", "Edit · Undo", "Unfold other"]
    assert palette.nothing.isHidden()
    palette.close()


def test_other_words_for_the_same_find_an_entry_as_one_piece_only(window: QMainWindow):
    palette = Palette(
        window, "Find", [Entry("Own activation", "", print, also="Custom formula"), Entry("Redo", "", print)]
    )
    palette.open_over(window)
    QTest.keyClicks(palette.search, "CUSTOM form")
    assert offered(palette) == ["Own activation"]
    palette.search.clear()
    QTest.keyClicks(palette.search, "cstm")
    assert offered(palette) == []
    palette.close()


def test_return_runs_nothing_that_only_scatters_the_letters(window: QMainWindow):
    chosen: list[str] = []
    palette = Palette(window, "Find", [Entry("Export figure at night", "", lambda: chosen.append("export"))])
    palette.open_over(window)
    QTest.keyClicks(palette.search, "fright")
    assert offered(palette) == ["Export figure at night"]
    assert "fright" in palette.nothing.text()
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen == []
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen == ["export"]


@pytest.mark.parametrize("words", ["light", "dark", "light theme", "dark theme", "theme", "Light or dark"])
def test_either_theme_is_found_under_words_that_name_it(window: QMainWindow, words: str):
    palette = Palette(window, "Type a command", [Entry(f"{one.menu} · {one.words}", "", print) for one in ACTIONS])
    palette.open_over(window)
    QTest.keyClicks(palette.search, words)
    assert offered(palette)[0] == "&View · Light or dark theme"
    assert fit(words, offered(palette)[0]) > 1
    palette.close()


@pytest.mark.parametrize(
    "words", ["own formula", "custom activation", "own activation", "your own activation", "custom formula"]
)
def test_words_of_a_user_find_the_own_activation_formula(window: QMainWindow, words: str):
    entries = [Entry(action.words, "", print, also=action.also) for action in ACTIONS]
    palette = Palette(window, "Type a command", entries)
    palette.open_over(window)
    QTest.keyClicks(palette.search, words)
    assert offered(palette)[0] == "Own activation formula"
    palette.close()


def test_activation_alone_lists_the_own_formula_among_the_activations(window: QMainWindow):
    palette = Palette(window, "Type a command", [Entry(one.words, "", print, also=one.also) for one in ACTIONS])
    palette.open_over(window)
    QTest.keyClicks(palette.search, "activation")
    assert "Own activation formula" in offered(palette)[:2]
    palette.close()
