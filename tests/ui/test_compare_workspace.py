"""The Compare workspace as a person uses it: keep runs, change one thing, open a run, read, remove."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from tests.histories import history
from tests.ui.person import Person
from vgdesk.present.comparison_table import RunTable
from vgdesk.records.run_file import save_run
from vgdesk.spec.library import example
from vgdesk.ui.panels.compared_card import ComparedCard
from vgdesk.ui.panels.duplicate_dialog import DuplicateDialog
from vgdesk.ui.panels.runs_table import RunsTable
from vgdesk.ui.plots.maps_view import MapsView
from vgdesk.ui.plots.run_lines import LETTER_LINE, letter_heights
from vgdesk.ui.plots.runs_plot import RunsPlot
from vgdesk.ui.state.quantity import Quantity

PANELS = ("compared_profiles", "compared_losses", "compared_maps", "compared_runs")


def runs(person: Person):
    return person.window.desk.comparisons.runs


def table(person: Person) -> RunsTable:
    person.presses("workspace_compare")
    person.waits_for_calm()
    view = person.view("compared_runs")
    assert isinstance(view, RunsTable)
    return view


def two_runs(person: Person, folder: Path) -> None:
    """Has exactly the two runs of a sigmoid and of a tanh network in the comparison."""
    desk = person.window.desk
    if len(runs(person)) != 2:
        desk.comparisons.clear()
        for name, slope in (("digits-sigmoid-20", 1.0), ("digits-tanh-20", 0.0)):
            norms = np.tile(slope * np.arange(-19.0, 1.0), (30, 1))
            record = history(np.linspace(2, 1, 30).tolist(), norms, layers=20, experiment=name)
            path = folder / f"{name}.json"
            path.write_text(save_run(record, example(name)), encoding="utf-8")
            before = len(runs(person))
            person.presses("open_run")
            person.fills_in_file_dialog(path)
            person.waits_for(lambda before=before: len(runs(person)) == before + 1, "the run from the file")
    table(person)


def test_the_views_are_made_when_the_workspace_is_first_opened(person: Person):
    assert all(person.window.cards[panel].view is None for panel in PANELS)
    table(person)
    assert all(person.view(panel).isVisible() for panel in PANELS)
    assert not person.window.actions_by_id["remove_run"].isEnabled()


def test_b_keeps_the_run_and_later_again_in_the_place_of_its_shorter_self(person: Person):
    person.waits_for(lambda: person.window.desk.runs.steps > 5, "some steps")
    person.window.setFocus()
    person.types(Qt.Key.Key_B)
    person.waits_for(lambda: len(runs(person)) == 1, "the kept run")
    rows = runs(person)[0].history.rows
    person.waits_for(lambda: person.window.desk.runs.steps > rows, "more steps")
    person.presses("keep_run")
    assert len(runs(person)) == 1
    assert runs(person)[0].history.rows > rows


def test_compare_with_last_lays_both_runs_side_by_side(person: Person):
    desk = person.window.desk
    desk.comparisons.clear()
    person.presses("workspace_derive")
    before = desk.session.training
    person.presses("new_seed")
    person.waits_for(lambda: desk.runs.steps > 2, "the new run's steps")
    person.presses("compare_with_last")
    person.waits_for(lambda: len(runs(person)) == 2, "both runs")
    assert person.window.stage.workspace == "compare"
    assert [run.experiment.seed for run in runs(person)] == [before.seed, before.seed + 1]
    assert runs(person)[0].experiment == before


def test_duplicate_with_one_change_trains_both_on_the_same_seed(person: Person):
    desk = person.window.desk
    desk.comparisons.clear()
    person.presses("duplicate_with_change")
    (dialog,) = person.window.findChildren(DuplicateDialog)
    person.chooses(dialog.fields, "Activation")
    person.chooses(dialog.options, "tanh")
    assert "activation sigmoid → tanh" in dialog.words.text()
    dialog.steps.setValue(5)
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    person.waits_for(lambda: len(runs(person)) == 2, "A and B")
    a, b = runs(person)
    assert (a.history.steps_made, b.history.steps_made) == (5, 5)
    assert a.experiment.seed == b.experiment.seed == desk.session.training.seed
    assert table(person).table.item(1, 11).text() == "activation sigmoid → tanh in layers 1–19"


def test_the_dialog_promises_no_letters_for_a_run_that_may_have_one_already(person: Person):
    assert len(runs(person)) == 2
    person.presses("duplicate_with_change")
    dialog = person.window.findChildren(DuplicateDialog)[-1]
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).text().replace("&", "") == "Train both"
    assert dialog.words.text().startswith("The change: ")
    dialog.reject()


def test_a_number_that_is_none_is_said_and_cannot_be_trained(person: Person):
    person.presses("duplicate_with_change")
    dialog = person.window.findChildren(DuplicateDialog)[-1]
    person.chooses(dialog.fields, "Seed")
    for typed in ("soon", "1_0"):
        dialog.number.setText(typed)
        assert dialog.words.text() == f"seed must be a whole number, got {typed!r}."
        assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.reject()


def test_runs_from_files_share_axes_colours_and_a_table(person: Person, tmp_path: Path):
    person.window.desk.comparisons.clear()
    two_runs(person, tmp_path)
    shown = table(person).table
    assert shown.rowCount() == 2
    assert shown.item(0, 7).text() == "vanishing"
    assert shown.item(1, 0).text().startswith("B · activation sigmoid → tanh")
    assert not shown.item(0, 0).icon().isNull()
    first, second = person.window.cards["compared_maps"].scene.maps
    assert first.colour_range == second.colour_range


def test_a_file_that_is_no_run_is_said_in_a_sentence(person: Person, tmp_path: Path):
    path = tmp_path / "no-run.json"
    path.write_text("{}", encoding="utf-8")
    person.presses("open_run")
    person.fills_in_file_dialog(path)
    person.waits_for(lambda: "no-run.json is not a run file" in person.message(), "the sentence")


def test_arrow_keys_read_the_values_of_each_run(person: Person, tmp_path: Path):
    two_runs(person, tmp_path)
    plot, maps = person.view("compared_profiles"), person.view("compared_maps")
    assert isinstance(plot, RunsPlot)
    assert isinstance(maps, MapsView)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription().startswith("A, layer 2: ")
    QTest.keyClick(plot, Qt.Key.Key_Down)
    assert plot.accessibleDescription() == "B, layer 2: 1"
    QTest.keyClick(maps, Qt.Key.Key_Up)
    QTest.keyClick(maps, Qt.Key.Key_Up)
    assert maps.accessibleDescription().startswith("A, layer 2, step 0: ")
    QTest.keyClick(maps, Qt.Key.Key_Left)
    assert maps.accessibleDescription().startswith("A, layer 2, step 0: ")


def test_the_table_on_show_has_its_whole_width_when_another_run_comes(qtbot, person: Person):
    def scene(rows: int, last: str) -> RunTable:
        row = ("A", "12.3", last)
        return RunTable(("run", "loss", "differs by"), ("", "", ""), (row,) * rows)

    view = RunsTable(person.window.desk.comparisons, person.window.desk.themes)
    qtbot.addWidget(view)
    view.resize(900, 200)
    with qtbot.waitExposed(view):
        view.show()
    header = view.table.horizontalHeader()
    for rows, last in ((1, "–"), (2, "activation sigmoid → tanh in layers 1–19"), (2, "–")):
        view.render(scene(rows, last))
        QApplication.processEvents()
        assert header.length() == header.width(), f"{rows} rows"


def test_quantities_are_named_as_beside_the_other_pictures(person: Person, tmp_path: Path):
    two_runs(person, tmp_path)
    card = person.window.cards["compared_profiles"]
    assert isinstance(card, ComparedCard)
    words = [card.chooser.itemText(number) for number in range(card.chooser.count())]
    assert "|∂L/∂W| gradient of the weights" in words
    assert words == [name for _, name in Quantity.offered(runs(person)[0].history)]


def test_the_pictures_change_with_the_theme(person: Person, tmp_path: Path):
    two_runs(person, tmp_path)
    light = {panel: person.looks_at(person.view(panel)) for panel in PANELS}
    person.presses("theme")
    person.waits_for_calm()
    dark = {panel: person.looks_at(person.view(panel)) for panel in PANELS}
    person.presses("theme")
    for panel in PANELS:
        assert light[panel].mean() > dark[panel].mean() + 20, panel


def test_delete_lets_go_of_the_run_that_the_cursor_is_on(person: Person, tmp_path: Path):
    two_runs(person, tmp_path)
    shown = table(person).table
    shown.setCurrentCell(0, 0)
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert [run.experiment.name for run in runs(person)] == ["digits-tanh-20"]
    person.presses("clear_comparison")
    person.waits_for_calm()
    assert runs(person) == ()
    assert person.window.cards["compared_profiles"].scene is None


def test_letters_beside_the_lines_keep_their_distance_and_stay_above_the_foot():
    heights = letter_heights([10.0, 95.0, 96.0, 97.0], 100.0)
    assert heights[0] == 10.0
    assert heights[-1] == 100.0
    assert np.all(np.diff(heights) >= LETTER_LINE)
