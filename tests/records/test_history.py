"""A history holds one row per recorded step; any row is a profile."""

import numpy as np
import pytest

from tests.histories import history
from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate
from vgdesk.records.places import Places


def test_recorded_rows_and_steps_made_are_counted_apart():
    run = history([1.0, 2.0], step_numbers=frozen([0, 5], np.int64), steps_made=9)
    assert (run.rows, run.steps_made, run.is_thinned) == (2, 9, True)
    assert history([1.0, 2.0], first_step=3).steps_made == 5


@pytest.mark.parametrize(("step", "row"), [(0, 0), (4, 0), (5, 1), (99, 1)])
def test_a_step_without_a_row_is_shown_by_the_recorded_one_before_it(step: int, row: int):
    assert history([1.0, 2.0], step_numbers=frozen([0, 5], np.int64)).row_of(step) == row


def test_signals_of_a_recurrent_network_belong_to_time_steps_and_weights_to_matrices():
    run = history([1.0], signals=Places.TIME)
    assert run.profile(quantity="delta").labels == ("time step 1", "time step 2", "time step 3")
    assert run.profile().labels == ("W_ih", "W_hh", "W_out")


def test_last_row_is_the_profile_unless_another_is_asked_for():
    run = history([1.0, 2.0], [[0.0, 1.0], [3.0, 4.0]], first_step=10)
    assert (run.profile().step, run.profile().log10_norm.tolist()) == (11, [3.0, 4.0])
    assert (run.profile(0).step, run.profile(0).log10_norm.tolist()) == (10, [0.0, 1.0])


def test_profile_of_the_deltas_says_so():
    profile = history([1.0], [[0.0]], [[5.0]]).profile(quantity="delta")
    assert (profile.route, profile.quantity, profile.log10_norm.tolist()) == ("training", "delta", [5.0])


def test_profile_cannot_be_changed_nor_change_with_the_rows():
    run = history([1.0], [[0.0, 1.0]])
    assert not run.profile().log10_norm.flags.writeable


@pytest.mark.parametrize(
    ("weight", "delta"), [(np.zeros((3, 2)), np.zeros((3, 2))), (np.zeros((2, 2)), np.zeros((1, 2)))]
)
def test_rows_that_disagree_are_refused(weight: np.ndarray, delta: np.ndarray):
    with pytest.raises(ValueError, match="history rows must agree: 2 losses"):
        GradientHistory(experiment="test", loss=np.zeros(2), quantities={"weight": weight, "delta": delta})


def test_parts_join_into_one_run():
    first = history([1.0, 2.0], [[0.0], [1.0]], first_step=4)
    second = history([3.0], [[2.0]], first_step=6, outcome=RunOutcome.COMPLETED)
    whole = concatenate([first, second])
    assert whole.loss.tolist() == [1.0, 2.0, 3.0]
    assert whole.log10_norm("weight").tolist() == [[0.0], [1.0], [2.0]]
    assert (whole.step_numbers.tolist(), whole.outcome) == ([4, 5, 6], RunOutcome.COMPLETED)
