"""Edits of a network: each gives a valid experiment or one sentence; what is given stays where it belongs."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.present.formula import to_text
from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.symbolic.notation import unit_symbol

INSURANCE, SPARSE, XOR = example("insurance"), example("insurance-sparse"), example("xor")


def two_two_one() -> Experiment:
    begun = edit.with_unit(edit.new_experiment(), 0)
    return edit.with_unit(edit.with_layer(begun, 0), 1)


def given_weight(experiment: Experiment, name: str) -> float:
    edge = next(edge for edge in experiment.feed_forward.edges() if edge.name == name)
    column = experiment.feed_forward.layer_sources(edge.layer, edge.unit).index(edge.source)
    return experiment.initialisation.weights[edge.layer - 1][edge.unit - 1][column]


def test_three_edits_make_a_two_two_one_network_from_nothing():
    built = two_two_one()
    assert built.feed_forward.widths == (2, 2, 1)
    assert built.task.inputs == ((1.0, 1.0),)


def test_a_unit_added_and_removed_again_leaves_the_experiment_as_it_was():
    for layer in (0, 1, 2):
        wider = edit.with_unit(INSURANCE, layer)
        count = wider.feed_forward.widths[layer]
        assert edit.without_unit(wider, layer, count).network.widths == INSURANCE.network.widths
        assert edit.without_unit(wider, layer, count).task == INSURANCE.task


def test_an_edge_removed_and_added_again_leaves_the_wiring_as_it_was():
    thinner = edit.without_edge(INSURANCE, 1, 1, 2)
    assert thinner.feed_forward.layer_sources(1, 1) == (1, 3, 4)
    assert edit.with_edge(thinner, 1, 1, 2).network == INSURANCE.network


def test_given_weights_stay_with_their_connections():
    numbered = edit.with_numbers(two_two_one(), ((1.0, 2.0, 3.0, 4.0), (5.0, 6.0)), ((0.1, 0.2), (0.3,)))
    without_first = edit.without_unit(numbered, 1, 1)
    assert without_first.initialisation == Explicit(weights=(((3.0, 4.0),), ((6.0,),)), biases=((0.2,), (0.3,)))


def test_a_new_connection_gets_a_number_where_numbers_are_given():
    numbered = edit.with_numbers(two_two_one(), ((1.0, 2.0, 3.0, 4.0), (5.0, 6.0)), ((0.1, 0.2), (0.3,)))
    wider = edit.with_unit(numbered, 1)
    assert given_weight(wider, "w4") == 4.0
    assert 0.0 < abs(given_weight(wider, "w5")) <= 6.0**0.5
    assert wider.initialisation.biases == ((0.1, 0.2, 0.0), (0.3,))


def test_one_given_weight_is_changed_by_its_name():
    numbered = edit.with_numbers(two_two_one(), ((1.0, 2.0, 3.0, 4.0), (5.0, 6.0)), ((0.1, 0.2), (0.3,)))
    changed = edit.with_parameter(edit.with_parameter(numbered, "w6", -7.0), "b3", 9.0)
    assert given_weight(changed, "w6") == -7.0
    assert changed.initialisation.biases == ((0.1, 0.2), (9.0,))


def test_one_name_gives_the_other_units_of_the_layer_names_that_differ():
    named = edit.with_name(two_two_one(), 1, 1, "h2")
    assert named.feed_forward.layers[0].unit_names == ("h2", "h2(1)")
    assert edit.with_name(SPARSE, 1, 1, "Attention").feed_forward.unit_name(1, 1) == "Attention"


def test_a_new_unit_beside_named_ones_is_called_by_its_place_like_every_unit_without_a_name():
    wider = edit.with_unit(SPARSE, 1).feed_forward
    assert (wider.unit_name(1, 1), wider.unit_name(1, 3)) == ("Awareness", "")
    assert to_text(unit_symbol(wider, 1, 3)) == "h₃⁽¹⁾"


def test_a_new_layer_below_moves_the_made_up_name_but_no_given_one():
    deeper = edit.with_layer(edit.with_unit(SPARSE, 1), 0).feed_forward
    assert deeper.layers[1].unit_names == ("Awareness", "Affordability", "h3(2)")
    assert to_text(unit_symbol(deeper, 2, 3)) == "h₃⁽²⁾"


def test_the_output_follows_the_loss():
    changed = edit.with_loss(two_two_one(), "softmax-cross-entropy")
    assert changed.output_activation == "identity"


def test_a_hidden_layer_goes_with_its_last_unit():
    deeper = edit.with_layer(two_two_one(), 1)
    assert edit.without_unit(deeper, 2, 1).feed_forward.widths == (2, 2, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: edit.with_unit(XOR, 0), "inputs of the network are those of its task, xor"),
        (lambda: edit.with_unit(INSURANCE, 7), "layer must be an integer from 0 to 2, got 7"),
        (lambda: edit.without_unit(INSURANCE, 2, 1), "outputs must be at least 1"),
        (lambda: edit.without_layer(INSURANCE, 2), "must be a hidden one, got the output layer"),
        (lambda: edit.with_edge(INSURANCE, 1, 1, 1), "is there already"),
        (lambda: edit.without_edge(edit.new_experiment(), 1, 1, 1), "must be at least 1"),
        (lambda: edit.with_parameter(XOR, "w1", 2.0), "w1 must be given as a number"),
        (lambda: edit.with_parameter(INSURANCE, "w99", 2.0), "must be one of w1 to w10"),
        (lambda: edit.with_name(INSURANCE, 1, 1, "Affordability"), "must differ"),
        (lambda: edit.with_unit(example("adding-rnn-200"), 1), "recurrent"),
        (lambda: edit.with_layer_option(INSURANCE, 1, "width", 3), "option of a layer must be one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(change, sentence):
    with pytest.raises(SpecError, match=sentence):
        change()


def test_a_changed_bundled_experiment_bears_another_name():
    assert edit.marked_as_edited(INSURANCE, edit.with_unit(INSURANCE, 1)).name == "insurance-edited"
    assert edit.marked_as_edited(INSURANCE, INSURANCE) is INSURANCE


PLACES = st.integers(0, 4)
MOVES = st.tuples(
    st.sampled_from(
        ("with_unit", "without_unit", "with_layer", "without_layer", "with_edge", "without_edge", "with_width")
    ),
    PLACES,
    PLACES,
    PLACES,
)
ARGUMENTS = {"with_unit": 1, "with_layer": 1, "without_layer": 1, "without_unit": 2, "with_width": 2}


@given(st.sampled_from((INSURANCE, SPARSE, example("mazur"), edit.new_experiment())), st.lists(MOVES, max_size=12))
def test_any_sequence_of_edits_keeps_the_experiment_valid(experiment, moves):
    for name, *places in moves:
        try:
            experiment = getattr(edit, name)(experiment, *places[: ARGUMENTS.get(name, 3)])
        except SpecError:
            continue  # what cannot be done changes nothing
    assert experiment_from_json(experiment_to_json(experiment)) == experiment
    assert msgspec.structs.replace(experiment) == experiment
