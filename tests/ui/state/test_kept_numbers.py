"""Drawing a network: what is still there after an edit has the number it had; only what is new gets new ones."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import network_experiment
from vgdesk.errors import SpecError
from vgdesk.records.derivation import NetworkState
from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Glorot, ScaledGaussian
from vgdesk.spec.layer import Highway
from vgdesk.study.derive import derive
from vgdesk.training.parameters import draw
from vgdesk.ui.state.kept_numbers import edited, written_down

PLACES = st.integers(0, 4)
NAMES = (
    "with_unit", "without_unit", "with_layer", "without_layer", "with_edge", "without_edge", "with_width", "with_name",
    "with_unit_activation", "with_layer_option",
)  # fmt: skip
MOVES = st.tuples(st.sampled_from(NAMES), PLACES, PLACES, PLACES)
RULES = (Glorot(), ScaledGaussian(sigma_w=1.2, sigma_b=0.4))
ARGUMENTS = {"with_unit": 1, "with_layer": 1, "without_layer": 1, "without_unit": 2, "with_width": 2}


def start_of(experiment: Experiment) -> NetworkState:
    """Returns the numbers as the diagram shows them."""
    parameters = draw(experiment)
    return NetworkState(
        activations=(),
        weights=parameters.weights,
        weight_gradients=(),
        biases=parameters.biases,
        deltas=(),
        loss=0.0,
    )


def numbers_by_unit(experiment: Experiment) -> dict[tuple[str, ...], float]:
    """Returns every weight by the names of its two units, and every bias by its unit's."""
    network, parameters = experiment.feed_forward, draw(experiment)
    found: dict[tuple[str, ...], float] = {}
    for edge in network.edges():
        ends = network.unit_name(edge.layer - 1, edge.source), network.unit_name(edge.layer, edge.unit)
        found[ends] = parameters.weights[edge.layer - 1][edge.unit - 1, edge.source - 1]
    for bias in network.biases():
        found[(network.unit_name(bias.layer, bias.unit),)] = parameters.biases[bias.layer - 1][bias.unit - 1]
    return found


def named(experiment: Experiment, prefix: str = "") -> Experiment:
    """Returns the experiment with a name for every unit, by which it is known after an edit."""
    for layer, width in enumerate(experiment.feed_forward.widths):
        names = tuple(f"{prefix}{'abcdefghijklmnop'[layer]}{number}" for number in range(1, width + 1))
        experiment = edit.with_names(experiment, layer, names)
    return experiment


def drawn(seed: int = 3, **fields) -> Experiment:
    rule = fields.pop("initialisation", ScaledGaussian(sigma_w=1.0, sigma_b=0.3))
    return named(
        network_experiment(
            [2, 3, 2], ["tanh", "sigmoid"], [[0.3, -0.7]], [[0.2, 0.9]], seed=seed, initialisation=rule, **fields
        )
    )


def change_of(name: str, places: list[int]):
    if name == "with_name":
        return lambda experiment: edit.with_name(experiment, places[0], places[1], f"n{places[2]}")
    if name == "with_unit_activation":
        return lambda experiment: edit.with_unit_activation(experiment, places[0], places[1], "relu")
    if name == "with_layer_option":
        return lambda experiment: edit.with_layer_option(experiment, places[0], "bias", places[1] > 1)
    return lambda experiment: getattr(edit, name)(experiment, *places[: ARGUMENTS.get(name, 3)])


@given(
    st.integers(0, 1000),
    st.sampled_from([Glorot(), ScaledGaussian(sigma_w=1.2, sigma_b=0.4)]),
    st.lists(MOVES, max_size=8),
)
@settings(max_examples=150)
def test_whatever_is_drawn_every_number_that_is_still_there_stays(seed, rule, moves):
    experiment = drawn(seed, initialisation=rule)
    for move, (name, *places) in enumerate(moves):
        experiment = named(experiment, f"move{move}.")
        try:
            after = edited(experiment, change_of(name, places), start_of(experiment))
        except SpecError:
            continue  # what cannot be done changes nothing
        before, now = numbers_by_unit(experiment), numbers_by_unit(after)
        if name == "with_name":
            assert list(now.values()) == list(before.values())
        else:
            assert {key: before[key] for key in before.keys() & now.keys()} == {
                key: now[key] for key in before.keys() & now.keys()
            }
        experiment = after


def test_a_new_unit_gets_numbers_of_its_own_and_the_others_keep_every_digit():
    experiment = drawn()
    after = edited(experiment, lambda one: edit.with_unit(one, 1), start_of(experiment))
    before, now = numbers_by_unit(experiment), numbers_by_unit(after)
    assert before.items() <= now.items()
    assert len(now) == len(before) + 2 + 1 + 2
    assert all(now[key] != 0.0 for key in now.keys() - before.keys() if len(key) == 2)


def test_the_numbers_on_screen_are_those_of_the_derivation():
    experiment = drawn()
    state = derive(experiment, "w1").state
    assert written_down(experiment, state) == written_down(experiment, start_of(experiment))


def test_numbers_that_were_changed_on_screen_stay_changed():
    experiment = drawn()
    state = start_of(experiment)
    changed = state.weights[0].copy()
    changed[0, 0] = 9.0
    state = msgspec.structs.replace(state, weights=(changed, state.weights[1]))
    assert numbers_by_unit(edited(experiment, lambda one: edit.with_unit(one, 2), state))["a1", "b1"] == 9.0


def test_a_change_of_activation_or_name_leaves_the_rule_that_draws():
    experiment = drawn()
    for change in (
        lambda one: edit.with_unit_activation(one, 1, 1, "relu"),
        lambda one: edit.with_name(one, 1, 1, "Awareness"),
    ):
        after = edited(experiment, change, start_of(experiment))
        assert after.initialisation == experiment.initialisation
        assert list(numbers_by_unit(after).values()) == list(numbers_by_unit(experiment).values())


def test_given_numbers_are_not_written_down_again():
    experiment = written_down(drawn(), start_of(drawn()))
    assert written_down(experiment, start_of(experiment)) is experiment


def test_gates_whose_numbers_cannot_be_given_are_drawn_anew():
    experiment = drawn()
    first = msgspec.structs.replace(experiment.feed_forward.layers[0], width=2, unit_names=(), skip=Highway())
    layers = (first, msgspec.structs.replace(experiment.feed_forward.layers[1], unit_names=()))
    network = msgspec.structs.replace(experiment.network, layers=layers)
    gated = msgspec.structs.replace(experiment, network=network)
    after = edited(gated, lambda one: edit.with_unit(one, 2), start_of(gated))
    assert after.initialisation == gated.initialisation
    assert after.feed_forward.widths == (2, 2, 3)
