"""File > Import CSV: the dialog offers what the file has, a table is trained on, a wrong one becomes a sentence."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from tests.training.test_csv_table import GOOD
from vgdesk.errors import DocumentError
from vgdesk.spec.table import CsvTable
from vgdesk.ui.panels.table_dialog import TableDialog
from vgdesk.ui.state import tables
from vgdesk.ui.state.desk import make_desk
from vgdesk.ui.state.tables import TableChoice

HOUSES = Path(__file__).parents[1] / "data" / "houses.csv"


@pytest.fixture
def dialog(qtbot):
    """Returns a function that opens the dialog for a file, and the list of what was chosen; nothing is read."""
    chosen: list[TableChoice] = []

    class Chosen(QObject):
        opened, refused = Signal(object), Signal(str)

        def read(self, choice: TableChoice) -> None:
            chosen.append(choice)

    tables = Chosen()
    parent = QWidget()
    qtbot.addWidget(parent)

    def open_dialog(path: Path) -> tuple[TableDialog, list[TableChoice]]:
        opened = TableDialog(parent, str(path), tables)
        with qtbot.waitExposed(opened):
            opened.show()
        return opened, chosen

    return open_dialog


@pytest.fixture
def desk(qtbot):
    """Returns the states of a window without its workers."""
    owner = QObject()
    made = make_desk(owner, "light", None)
    yield made
    made.jobs.close()


def press(qtbot, dialog: TableDialog) -> None:
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_dialog_offers_the_columns_and_checks_those_of_numbers(qtbot, dialog):
    opened, chosen = dialog(HOUSES)
    assert opened.targets.keys() == ["id", "area m²", "rooms", "built", "distance km", "price", "sold"]
    assert opened.words.text() == "7 columns: 6 of numbers, 1 of text (sold)"
    press(qtbot, opened)
    assert chosen[0].target == "sold"
    assert chosen[0].inputs == ("id", "area m²", "rooms", "built", "distance km", "price")
    assert (chosen[0].goal, chosen[0].held_out) == (None, 0.2)


def test_the_chosen_target_is_no_input(qtbot, dialog):
    opened, chosen = dialog(HOUSES)
    opened.targets.setFocus()
    qtbot.keyClick(opened.targets, Qt.Key.Key_Up)
    press(qtbot, opened)
    assert chosen[0].target == "price"
    assert "price" not in chosen[0].inputs


def test_another_delimiter_divides_anew(qtbot, dialog, tmp_path):
    (tmp_path / "t.csv").write_text(GOOD.replace(",", ";"))
    opened, _ = dialog(tmp_path / "t.csv")
    assert opened.targets.keys() == ["age", "kind", "income"]
    opened.delimiters.setFocus()
    qtbot.keyClick(opened.delimiters, Qt.Key.Key_Up)
    assert opened.targets.keys() == ["age;kind;income"]
    assert not opened.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_a_file_without_a_first_row_opens_no_dialog(qtbot, dialog, tmp_path):
    (tmp_path / "t.csv").write_text("")
    with pytest.raises(DocumentError, match=r"t\.csv is empty"):
        dialog(tmp_path / "t.csv")


def test_a_table_becomes_the_training_experiment(qtbot, desk):
    with qtbot.waitSignal(desk.session.training_changed):
        desk.tables.read(TableChoice(str(HOUSES), ",", "price", ("area m²", "built"), hidden="4"))
    task = desk.session.training.task
    assert isinstance(task, CsvTable)
    assert (task.inputs, task.goal) == (("area m²", "built"), "regression")
    assert desk.session.training.network.widths == (2, 4, 1)
    assert desk.messages.sentence == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"target": "sold", "goal": "regression"}, "houses.csv, row 2, column 'sold': 'yes' is not a number"),
        ({"hidden": "many"}, "hidden must list widths like 16,16, got 'many'"),
        ({"path": "no.csv"}, "no such file or directory"),
    ],
)
def test_a_table_that_does_not_fit_becomes_the_sentence_on_show(qtbot, desk, change, sentence):
    before = desk.session.training
    fields = {"path": str(HOUSES), "delimiter": ",", "target": "price", "inputs": ("built",), **change}
    with qtbot.waitSignal(desk.messages.changed):
        desk.tables.read(TableChoice(**fields))
    assert sentence in desk.messages.sentence
    assert desk.session.training is before
    assert desk.jobs.activity == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a;b;c\n0,37;0,71;1\n0,3;1,7;0\n", "row 2, column 'a': '0,37' is not a number; write decimals with a point"),
        (
            "a,b,c\n1,2,0.5\n2,3,cheap\n3,4,2.5\n",
            "row 3, column 'c': 'cheap' is not a number; correct it, or choose classification where the column holds "
            "labels",
        ),
        ("a;a;c\n1;2;1\n2;3;0\n", "row 1: two columns are called 'a'; a name must be unique"),
    ],
)
def test_the_dialog_says_what_the_command_line_says(qtbot, desk, tmp_path, text, sentence):
    (tmp_path / "t.csv").write_text(text)
    parent = QWidget()
    qtbot.addWidget(parent)
    opened = TableDialog(parent, str(tmp_path / "t.csv"), desk.tables)
    opened.show()
    with qtbot.waitSignal(desk.tables.refused):
        press(qtbot, opened)
    assert opened.words.text() == f"t.csv, {sentence}"


def test_a_table_that_does_not_fit_leaves_the_dialog_open_with_every_choice(qtbot, desk):
    parent = QWidget()
    qtbot.addWidget(parent)
    opened = TableDialog(parent, str(HOUSES), desk.tables)
    opened.show()
    opened.goals.show_choice("regression")
    opened.hidden.setText("7")
    with qtbot.waitSignal(desk.tables.refused):
        press(qtbot, opened)
    assert opened.isVisible()
    assert "'yes' is not a number" in opened.words.text()
    assert (opened.hidden.text(), opened.goals.currentData()) == ("7", "regression")
    opened.goals.show_choice("classification")
    with qtbot.waitSignal(desk.tables.opened), qtbot.waitSignal(opened.finished):
        press(qtbot, opened)
    assert desk.session.training.network.widths[1] == 7


def test_a_column_is_of_text_only_where_it_holds_no_number_at_all(dialog, tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text("code,size,price\nA17,1.5,2\nB4,,3\n", encoding="utf-8")
    opened, _ = dialog(file)
    assert opened.words.text() == "3 columns: 2 of numbers, 1 of text (code)"
    file.write_text("size,price\n1.5,2\n,3\n", encoding="utf-8")
    opened, _ = dialog(file)
    assert opened.words.text() == "2 columns, all of numbers"


def test_a_word_among_the_numbers_of_a_column_is_refused_with_its_place(qtbot, desk, tmp_path):
    (tmp_path / "t.csv").write_text("code,size,price\n17,1.5,2\nB4,2,3\n", encoding="utf-8")
    parent = QWidget()
    qtbot.addWidget(parent)
    opened = TableDialog(parent, str(tmp_path / "t.csv"), desk.tables)
    opened.show()
    with qtbot.waitSignal(desk.tables.refused):
        press(qtbot, opened)
    assert opened.words.text() == "t.csv, row 3, column 'code': 'B4' is not a number"


MIXED = "age,kind,price\n" + "".join(f"{n},{'ab'[n % 2]},{'cheap' if n == 40 else n}\n" for n in range(50))


def test_a_column_of_numbers_with_a_word_among_them_is_not_counted_as_numbers(dialog, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(MIXED, encoding="utf-8")
    opened, _ = dialog(file)
    words = "1 of numbers, 1 of numbers with words among them (price), 1 of text (kind)"
    assert opened.words.text() == f"3 columns: {words}"


@pytest.mark.parametrize("change", ["kind", "hidden"])
def test_a_refusal_is_told_once_and_goes_when_another_thing_is_chosen(qtbot, desk, tmp_path, change):
    (tmp_path / "t.csv").write_text(MIXED, encoding="utf-8")
    parent = QWidget()
    qtbot.addWidget(parent)
    opened = TableDialog(parent, str(tmp_path / "t.csv"), desk.tables)
    opened.show()
    with qtbot.waitSignal(desk.tables.refused):
        press(qtbot, opened)
    assert "'cheap' is not a number" in opened.words.text()
    assert desk.messages.sentence == "", "the dialog says it, not the window behind it as well"
    if change == "kind":
        qtbot.keyClick(opened.goals, Qt.Key.Key_Down)
    else:
        qtbot.keyClick(opened.hidden, Qt.Key.Key_1)
    assert opened.words.text().startswith("3 columns: ")


def test_a_refusal_after_the_dialog_was_closed_is_told_by_the_window(qtbot, desk, tmp_path, monkeypatch):
    is_closed, read = threading.Event(), tables._experiment

    def read_later(choice: TableChoice):
        is_closed.wait()
        return read(choice)

    monkeypatch.setattr(tables, "_experiment", read_later)
    (tmp_path / "t.csv").write_text(MIXED, encoding="utf-8")
    parent = QWidget()
    qtbot.addWidget(parent)
    opened = TableDialog(parent, str(tmp_path / "t.csv"), desk.tables)
    opened.show()
    press(qtbot, opened)
    with qtbot.waitSignal(opened.destroyed):
        opened.reject()
    with qtbot.waitSignal(desk.messages.changed):
        is_closed.set()
    assert "'cheap' is not a number" in desk.messages.sentence
