"""The Theory workspace as a person uses it: open it, move the network, make it critical."""

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.engine.waiting import halted
from tests.ui.person import Person
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import He, ScaledGaussian
from vgdesk.spec.library import example
from vgdesk.ui.plots.phase_plot import PhasePlot
from vgdesk.ui.typeset import rich


def diagram(person: Person) -> PhasePlot:
    """Returns the phase diagram, complete and of the network on the desk."""
    person.presses("workspace_theory")
    phases = person.window.desk.phases
    person.waits_for(lambda: phases.grid is not None and not phases.is_awaited, "the phase diagram")
    person.waits_for_calm()
    view = person.view("phase")
    assert isinstance(view, PhasePlot)
    return view


def place(plot: PhasePlot, sigma_w: float, sigma_b: float) -> tuple[QWidget, QPoint]:
    return plot.viewport(), plot.to_pixels(sigma_w, sigma_b).toPoint()


def gives_up(plot: PhasePlot, at: QPoint) -> None:
    """Presses Esc while the point is held, and lets go of what is no longer held."""
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_panels_of_theory_are_made_when_the_workspace_is_first_opened(person: Person):
    assert person.window.cards["phase"].view is None
    assert diagram(person).isVisible()


def test_dragging_the_network_moves_the_prediction_and_letting_go_edits_the_spec(person: Person):
    desk, plot = person.window.desk, diagram(person)
    before = desk.session.training
    QTest.mousePress(place(plot, 1.0, 0.0)[0], Qt.MouseButton.LeftButton, pos=place(plot, 1.0, 0.0)[1])
    QTest.mouseMove(*place(plot, 10.0, 0.5))
    person.waits_for(lambda: desk.predictions.prediction.profile("weight").log10_norm[0] > -4, "the flat line")
    assert desk.session.training == before
    QTest.mouseRelease(place(plot, 10.0, 0.5)[0], Qt.MouseButton.LeftButton, pos=place(plot, 10.0, 0.5)[1])
    assert isinstance(desk.session.training.initialisation, ScaledGaussian)
    assert desk.session.training.initialisation.sigma_w == pytest.approx(10.0, abs=0.1)
    # the planner has not answered yet: the point stays where it was let go, and what the planner says is greyed
    assert desk.phases.point[0] == desk.session.training.initialisation.sigma_w
    assert not person.view("planner").words.isEnabled()


def test_an_arrow_key_moves_the_network_and_escape_puts_it_back(person: Person):
    desk, plot = person.window.desk, diagram(person)
    before = desk.phases.point
    QTest.keyClick(plot, Qt.Key.Key_Right)
    moved = desk.phases.point
    assert before is not None
    assert moved is not None
    assert moved[0] > before[0]
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert desk.phases.point == before


def test_make_critical_draws_the_network_on_the_critical_line(person: Person):
    desk = person.window.desk
    diagram(person)
    person.presses("make_critical")
    diagram(person)
    assert desk.plans.plan is not None
    assert desk.plans.plan.chi == pytest.approx(1.0, abs=1e-6)
    assert not person.window.actions_by_id["make_critical"].isEnabled()


