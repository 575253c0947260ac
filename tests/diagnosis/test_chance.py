"""A loss that has only come down to the mean of the targets is not taken for learning."""

import math

import numpy as np
import pytest

from tests.builders import network_experiment, reader
from tests.histories import history
from vgdesk.diagnosis.chance import chance_loss
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.records.finding import Learning
from vgdesk.spec.library import example
from vgdesk.spec.sequences import AddingProblem


def test_adding_problem_has_its_published_baseline():
    assert chance_loss(reader(AddingProblem(length=20, count=50))) == pytest.approx(1 / 6)


@pytest.mark.parametrize(("loss", "expected"), [("mse", 1.25), ("half-mse-sum", 1.25)])
def test_listed_targets_have_the_variance_about_their_mean(loss: str, expected: float):
    targets = [[0.0, 1.0], [1.0, 4.0]]  # variances 1/4 and 9/4, mean 5/4; half of their sum is 5/4, too
    listed = network_experiment([1, 2], ["identity"], [[0.0], [1.0]], targets, loss)
    assert chance_loss(listed) == pytest.approx(expected)


def test_classes_have_no_baseline_here_because_right_answers_are_counted():
    assert chance_loss(example("digits-sigmoid-20")) == math.inf


def test_fall_from_a_bad_start_to_the_baseline_stagnates_and_falling_on_is_learning():
    experiment = reader(AddingProblem(length=20, count=50))
    start = np.geomspace(50.0, 1 / 6, 20)
    flat, further = np.full(80, 1 / 6), np.geomspace(1 / 6, 1e-4, 80)
    assert diagnose(history(np.concatenate([start, flat])), experiment).learning is Learning.STAGNATES
    assert diagnose(history(np.concatenate([start, further])), experiment).learning is Learning.LEARNED
