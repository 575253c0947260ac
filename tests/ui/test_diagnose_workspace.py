"""A newcomer reads what is wrong, tries remedies, applies one and watches it train."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton, QToolButton

from tests.ui.person import Person
from tests.ui.pointer import double_click
from vgdesk.records.finding import Verdict
from vgdesk.records.race import AS_IT_IS
from vgdesk.spec.library import example
from vgdesk.spec.vary import varied
from vgdesk.ui.panels.race_table import NAME_PIXELS
from vgdesk.ui.panels.race_view import EMPTY, RaceView
from vgdesk.ui.panels.remedies_view import RemediesView
from vgdesk.ui.panels.verdict_view import VerdictView
from vgdesk.ui.window import SMALLEST


def workspace(person: Person) -> tuple[VerdictView, RaceView, RemediesView]:
    """Returns the three panels, opened, with everything that comes by itself."""
    person.presses("workspace_diagnose")
    person.waits_for(lambda: person.window.desk.remedies.is_complete, "the offers")
    person.waits_for(lambda: person.window.desk.diagnoses.diagnosis is not None, "a verdict")
    person.waits_for_calm()
    verdict, race, remedies = person.view("verdict"), person.view("race"), person.view("remedies")
    assert isinstance(verdict, VerdictView)
    assert isinstance(race, RaceView)
    assert isinstance(remedies, RemediesView)
    return verdict, race, remedies


def clicks_item(items: QListWidget, row: int, offset: QPoint | None = None) -> None:
    items.scrollToItem(items.item(row))
    place = items.visualItemRect(items.item(row))
    QTest.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=place.topLeft() + (offset or QPoint(40, 8)))


def verdict_now(person: Person) -> Verdict:
    diagnosis = person.window.desk.diagnoses.diagnosis
    return Verdict.UNDETERMINED if diagnosis is None else diagnosis.verdict


def starts_with(person: Person, name: str) -> None:
    """Lays an example on the desk and waits for its first verdict."""
    person.window.desk.session.choose_training(example(name))
    person.window.desk.runs.restart()
    person.waits_for(lambda: person.window.desk.runs.steps > 25, "some steps")
    person.waits_for(lambda: person.window.desk.diagnoses.diagnosis is not None, "a verdict")


def test_status_bar_tells_the_verdict_in_every_workspace_and_leads_to_it(person: Person):
    button = person.window.findChild(QPushButton, "verdict")
    assert isinstance(button, QPushButton)
    person.waits_for(lambda: "vanishing: lately each layer passes" in button.accessibleDescription(), "the verdict")
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert person.window.stage.workspace == "diagnose"


def test_panels_of_diagnose_are_full_when_it_is_first_opened(person: Person):
    verdict, _, remedies = workspace(person)
    assert verdict.verdict.text() == "▼ vanishing"
    assert "20 layers leave" in verdict.sentence.text()
    assert verdict.findings.count() >= 3
    assert remedies.list.count() > 20


def test_clicking_a_finding_pins_its_layer_step_and_quantity(person: Person):
    verdict, _, _ = workspace(person)
    person.rests()
    desk = person.window.desk
    person.waits_for(lambda: not desk.diagnoses.is_behind, "the verdict of the last step")
    person.waits_for_calm()
    clicks_item(verdict.findings, 0)
    pinned = desk.selection.pinned
    assert pinned is not None
    assert pinned.layer == 1
    assert pinned.step == desk.runs.history.step_numbers[-1]
    assert desk.quantity.shown(desk.runs.history) == "state"
    clicks_item(verdict.findings, 0)
    assert desk.selection.pinned == pinned
    desk.selection.pin(None)


def test_in_a_small_window_the_first_finding_is_whole_and_the_basis_is_scrolled_to(person: Person):
    verdict, _, _ = workspace(person)
    before = person.window.size()
    person.window.resize(1024, 700)
    person.waits_for(lambda: person.window.width() == 1024, "the small window")
    person.rests()
    view, listed = verdict.findings.viewport(), verdict.findings
    assert listed.visualItemRect(listed.item(0)).bottom() < view.height()
    assert listed.height() > 140
    last = listed.item(listed.count() - 1)
    assert "a running mean over the steps" in last.text()
    listed.scrollToItem(last)
    assert view.rect().contains(listed.visualItemRect(last))
    clicks_item(listed, listed.count() - 1)
    assert person.window.desk.selection.pinned is None
    person.window.resize(before)


def test_buttons_of_the_race_have_whole_words_in_the_smallest_window(person: Person):
    _, race, _ = workspace(person)
    buttons = race.findChildren(QToolButton)
    size = person.window.size()
    for pixels, has_icons in ((SMALLEST, False), ((1440, 900), True)):
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if has_icons else Qt.ToolButtonStyle.ToolButtonTextOnly
        person.window.resize(*pixels)
        person.waits_for(lambda style=style: {one.toolButtonStyle() for one in buttons} == {style}, f"{style}")
        person.waits_for(lambda: all(one.width() >= one.sizeHint().width() for one in buttons), f"room in {pixels}")
    person.window.resize(size)


def test_the_empty_race_names_the_two_ways_to_apply_a_remedy(person: Person):
    _, race, _ = workspace(person)
    (apply,) = (one for one in race.findChildren(QToolButton) if one.defaultAction().objectName() == "apply_lane")
    assert "A double click on a remedy" in EMPTY
    assert f"“{apply.text()}”" in EMPTY


def test_two_ticked_remedies_are_one_edit_that_can_be_undone(person: Person):
    _, _, remedies = workspace(person)
    desk, before = person.window.desk, person.window.desk.session.training
    for title in ("Batch normalisation", "Residual connections"):
        texts = [remedies.list.item(row).text() for row in range(remedies.list.count())]
        row = next(number for number, text in enumerate(texts) if text.startswith(title))
        clicks_item(remedies.list, row, QPoint(11, remedies.list.visualItemRect(remedies.list.item(row)).height() // 2))
        person.waits_for_calm()
    assert desk.remedies.ticked == ("batch-norm", "residual")
    person.presses("apply_remedies")
    assert all(layer.normalisation == "batch" for layer in desk.session.training.feed_forward.layers[:-1])
    assert desk.session.training.title.endswith("+ batch normalisation and residual connections")
    person.waits_for(lambda: desk.runs.steps > 3, "the cured network to train")
    person.waits_for(lambda: verdict_now(person) is Verdict.HEALTHY, "another verdict")
    person.presses("undo")
    assert desk.session.training == before


def test_remedies_that_set_the_same_thing_do_not_go_together(person: Person):
    workspace(person)
    desk = person.window.desk
    desk.remedies.tick("tanh", True)
    desk.remedies.tick("relu", True)
    assert desk.remedies.ticked == ("tanh",)
    assert "cannot be combined" in person.message()
    desk.remedies.tick("tanh", False)
    assert not person.window.actions_by_id["apply_remedies"].isEnabled()
    desk.messages.dismiss()


def test_try_remedies_is_the_main_action_once_and_rests_while_a_race_runs(person: Person):
    workspace(person)
    action = person.window.actions_by_id["try_remedies"]
    buttons = [one for one in person.window.findChildren(QToolButton) if one.defaultAction() is action]
    assert [bool(one.property("primary")) for one in buttons if one.isVisible()].count(True) == 1
    person.presses("try_remedies")
    assert not action.isEnabled()
    person.presses("cancel_race")
    person.waits_for(action.isEnabled, "another race to be offered")


def test_race_shows_that_tanh_cures_and_clipping_does_not_and_a_lane_is_applied(person: Person, tmp_path: Path):
    _, race, _ = workspace(person)
    desk = person.window.desk
    person.presses("try_remedies")
    person.waits_for(lambda: desk.races.race is not None, "the first lane")
    person.waits_for(lambda: not desk.races.is_running, "the race")
    person.waits_for_calm()
    found = desk.races.race
    assert found is not None
    assert found.is_complete
    assert found.lane("tanh").verdict is Verdict.HEALTHY
    for name in ("clipping", "l2", "faster-hardware", AS_IT_IS):
        assert found.lane(name).verdict is Verdict.VANISHING
    assert race.model.rowCount() == len(found.lanes)
    columns = [race.table.columnWidth(column) for column in range(race.model.columnCount())]
    assert columns[0] >= NAME_PIXELS, "remedies can be told apart in every window"
    beyond = sum(columns) - race.table.viewport().width()
    assert race.table.horizontalScrollBar().maximum() == max(0, beyond), "every column can be reached"
    row = race.model.row_of("tanh")
    race.table.scrollTo(race.model.index(row, 0))
    place = race.table.visualRect(race.model.index(row, 0)).center()
    QTest.mouseClick(race.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.waits_for_calm()
    assert desk.races.selected == "tanh"
    double_click(race.table.viewport(), place)
    assert desk.session.training.feed_forward.layers[0].activation == "tanh"
    person.waits_for(lambda: desk.runs.steps > 3, "the cured network to train")
    person.presses("export_race")
    person.fills_in_file_dialog(tmp_path / "race.csv")
    table = (tmp_path / "race.csv").read_text().splitlines()
    assert len(table) == 1 + len(found.lanes)


def test_race_is_cancelled_and_keeps_what_is_through(person: Person):
    workspace(person)
    desk = person.window.desk
    person.presses("try_remedies")
    assert desk.races.race is None
    person.presses("cancel_race")
    assert not desk.races.is_running
    assert not desk.studies.running
    assert not person.window.actions_by_id["cancel_race"].isEnabled()


def test_more_seeds_tell_how_far_the_verdict_depends_on_them(person: Person):
    verdict, _, _ = workspace(person)
    starts_with(person, "digits-sigmoid-20")
    person.presses("ask_seeds")
    diagnoses = person.window.desk.diagnoses
    person.waits_for(lambda: not diagnoses.is_asking, "the seeds")
    person.waits_for(lambda: "of 5 seeds" in verdict.confidence.text(), "the answer")
    starts_with(person, "spirals")
    person.waits_for(lambda: not verdict.confidence.isVisible(), "another network, of which nobody asked")
    assert "of another training of it" not in findings(verdict)
    person.presses("undo")
    person.waits_for(lambda: "of 5 seeds" in verdict.confidence.text(), "what was asked of the network before")
    person.waits_for(lambda: "of another training of it" in findings(verdict), "what the other seeds had seen")


def test_learning_rate_that_is_too_high_is_found_named_and_cured_by_a_smaller_one(person: Person):
    verdict, race, _ = workspace(person)
    desk = person.window.desk
    desk.session.choose_training(varied(example("digits-tanh-20"), "learning_rate", 5.0))
    desk.runs.restart()
    person.waits_for(lambda: desk.runs.steps > 40, "some steps")
    person.rests()
    person.waits_for(lambda: "the learning rate of 5 is too high" in findings(verdict), "the finding")
    assert "Not recorded: dead units, saturation" in findings(verdict)
    person.presses("try_remedies")
    person.waits_for(lambda: not desk.races.is_running, "the race")
    person.waits_for_calm()
    assert desk.races.race is not None
    assert desk.races.race.lane("much-smaller-learning-rate").verdict is Verdict.HEALTHY
    assert race.model.row_of(AS_IT_IS) == 0
    assert "saturated" in findings(verdict)
    assert "Not recorded" not in findings(verdict)


def test_race_of_another_network_is_marked_and_cannot_be_applied(person: Person):
    _, race, _ = workspace(person)
    desk, apply_lane = person.window.desk, person.window.actions_by_id["apply_lane"]
    raced = desk.races.raced
    assert raced is not None
    desk.races.select("much-smaller-learning-rate")
    person.presses("apply_lane")
    assert not race.stale.isVisible()
    assert apply_lane.isEnabled()
    desk.session.choose_training(example("spirals"))
    assert race.stale.isVisible()
    assert not apply_lane.isEnabled()
    desk.races.apply_selected()
    assert desk.session.training == example("spirals")
    desk.session.choose_training(raced)
    assert not race.stale.isVisible()
    assert apply_lane.isEnabled()


def findings(verdict: VerdictView) -> str:
    return " ".join(verdict.findings.item(row).text() for row in range(verdict.findings.count()))
