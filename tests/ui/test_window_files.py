"""The window opens, exports and saves files, and says in one sentence what is wrong with one."""

from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.ui.person import Person
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json


def test_unreadable_experiment_is_one_sentence_and_changes_nothing(person: Person, tmp_path: Path):
    broken = tmp_path / "broken.json"
    broken.write_text('{"name": "x"}')
    before = person.window.desk.session.training
    person.presses("open")
    person.fills_in_file_dialog(broken)
    person.waits_for(lambda: "broken.json" in person.message(), "a message")
    assert person.window.desk.session.training is before
    person.types(Qt.Key.Key_Escape)
    assert person.message() == ""


def test_message_about_a_file_goes_when_another_one_is_opened(person: Person, tmp_path: Path):
    (tmp_path / "broken.json").write_text("{}")
    person.presses("open")
    person.fills_in_file_dialog(tmp_path / "broken.json")
    person.waits_for(lambda: "broken.json" in person.message(), "a message")
    (tmp_path / "mine.json").write_text(experiment_to_json(example("digits-tanh-20")))
    person.presses("open")
    person.fills_in_file_dialog(tmp_path / "mine.json")
    person.waits_for(lambda: person.message() == "", "no message")
    person.chooses(person.window.toolbar.networks, "Sigmoid, 20")


def test_file_under_a_bundled_name_is_told_from_the_bundled_one(person: Person, tmp_path: Path):
    bundled = example("digits-tanh-20")
    mine = msgspec.structs.replace(bundled, seed=5)
    (tmp_path / "tanh.json").write_text(experiment_to_json(mine))
    person.presses("open")
    person.fills_in_file_dialog(tmp_path / "tanh.json")
    box = person.window.toolbar.networks
    assert box.currentText() == f"{bundled.title} (tanh.json)"
    person.chooses(box, "Tanh, 20")
    assert person.window.desk.session.training == bundled
    person.chooses(box, f"{bundled.title} (tanh.json)")
    assert person.window.desk.session.training.seed == 5
    person.chooses(box, "Sigmoid, 20")


def test_exported_figure_is_a_file(person: Person, tmp_path: Path):
    person.waits_for(lambda: person.window.desk.runs.history.rows >= 20, "a row of the file for each of twenty steps")
    person.waits_for_calm()
    person.view("profile").setFocus()
    person.presses("export_figure")
    person.fills_in_file_dialog(tmp_path / "profile.csv")
    person.waits_for(lambda: (tmp_path / "profile.csv").exists(), "the file")
    assert (tmp_path / "profile.csv").read_text().count("\n") >= 20
    assert person.told[-1] == f"Wrote {tmp_path / 'profile.csv'}"
    assert person.message() == ""


def test_export_into_a_missing_folder_is_one_sentence(person: Person, tmp_path: Path):
    person.presses("export_equations")
    dialog = next(dialog for dialog in person.window.findChildren(QFileDialog) if dialog.isVisible())
    dialog.fileSelected.emit(str(tmp_path / "missing" / "equations.tex"))
    dialog.close()
    person.waits_for(lambda: "missing" in person.message(), "a message")
    person.presses("release")


def test_saved_experiment_can_be_opened_again(person: Person, tmp_path: Path):
    person.presses("save")
    person.fills_in_file_dialog(tmp_path / "mine.json")
    person.waits_for(lambda: (tmp_path / "mine.json").exists(), "the file")
    assert experiment_from_json((tmp_path / "mine.json").read_bytes()) == person.window.desk.session.training