def test_layers_of_mixed_units_have_a_phase_diagram_and_a_critical_start(person: Person):
    desk = person.window.desk
    network = desk.session.training.feed_forward
    hidden = tuple(
        msgspec.structs.replace(layer, unit_activations=("relu", "relu", "relu", "tanh") * (layer.width // 4))
        for layer in network.layers[:-1]
    )
    mixed = msgspec.structs.replace(network, layers=(*hidden, network.layers[-1]))
    desk.session.choose_training(msgspec.structs.replace(desk.session.training, name="mixed", network=mixed))
    plot = diagram(person)
    assert "75% ReLU and 25% tanh" in plot.accessibleDescription()
    person.presses("make_critical")
    diagram(person)
    assert desk.plans.plan is not None
    assert desk.plans.plan.chi == pytest.approx(1.0, abs=1e-6)


def test_the_planner_follows_the_dragged_network_and_goes_back_with_it(person: Person):
    desk, plot = person.window.desk, diagram(person)
    person.waits_for(lambda: not desk.plans.is_awaited and not desk.predictions.is_awaited, "the plan")
    planner = person.view("planner")
    before = planner.words.text()
    viewport, at = place(plot, *desk.phases.point)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(viewport, at + QPoint(-60, 0))
    moved = rich(f"σ_w = {desk.phases.point[0]:.3g}")
    person.waits_for(lambda: moved in planner.words.text(), "the words of the moved network")
    assert desk.plans.plan is not None
    assert desk.plans.shown is not desk.plans.plan
    gives_up(plot, at)
    person.waits_for(lambda: planner.words.text() == before, "the words of the network on the desk")


def test_a_dragged_network_has_about_its_factor_until_it_is_planned_and_then_its_own(person: Person):
    desk, plot = person.window.desk, diagram(person)
    viewport, at = place(plot, *desk.phases.point)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    with halted(desk.jobs.pids):  # the plan would be there before anybody has looked
        QTest.mouseMove(viewport, at + QPoint(-60, 0))
        person.waits_for(lambda: "χ₁ ≈ " in plot.accessibleDescription(), "the number between points of the grid")
    person.waits_for(lambda: "≈" not in plot.accessibleDescription(), "the number of the plan")
    assert desk.plans.shown is not desk.plans.plan
    assert f"χ₁ {desk.plans.shown.chi_1:.3g} · " in plot.accessibleDescription()
    with halted(desk.jobs.pids):
        QTest.mouseMove(viewport, at + QPoint(-90, 0))
        person.waits_for(lambda: "χ₁ ≈ " in plot.accessibleDescription(), "what is about a point moved on")
    gives_up(plot, at)


def test_a_dragged_network_is_planned_once_its_prediction_is_there(person: Person, monkeypatch: pytest.MonkeyPatch):
    desk, plot = person.window.desk, diagram(person)
    person.waits_for(lambda: not desk.plans.is_awaited and not desk.predictions.is_awaited, "the plan")
    planned, preview = [], desk.plans.preview

    def note(draft: Experiment) -> None:
        planned.append(desk.predictions.is_preview)
        preview(draft)

    monkeypatch.setattr(desk.plans, "preview", note)
    viewport, at = place(plot, *desk.phases.point)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(viewport, at + QPoint(-60, 0))
    person.waits_for(lambda: desk.plans.shown is not desk.plans.plan, "the brief plan")
    assert all(planned)
    gives_up(plot, at)


def test_a_network_that_is_moved_there_and_back_is_the_one_on_the_desk_again(person: Person):
    desk, start = person.window.desk, ScaledGaussian(sigma_w=1.5, sigma_b=0.5)
    desk.session.choose_training(msgspec.structs.replace(example("digits-tanh-20"), name="moved", initialisation=start))
    diagram(person)
    desk.phases.drag_to(1.6, 0.5)
    person.waits_for(lambda: desk.plans.shown is not desk.plans.plan, "the brief plan")
    desk.phases.drag_to(1.5, 0.5)
    person.waits_for(lambda: desk.plans.shown is desk.plans.plan, "the plan of the network on the desk")
    assert not desk.predictions.is_preview
    assert not desk.phases.is_moved


def test_a_critical_network_says_why_it_cannot_be_made_critical_and_one_layer_that_differs_is_named(person: Person):
    desk, action = person.window.desk, person.window.actions_by_id["make_critical"]
    start = ScaledGaussian(sigma_w=1.0, sigma_b=0.0)
    desk.session.choose_training(
        msgspec.structs.replace(example("digits-tanh-20"), name="critical", initialisation=start)
    )
    diagram(person)
    assert not action.isEnabled()
    assert action.toolTip().endswith("Greyed: the network is at its critical point")
    assert "Critical as it is" in person.view("planner").accessibleDescription()
    first = msgspec.structs.replace(desk.session.training.feed_forward.layers[0], initialisation=He())
    network = msgspec.structs.replace(
        desk.session.training.feed_forward, layers=(first, *desk.session.training.feed_forward.layers[1:])
    )
    desk.session.choose_training(msgspec.structs.replace(desk.session.training, name="but-one", network=network))
    diagram(person)
    assert action.isEnabled()
    assert "layer 1" in action.toolTip()
    assert "all but layer 1 are drawn so already" in person.view("planner").accessibleDescription()


def test_the_button_of_the_planner_is_in_sight_below_its_longest_text(person: Person):
    desk = person.window.desk
    desk.session.choose_training(example("digits-resnet-50"))
    plot, planner = diagram(person), person.view("planner")
    person.waits_for(lambda: planner.scroller.verticalScrollBar().maximum() > 0, "a text longer than its room")
    assert planner.rect().contains(planner.button.geometry())
    # two factors, of which each says whether it is with the skip connections
    assert "without skip connections: χ₁ 1 · 5 ξ = over 10,000 layers" in plot.accessibleDescription()
    assert "χ with skip connections = 1.17" in planner.accessibleDescription()


def test_another_network_leaves_the_title_of_the_one_that_the_planner_still_tells_of(person: Person):
    desk, panel = person.window.desk, person.window.cards["planner"]
    desk.session.choose_training(example("digits-tanh-20"))
    diagram(person)
    before, title = person.view("planner").words.text(), panel.subject
    desk.session.choose_training(example("digits-resnet-50"))
    assert desk.plans.is_awaited
    person.waits_for(lambda: "planning anew" in panel.subject or not desk.plans.is_awaited, "the title to follow")
    assert (title in panel.subject) is (person.view("planner").words.text() == before)
    person.waits_for(lambda: "Residual" in panel.subject, "the plan of the other network")
    assert person.view("planner").words.text() != before


def test_the_keyboard_never_stands_on_the_greyed_button_of_the_planner(person: Person):
    diagram(person)
    view, action = person.view("planner"), person.window.actions_by_id["make_critical"]
    person.returns_to_window()
    view.button.setFocus()
    QTest.keyClick(view.button, Qt.Key.Key_Space)
    assert not view.button.isEnabled()
    person.waits_for(lambda: not person.window.desk.plans.is_awaited, "the plan of the critical network")
    assert not action.isEnabled()
    person.window.cards["planner"].focus_view()
    assert view.isAncestorOf(QApplication.focusWidget())
    assert not view.button.hasFocus()
