"""What the window exports never takes the place of the data that the network learns, or of a file of another kind."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.ui.person import Person
from vgdesk.study.csv_experiment import experiment_from_csv

HOUSES = Path(__file__).parents[1] / "data" / "houses.csv"


def chooses_an_existing_file(person: Person, action: str, path: Path) -> None:
    """Chooses a file in the dialog of an action, as somebody who has agreed to replacing it."""
    person.presses(action)
    person.waits_for(lambda: any(one.isVisible() for one in person.window.findChildren(QFileDialog)), "the dialog")
    dialog = next(one for one in person.window.findChildren(QFileDialog) if one.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.close()


@pytest.fixture
def table(person: Person, tmp_path: Path) -> Path:
    """Puts a network on the desk that learns a table; the table looks like the one that a profile is exported to."""
    path = tmp_path / "houses.csv"
    header, _, rows = HOUSES.read_text().partition("\n")
    path.write_text(f"{header.replace('id,area m²', 'layer,log10_gradient_norm')}\n{rows}")
    person.window.desk.session.open(experiment_from_csv(str(path), ["price"], ["rooms", "built"]))
    person.waits_for(lambda: person.window.desk.runs.steps > 3, "the first steps")
    person.waits_for_calm()
    return path


def test_the_table_that_is_learnt_is_never_written(person: Person, table: Path):
    before = table.read_bytes()
    person.view("profile").setFocus()
    chooses_an_existing_file(person, "export_figure", table)
    person.waits_for(lambda: "the network learns the data in it" in person.message(), "a message")
    assert table.read_bytes() == before


def test_a_file_of_another_kind_is_left_alone(person: Person, tmp_path: Path):
    run = tmp_path / "run.json"
    run.write_text('{"format": "vgdesk-run", "version": 3}')
    chooses_an_existing_file(person, "save", run)
    person.waits_for(lambda: "a recorded run stands there, not an experiment" in person.message(), "a message")
    assert run.read_text().startswith('{"format"')
