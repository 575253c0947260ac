"""A state with chosen factors is found, told in numbers that really give them, or refused for the right reason."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import chain, network_experiment, reader
from tests.training.test_start_values import GATED, TASK
from vgdesk.errors import DerivationTooLarge, SpecError
from vgdesk.present.found_state import state_sentence
from vgdesk.records.found_state import SearchOutcome
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.layer import DenseLayer, Residual
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Lstm
from vgdesk.study.derive import derive
from vgdesk.study.find_state import find_state
from vgdesk.study.verify import verify


def elsewhere():
    """Returns the insurance network at other numbers."""
    numbers = Explicit(
        weights=(((0.3, -0.2, 0.1, 0.4), (0.2, 0.1, -0.3, 0.5)), ((0.7, -0.4),)), biases=((0.1, -0.1), (0.2,))
    )
    return msgspec.structs.replace(example("insurance"), initialisation=numbers)


def test_the_classic_statement_is_found_from_other_numbers():
    found = find_state(elsewhere(), "w1", {"d1": 0.03, "d2": 0.05})
    assert found.outcome is SearchOutcome.FOUND
    derivation = derive(found.experiment, "w1")
    assert [factor.value for factor in derivation.factors] == [0.03, 0.05]
    assert derivation.value == pytest.approx(0.0015, rel=1e-15)  # one product of two rounded numbers
    assert verify(found.experiment).passed


def test_only_what_is_free_changes():
    found = find_state(example("insurance"), "w1", {"d1": 0.06, "d2": 0.04}, ["w9", "age", "b3"])
    assert {change.name for change in found.changes} <= {"w9", "age", "b3"}
    before, after = example("insurance"), found.experiment
    assert after.initialisation.weights[0] == before.initialisation.weights[0]
    assert after.task.inputs[0][1:] == before.task.inputs[0][1:]
    assert (after.training, after.loss, after.task.targets) == (before.training, before.loss, before.task.targets)


def test_the_change_is_small_where_the_targets_are_near():
    found = find_state(example("insurance"), "w1", {"d1": 0.0301, "d2": 0.05})
    assert max(abs(change.after - change.before) for change in found.changes) < 0.01


def test_a_positive_weight_above_forbids_a_positive_factor():
    found = find_state(elsewhere(), "w1", {"d1": 0.03}, ["w1", "b3"])
    assert found.outcome is SearchOutcome.IMPOSSIBLE
    assert "y − t in (−1, 0)" in state_sentence(found)
    assert state_sentence(found).endswith("a positive d1 needs a negative w₉.")


@pytest.mark.parametrize(
    ("wrt", "targets", "free", "words"),
    [
        ("w9", {"d1": 0.1}, (), "d1 = ∂L/∂y lies in (−1, 0), so it is never 0.1"),
        ("w1", {"d2": 0.3}, ["w1"], "d2 = ∂Awareness/∂w₁ lies in (0, 0.05], so it is never 0.3"),
        ("w9", {"d2": 0.26}, (), "lies in (0, 0.25), so it is never 0.26"),
        ("w1", {"d2": 0.3}, ["w9"], "does not depend on what is free and stays 0.05"),
    ],
)
def test_what_no_state_can_have_is_refused_with_its_range(wrt, targets, free, words):
    found = find_state(example("insurance"), wrt, targets, free)
    assert (found.outcome, found.experiment) == (SearchOutcome.IMPOSSIBLE, None)
    assert words in state_sentence(found)


def test_targets_that_exclude_each_other_are_not_found_and_that_is_no_proof():
    found = find_state(chain([1.0, 1.0], [0.0, 0.0], 0.5, 1.0, "sigmoid"), "w2", {"d1": -0.5, "d2": 0.24})
    assert found.outcome is SearchOutcome.FOUND
    found = find_state(chain([1.0], [0.0], 1.0, 1.0, "sigmoid"), "w1", {"d1": -0.1, "d2": 0.24}, ["w1", "b1"])
    assert found.outcome is SearchOutcome.NOT_FOUND
    assert "no proof" in state_sentence(found)


def test_an_exploding_chain_finds_larger_factors():
    wanted = {factor.id: 1.3 * factor.value for factor in derive(example("chain-exploding"), "w1").factors[:3]}
    found = find_state(example("chain-exploding"), "w1", wanted)
    assert found.outcome is SearchOutcome.FOUND
    assert [factor.value for factor in found.wanted] == pytest.approx(list(wanted.values()), rel=1e-11)


def test_a_factor_that_is_0_and_stays_0_does_not_hinder_the_others():
    found = find_state(example("xor"), "w1", {"d1": 0.01, "d2": 0.0})  # the first point is (0, 0)
    assert [factor.value for factor in found.wanted] == [0.01, 0.0]


@given(st.integers(0, 200), st.sampled_from(["tanh", "sigmoid", "softplus", "gelu"]))
@settings(max_examples=15, deadline=None)
def test_factors_of_another_draw_are_found_from_this_one(seed, activation):
    def drawn(number):
        rows, targets = [[0.4, -0.7]], [[0.3]]
        return network_experiment([2, 2, 1], [activation, "tanh"], rows, targets, seed=number)

    wanted = {factor.id: factor.value for factor in derive(drawn(seed + 1), "w1").factors}
    found = find_state(drawn(seed), "w1", wanted)
    assert found.outcome is SearchOutcome.FOUND, state_sentence(found)
    reached = derive(found.experiment, "w1").factors
    assert [factor.value for factor in reached] == pytest.approx(list(wanted.values()), rel=1e-11, abs=1e-11)


def test_layers_with_a_skip_and_layer_normalisation_are_searched_too():
    layers = (
        DenseLayer(width=2, activation="tanh", skip=Residual()),
        DenseLayer(width=2, activation="tanh", normalisation="layer"),
        DenseLayer(width=1, activation="identity"),
    )
    plain = network_experiment([2, 2, 1], ["tanh", "identity"], [[0.4, -0.7]], [[0.3]])
    experiment = msgspec.structs.replace(plain, network=FeedForward(inputs=2, layers=layers))
    wanted = 1.5 * derive(experiment, "w1").factors[0].value
    found = find_state(experiment, "w1", {"d1": wanted})
    assert found.outcome is SearchOutcome.FOUND
    assert derive(found.experiment, "w1").factors[0].value == pytest.approx(wanted, rel=1e-11)


def test_points_of_a_task_become_listed_examples_only_where_an_input_was_moved():
    target = 2 * derive(example("xor"), "w1").factors[0].value
    kept = find_state(example("xor"), "w1", {"d1": target})
    assert kept.experiment.task == example("xor").task
    moved = find_state(example("xor"), "w1", {"d2": 0.1}, ["inputs"], example=2)
    assert len(moved.experiment.task.inputs) == 4
    assert derive(moved.experiment, "w1", 2).factors[1].value == pytest.approx(0.1, rel=1e-11)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("insurance", ("w1", {"d9": 1.0}), "unknown factor 'd9'; this derivation has d1, d2"),
        ("insurance", ("w1", {}), "at least one factor"),
        ("insurance", ("w1", {"d1": float("nan")}), "target of d1 must be"),
        (
            "insurance",
            ("w1", {"d1": 1.0}, ["w99"]),
            "number 'w99'; allowed are weights, biases, others, inputs",
        ),
        ("adding-rnn-200", ("w1", {"d1": 1.0}), "at most 6"),
    ],
)
def test_a_wrong_request_is_one_sentence(name, arguments, words):
    with pytest.raises((SpecError, DerivationTooLarge), match=words):
        find_state(example(name), *arguments)


@pytest.mark.parametrize(
    ("experiment", "wrt"),
    [(reader(TASK, width=2), "u1"), (reader(TASK, Lstm(), width=2), "u1"), (GATED, "w1"), (GATED, "gate_W2_1_1")],
    ids=["rnn", "lstm", "batch-norm", "highway gate"],
)
def test_states_of_cells_gates_and_coupled_examples_are_found(experiment, wrt):
    before = {factor.id: factor.value for factor in derive(experiment, wrt).factors}
    found = find_state(experiment, wrt, {"d1": 0.5 * before["d1"]})
    after = {factor.id: factor.value for factor in derive(found.experiment, wrt).factors}
    assert after["d1"] == pytest.approx(0.5 * before["d1"], rel=1e-11)
    assert verify(found.experiment).passed


def test_a_state_of_a_cell_that_cannot_be_says_which_range_forbids_it():
    found = find_state(reader(TASK, width=2), "u1", {"d2": 2.0})
    assert found.outcome is SearchOutcome.IMPOSSIBLE
    assert "lies in (−1, 1), so it is never 2" in state_sentence(found)


def test_only_named_numbers_of_a_cell_change():
    experiment = reader(TASK, Lstm(), width=2)
    before = derive(experiment, "u1").factors[0].value
    found = find_state(experiment, "u1", {"d1": 0.9 * before}, ["v1", "u3"])
    assert {change.name for change in found.changes} <= {"v1", "u3"}
    assert {one.name for one in found.experiment.start_values} <= {"v1", "u3"}


def test_inputs_of_sequences_are_not_moved():
    with pytest.raises(SpecError, match="the inputs of test stay as they are"):
        find_state(reader(TASK, width=2), "u1", {"d1": 0.1}, ["inputs"])
