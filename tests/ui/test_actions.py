"""The table of actions keeps its promises: no two share keys, each one explains itself, each one is in the palette."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTreeView

from tests.ui.person import Person
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.ui.actions import ACTIONS, MENUS, Action
from vgdesk.ui.actions.palette import Palette
from vgdesk.ui.actions.reasons import BEGINS_GROUP, REASONS
from vgdesk.ui.icons import icon_names


def mnemonic(text: str) -> str:
    return text[text.index("&") + 1].lower() if "&" in text else ""


def test_no_two_actions_share_a_shortcut():
    keys = Counter(QKeySequence(action.keys).toString() for action in ACTIONS if action.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_two_actions_share_an_id():
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("menu", MENUS)
def test_every_entry_of_a_menu_has_a_mnemonic_of_its_own(menu: str):
    letters = [mnemonic(action.text) for action in ACTIONS if action.menu == menu]
    assert all(letters)
    assert len(set(letters)) == len(letters)


def test_every_menu_has_a_mnemonic_of_its_own():
    assert len({mnemonic(menu) for menu in MENUS}) == len(MENUS)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_explains_itself(action: Action):
    assert action.help
    assert action.more.endswith(".")
    assert not action.help.endswith(".")
    assert action.menu in MENUS
    assert not action.icon or action.icon in icon_names()
    assert not action.keys or QKeySequence(action.keys).toString()


def test_every_action_is_in_menu_and_palette_and_what_cannot_work_now_is_greyed_with_its_reason(person: Person):
    person.rests()
    menus = [action for menu in person.window.menuBar().findChildren(QMenu) for action in menu.actions()]
    assert set(person.window.actions_by_id.values()) <= set(menus)
    person.presses("palette")
    palette = person.window.findChild(Palette)
    assert isinstance(palette, Palette)
    model = palette.findChild(QTreeView).model()
    lines = [(model.index(row, 0).data(), model.index(row, 1)) for row in range(model.rowCount())]
    others = len(person.window.quantities.entries()) + len(EXAMPLES)
    assert len(lines) == others + len(ACTIONS)
    greyed = [index.data() for _, index in lines if not index.flags() & Qt.ItemFlag.ItemIsEnabled]
    assert len(greyed) == sum(not action.isEnabled() for action in person.window.actions_by_id.values())
    assert "no race is running" in greyed
    QTest.keyClicks(palette.search, "sigmoid")
    assert any(words.startswith("Example · ") for words in (model.index(row, 0).data() for row in range(3)))
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)


def test_every_widget_action_tells_its_help(person: Person):
    for action in person.window.actions_by_id.values():
        assert action.toolTip()
        assert action.whatsThis()


def test_space_belongs_to_the_control_that_needs_it(person: Person):
    pause = person.window.actions_by_id["pause"]
    person.returns_to_window()
    person.window.toolbar.seed.setFocus()
    assert pause.shortcut().isEmpty()
    person.window.setFocus()
    assert pause.shortcut() == QKeySequence("Space")


def test_reasons_and_groups_are_of_actions_that_exist():
    by_id = {action.id: action for action in ACTIONS}
    assert set(REASONS) | BEGINS_GROUP <= set(by_id)


def test_long_menus_are_divided_by_lines(person: Person):
    for menu in person.window.menuBar().findChildren(QMenu):
        if len(menu.actions()) > 14 and menu.title() in ("&View", "T&ools"):
            assert sum(action.isSeparator() for action in menu.actions()) >= 3


def test_a_choice_that_changes_nothing_leaves_the_mark_as_it_was(person: Person):
    workspace, editor = (person.window.actions_by_id[name] for name in ("workspace_train", "edit_network"))
    person.presses("workspace_train")
    person.waits_for(workspace.isChecked, "the mark of the workspace")
    person.presses("workspace_train")
    assert workspace.isChecked()
    person.window.desk.session.choose_formula(example("four-steps-lstm"))
    person.presses("edit_network")
    assert not person.window.desk.editor.is_on, "recurrent networks are not drawn"
    assert not editor.isChecked()
