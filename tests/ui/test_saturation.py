"""The histogram of a layer's arguments in the window: made when it is first looked at, follows layer and step."""

from pathlib import Path

from tests.ui.person import Person
from vgdesk.spec.library import example


def test_the_histogram_follows_the_network_the_layer_and_the_step(person: Person, tmp_path: Path):
    desk = person.window.desk
    desk.session.open(example("digits-tanh-20"))
    person.presses("saturation")
    assert person.window.stage.workspace == "diagnose"
    asked = desk.saturations
    person.waits_for(lambda: asked.found is not None, "the histogram")
    person.waits_for_calm()
    view, card = person.view("saturation"), person.window.cards["saturation"]
    assert ", tanh: " in view.accessibleDescription()
    card.place.setValue(7)
    card.step.setValue(2)
    person.waits_for(lambda: asked.found is not None and (asked.found.place, asked.found.step) == (7, 2), "it")
    person.waits_for_calm()
    assert view.accessibleDescription().startswith("Layer 7, tanh")
    light = person.looks_at(view)
    person.presses("theme")
    assert (person.looks_at(view) != light).any()
    view.setFocus()
    person.presses("export_figure")
    person.fills_in_file_dialog(tmp_path / "saturation.csv")
    assert (tmp_path / "saturation.csv").read_text().startswith("from,to,share,slope of tanh")


def test_a_network_with_gates_is_refused_in_a_sentence(person: Person):
    person.window.desk.session.open(example("adding-lstm-200"))
    person.presses("saturation")
    person.waits_for(lambda: person.window.desk.saturations.failure != "", "the reason")
    person.waits_for_calm()
    assert "has gates" in person.view("saturation").accessibleDescription()


def test_a_recurrent_network_is_asked_about_by_time_steps(person: Person):
    desk = person.window.desk
    desk.session.open(example("digits-rnn-rows"))
    person.presses("saturation")
    person.waits_for(lambda: desk.saturations.found is not None, "the histogram")
    place = person.window.cards["saturation"].place
    place.setValue(0)
    assert place.text() == "worst time step"
    place.setValue(2)
    assert place.text() == "time step 2"
