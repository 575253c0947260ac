"""Which network each panel speaks of."""

import msgspec
import pytest

from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.recurrent import Recurrent
from vgdesk.symbolic.limits import MAX_STEPS
from vgdesk.ui.state.links import Links, parameter_at
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.state.session import Session, is_readable
from vgdesk.ui.state.settings import with_setting
from vgdesk.ui.state.view import Role, resolve

BAR = Reference("digits-sigmoid-20", Place(PlaceKind.LAYER, 3))
EDGE = Reference("insurance", Place(PlaceKind.EDGE, 2, 1, 1))


def test_nothing_pinned_shows_formula_above_and_training_below():
    view = resolve(Session(), None)
    assert (view.diagram.role, view.profile.role) == (Role.FORMULA, Role.TRAINING)


def test_pinned_bar_turns_the_diagram_to_its_layer():
    view = resolve(Session(), BAR)
    assert (view.diagram.role, view.diagram.layer) == (Role.TRAINING, 3)
    assert view.profile.role is Role.TRAINING


def test_pinned_edge_turns_the_profile_to_the_formula_network():
    view = resolve(Session(), EDGE)
    assert (view.diagram.role, view.profile.role) == (Role.FORMULA, Role.FORMULA)


def test_network_that_is_derived_and_trained_never_turns():
    session = Session()
    session.open(example("mazur"))
    assert session.is_shared
    for pinned in (None, Reference("mazur", Place(PlaceKind.LAYER, 1))):
        view = resolve(session, pinned)
        assert (view.diagram.role, view.profile.role) == (Role.FORMULA, Role.TRAINING)


def test_large_network_is_trained_and_leaves_the_derivation_alone():
    session = Session()
    session.open(example("digits-sigmoid-100"))
    assert (session.formula.name, session.training.name) == ("insurance", "digits-sigmoid-100")


def test_two_different_experiments_never_have_one_name():
    session = Session()
    session.choose_training(msgspec.structs.replace(example("insurance"), seed=7))
    assert not session.is_shared


def _steps(network) -> int:
    return network.steps if isinstance(network, Recurrent) else 0


def test_bundled_readable_networks_are_the_small_ones():
    assert {name for name in EXAMPLES if not is_readable(example(name))} == {
        n for n in EXAMPLES if "digits" in n or n == "spirals" or _steps(example(n).network) > MAX_STEPS
    }


def test_experiment_of_before_is_found_again_by_its_name():
    session = Session()
    mine = msgspec.structs.replace(example("digits-tanh-20"), name="mine")
    session.choose_training(mine)
    session.choose_training(example("digits-relu-20"))
    assert session.find("mine") == mine


def test_file_under_a_bundled_name_is_an_entry_of_its_own():
    session = Session()
    mine = msgspec.structs.replace(example("insurance"), seed=3, loss="mse")
    for _ in range(2):
        session.open(mine, "insurance.json")
    assert session.formula is session.training
    assert (session.formula.name, session.formula.title) == (
        "insurance-2",
        "Will this person buy insurance? (insurance.json)",
    )
    assert session.find("insurance-2").seed == 3
    assert session.find("insurance") == example("insurance")


def test_file_that_holds_a_bundled_experiment_is_that_one():
    session = Session()
    session.open(example("mazur"), "mazur.json")
    assert session.formula == session.training == example("mazur")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place(PlaceKind.EDGE, 2, 1, 1), "w9"),
        (Place(PlaceKind.BIAS, 1, 2), "b2"),
        (Place(PlaceKind.UNIT, 1, 1), ""),
        (Place(PlaceKind.EDGE, 9, 9, 9), ""),
    ],
)
def test_parameter_of_a_place(place: Place, name: str):
    assert parameter_at(example("insurance").network, place) == name


def test_pinned_edge_is_derived_and_a_pinned_factor_is_not():
    session, selection = Session(), Selection()
    links = Links(session, selection)
    selection.pin(Reference("insurance", EDGE.place, factor="d1"))
    assert session.weight == "w1"
    selection.pin(EDGE)
    assert session.weight == "w9"
    links.deleteLater()


def test_pin_on_a_network_that_left_the_desk_is_released():
    session, selection = Session(), Selection()
    links = Links(session, selection)
    selection.pin(BAR)
    session.choose_training(example("digits-tanh-20"))
    assert selection.pinned is None
    links.deleteLater()


def test_pin_stays_on_a_network_that_is_only_trained_differently():
    session, selection = Session(), Selection()
    links = Links(session, selection)
    selection.pin(BAR)
    session.choose_training(with_setting(session.training, "training.steps", 700))
    assert selection.pinned == Reference("digits-sigmoid-20-edited", BAR.place)
    links.deleteLater()
