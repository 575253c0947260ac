"""Changed numbers become an experiment of their own, whatever kind of network it is, or a sentence says why not."""

import pytest
from msgspec import structs

from tests.builders import reader
from tests.training.test_start_values import GATED, TASK
from vgdesk.spec import edit
from vgdesk.spec.library import example
from vgdesk.spec.recurrent import Lstm
from vgdesk.spec.sequences import SequenceExamples
from vgdesk.study.derive import derive
from vgdesk.study.what_if import adjustable, derive_changed
from vgdesk.ui.state.edits import with_initialisation
from vgdesk.ui.state.initialisations import initialisation_key
from vgdesk.ui.state.number_edits import experiment_with, why_not_kept

LSTM = reader(TASK, Lstm(), width=2)
LISTED = structs.replace(
    reader(SequenceExamples(inputs=(((0.1, 1.0), (0.4, 0.0), (0.9, 1.0)),), targets=(((1.0,),),)), Lstm(), width=2),
    name="listed",
)


@pytest.mark.parametrize(
    ("experiment", "name"),
    [
        (LSTM, "u3"),
        (LSTM, "b1"),
        (LSTM, "v1"),
        (LISTED, "x2_1"),
        (LISTED, "t3_1"),
        (GATED, "gate_W2_1_1"),
        (GATED, "gamma2_1"),
    ],
)
def test_a_changed_number_is_kept(experiment, name):
    numbers = adjustable(experiment)
    kept = experiment_with(experiment, numbers, {name: 0.625})
    assert kept is not None
    assert {one.name: one.value for one in adjustable(kept)}[name] == 0.625
    shown, _ = derive_changed(experiment, "w1", {name: 0.625})
    assert derive(kept, "w1").value == shown.value


def test_numbers_kept_before_stay_when_another_is_changed():
    first = experiment_with(LSTM, adjustable(LSTM), {"u1": 0.5})
    second = experiment_with(first, adjustable(first), {"w1": -0.5})
    assert {one.name: one.value for one in second.start_values} == {"u1": 0.5, "w1": -0.5}


def test_drawn_sequences_say_why_they_are_not_kept():
    words = why_not_kept(LSTM, adjustable(LSTM), {"x1_1": 0.3})
    assert (
        words == "Shown, not kept: inputs and targets come from the task adding, which lists no examples to be changed."
    )
    assert experiment_with(LSTM, adjustable(LSTM), {"x1_1": 0.3}) is None


def test_what_is_kept_needs_no_words():
    assert why_not_kept(LSTM, adjustable(LSTM), {"u1": 0.5, "eta": 0.1}) == ""


def test_choosing_an_initialisation_lets_go_of_given_numbers():
    kept = experiment_with(LSTM, adjustable(LSTM), {"u1": 0.5})
    assert with_initialisation(kept, initialisation_key(kept)).start_values == ()


def test_a_found_state_with_another_number_no_longer_promises_its_values():
    found = structs.replace(
        edit.with_parameter(example("insurance"), "w1", 0.5), name="insurance-state", title="Insurance? (d1 = 0.06)"
    )
    kept = experiment_with(found, adjustable(found), {"w2": 0.625})
    assert kept is not None
    assert (kept.name, kept.title) == ("insurance-state-edited", "Insurance? (edited from d₁ = 0.06)")
