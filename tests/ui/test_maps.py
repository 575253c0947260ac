"""The Maps workspace as a person uses it: ask for a sweep, watch it fill, stop, go on, take a cell, export."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from tests.ui.person import Person
from tests.ui.pointer import double_click
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.library import example
from vgdesk.ui.panels.sweep_dialog import SweepDialog
from vgdesk.ui.panels.trainability_dialog import TrainabilityDialog
from vgdesk.ui.plots.map_plot import MapPlot
from vgdesk.ui.typeset import unbroken


def trains(dialog: SweepDialog | TrainabilityDialog) -> None:
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def dialog_of(person: Person, action: str, kind: type):
    person.presses(action)
    dialog = person.window.findChild(kind)
    assert dialog is not None
    return dialog


def gives_keyboard(person: Person, widget: QWidget) -> None:
    person.returns_to_window()
    person.window.toolbar.seed.setFocus()
    widget.setFocus()


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maps") / "map.csv"


@pytest.fixture(scope="module")
def plot(person: Person, table: Path) -> MapPlot:
    """A trainability map of 3 by 3 cells, complete."""
    person.rests()
    person.window.desk.session.open(example("digits-tanh-20"))
    assert person.window.cards["map"].view is None
    dialog = dialog_of(person, "trainability", TrainabilityDialog)
    for field, text in ((dialog.depths, "2:30"), (dialog.sigma_w, "1.5:4"), (dialog.file, str(table))):
        field.setText(text)
    for field, number in ((dialog.points, 3), (dialog.width_of_layers, 8), (dialog.steps, 2)):
        field.setValue(number)
    assert "3 × 3 = 9 trainings of 2 steps" in dialog.words.text()
    trains(dialog)
    maps = person.window.desk.maps
    person.waits_for(lambda: maps.total == maps.done == 9 and not maps.is_running, "the map")
    person.waits_for_calm()
    view = person.view("map")
    assert isinstance(view, MapPlot)
    return view


def at(plot: MapPlot, column: int, line: int) -> QPoint:
    return plot.to_pixels(column, line).toPoint()


def test_the_map_fills_and_bears_the_line_of_the_theory(person: Person, plot: MapPlot, table: Path):
    assert person.window.stage.workspace == "maps"
    assert "9 of 9 trained" in person.subject("map")
    assert len(person.window.desk.maps.limits) > 3
    assert person.window.cards["map"].scene.line_label == "5 ξ_c"
    assert table.read_text().count("\n") == 10


def test_pointing_at_a_cell_tells_its_numbers(plot: MapPlot):
    QTest.mouseMove(plot.viewport(), at(plot, 1, 2))
    assert plot.lit == (1, 2)
    assert "σ_w 2.75, depth 30: accuracy 0." in plot.accessibleDescription()


def test_another_measure_shows_other_colours(person: Person, plot: MapPlot):
    before = person.looks_at(plot)
    measures = person.window.cards["map"].measures
    person.chooses(measures, "loss at the end")
    person.waits_for_calm()
    assert person.window.cards["map"].scene.colour_label == "loss at the end"
    assert (person.looks_at(plot) != before).any()


def test_a_double_click_puts_the_cell_on_the_desk_and_undo_takes_it_back(person: Person, plot: MapPlot):
    desk = person.window.desk
    before = desk.session.training
    double_click(plot.viewport(), at(plot, 2, 0))
    taken = desk.session.training
    assert taken.network.depth == 2
    assert isinstance(taken.initialisation, ScaledGaussian)
    assert taken.initialisation.sigma_w == 4.0
    assert taken.title.startswith("Tanh, Scaled Gaussian σ 4, 2 layers × 8, on digits (of the map: ")
    assert "depth 2" in taken.title
    assert taken.name != "digits-tanh-20"
    assert person.window.windowTitle().startswith(taken.title)
    person.presses("undo")
    assert desk.session.training == before


def test_the_keyboard_does_what_the_mouse_does(person: Person, plot: MapPlot):
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(plot, key)
    assert plot.lit == (1, 1)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert person.window.desk.session.training.network.depth == 16
    person.presses("undo")


def test_the_same_table_again_trains_nothing(person: Person, plot: MapPlot, table: Path):
    before = table.read_bytes()
    desk = person.window.desk
    desk.maps.begin(desk.maps.plan)
    person.waits_for(lambda: desk.maps.done == 9 and not desk.maps.is_running, "the table")
    assert table.read_bytes() == before


def test_the_map_is_exported_from_its_panel(person: Person, plot: MapPlot, tmp_path: Path):
    person.waits_for_calm()
    gives_keyboard(person, plot)
    person.presses("export_figure")
    person.fills_in_file_dialog(tmp_path / "map.svg")
    assert "5 ξ_c" in (tmp_path / "map.svg").read_text()


def test_a_stopped_sweep_goes_on_where_it_stopped(person: Person, plot: MapPlot, tmp_path: Path):
    maps = person.window.desk.maps
    dialog = dialog_of(person, "sweep", SweepDialog)
    dialog.rows[0].values.setText("2,3,4,5")
    dialog.rows[1].field.setEditText("seed")
    dialog.rows[1].values.setText("0:30")
    dialog.steps.setValue(20)
    dialog.file.setText(str(tmp_path / "sweep.csv"))
    trains(dialog)
    person.waits_for(lambda: maps.done > 0, "the first row")
    person.presses("stop_sweep")
    assert not maps.is_running
    known = maps.done
    assert 0 < known < 120
    person.presses("go_on_sweep")
    person.waits_for(lambda: maps.done >= known, "the rows that were there")
    assert len(maps.rows) >= known
    person.presses("stop_sweep")


@pytest.mark.parametrize(
    ("field", "values", "sentence"),
    [
        ("depth", "", "depth needs values"),
        ("depth", "0,2", "depth must be an integer from 1"),
        ("nonsense", "1,2", "field must be one of"),
        ("seed", "3:1", "LOW below HIGH"),
        ("seed", "0:20000", "at most 10,000 values"),
    ],
)
def test_what_is_no_sweep_is_said_in_the_dialog(person: Person, plot: MapPlot, field: str, values: str, sentence: str):
    dialog = dialog_of(person, "sweep", SweepDialog)
    dialog.rows[0].field.setEditText(field)
    dialog.rows[0].values.setText(values)
    trains(dialog)
    assert dialog.isVisible()
    assert sentence.replace("at most 10,000", "1 to 10000") in dialog.words.text()
    dialog.reject()


def test_too_large_a_sweep_is_refused_by_the_window(person: Person, plot: MapPlot, tmp_path: Path):
    dialog = dialog_of(person, "sweep", SweepDialog)
    dialog.rows[0].values.setText("2:60")
    dialog.rows[1].field.setEditText("seed")
    dialog.rows[1].values.setText("0:1000")
    dialog.file.setText(str(tmp_path / "sweep.csv"))
    trains(dialog)
    assert "at most 10,000 trainings, got 58,000" in dialog.words.text()
    dialog.reject()


def test_number_formats_follow_the_experiment_and_the_step(person: Person, plot: MapPlot, tmp_path: Path):
    desk = person.window.desk
    desk.session.open(example("digits-sigmoid-20"))
    person.presses("number_formats")
    person.waits_for(
        lambda: desk.formats.report is not None and desk.formats.report.experiment == "digits-sigmoid-20", "it"
    )
    person.waits_for_calm()
    view = person.view("formats")
    assert unbroken("float16 loses half of ∂L/∂h at layer 10") in view.words.text()
    person.window.cards["formats"].step.setValue(3)
    person.waits_for(lambda: desk.formats.report is not None and desk.formats.report.step == 3, "step 3")
    person.waits_for_calm()
    assert "No prediction: theory speaks of step 0 only." in view.words.text()
    gives_keyboard(person, view.plot)
    person.presses("export_figure")
    person.fills_in_file_dialog(tmp_path / "formats.csv")
    assert (tmp_path / "formats.csv").read_text().startswith("place,log10_typical")


def test_number_formats_open_at_the_step_on_show_and_stay_where_somebody_chose(person: Person, plot: MapPlot):
    desk = person.window.desk
    person.presses("workspace_train")
    desk.session.open(example("digits-relu-20"))
    for _ in range(4):
        person.presses("step")
    person.waits_for(lambda: desk.runs.steps >= 5, "five rows")
    last = int(desk.runs.history.step_numbers[-1])
    person.presses("number_formats")
    person.waits_for(lambda: desk.formats.report is not None and desk.formats.report.step == last, "that step")
    spin = person.window.cards["formats"].step
    assert spin.value() == last
    spin.setValue(2)
    person.presses("workspace_train")
    person.presses("number_formats")
    assert (spin.value(), desk.formats.step) == (2, 2)
    desk.session.open(example("digits-tanh-20"))
    assert desk.formats.step == 0, "another run has begun"


def test_a_recurrent_network_has_no_trainability_map(person: Person, plot: MapPlot):
    person.window.desk.session.open(example("adding-rnn-200"))
    person.presses("trainability")
    assert "needs a feed-forward network" in person.message()


def test_the_proposed_map_lies_around_the_critical_start_of_the_network_and_has_its_width(person: Person):
    person.window.desk.session.open(example("digits-sigmoid-20"))
    dialog = dialog_of(person, "trainability", TrainabilityDialog)
    assert dialog.width_of_layers.value() == example("digits-sigmoid-20").feed_forward.widths[1]
    person.waits_for(lambda: dialog.sigma_w.text() == "5.1:41", "the planner: sigmoid is critical at 10.15")
    dialog.reject()


def test_the_table_of_a_sweep_with_other_settings_is_refused_in_a_sentence(person: Person, tmp_path: Path):
    maps, before = person.window.desk.maps, ""
    for steps in (2, 3):
        dialog = dialog_of(person, "sweep", SweepDialog)
        dialog.rows[0].field.setEditText("seed")
        dialog.rows[0].values.setText("0,1")
        dialog.steps.setValue(steps)
        dialog.file.setText(str(tmp_path / "t.csv"))
        trains(dialog)
        person.waits_for(lambda: not maps.is_running, "the end")
        before = before or (tmp_path / "t.csv").read_text()
    person.waits_for(lambda: "t.csv holds the table of another sweep" in person.message(), "a message")
    assert (tmp_path / "t.csv").read_text() == before


def test_the_proposed_file_is_another_one_for_other_steps(person: Person):
    dialog = dialog_of(person, "sweep", SweepDialog)
    dialog.steps.setValue(7)
    seven = dialog.file.text()
    dialog.steps.setValue(8)
    assert (seven[-12:], dialog.file.text()[-12:]) == ("-7-steps.csv", "-8-steps.csv")
    dialog.reject()
