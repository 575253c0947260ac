"""A history holds one row per recorded step; any row is a profile."""

import numpy as np
import pytest

from tests.histories import history
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate


def test_history_counts_steps_and_layers():
    run = history([1.0, 2.0], [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    assert (run.steps, run.layers) == (2, 3)


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
    ("weight", "delta"), [(np.zeros((3, 2)), np.zeros((3, 2))), (np.zeros((2, 2)), np.zeros((2, 3)))]
)
def test_rows_that_disagree_are_refused(weight: np.ndarray, delta: np.ndarray):
    with pytest.raises(ValueError, match="history rows must agree: 2 losses"):
        GradientHistory(experiment="test", loss=np.zeros(2), log10_weight_norm=weight, log10_delta_norm=delta)


def test_parts_join_into_one_run():
    first = history([1.0, 2.0], [[0.0], [1.0]], first_step=4)
    second = history([3.0], [[2.0]], first_step=6, outcome=RunOutcome.COMPLETED)
    whole = concatenate([first, second])
    assert whole.loss.tolist() == [1.0, 2.0, 3.0]
    assert whole.log10_norm("weight").tolist() == [[0.0], [1.0], [2.0]]
    assert (whole.first_step, whole.outcome) == (4, RunOutcome.COMPLETED)
