"""A loss that has only come down to the mean of the targets is not taken for learning."""

import math

import numpy as np
import pytest

from tests.builders import network_experiment, reader
from tests.histories import history
from vgdesk.diagnosis.chance import chance_accuracy, chance_loss
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.finding import Diagnosis, Learning
from vgdesk.spec.library import example
from vgdesk.spec.sequences import AddingProblem


def test_adding_problem_has_its_published_baseline():
    assert chance_loss(reader(AddingProblem(length=20, count=50))) == pytest.approx(1 / 6)


@pytest.mark.parametrize(("loss", "expected"), [("mse", 1.25), ("half-mse-sum", 1.25)])
def test_listed_targets_have_the_variance_about_their_mean(loss: str, expected: float):
    targets = [[0.0, 1.0], [1.0, 4.0]]  # variances 1/4 and 9/4, mean 5/4; half of their sum is 5/4, too
    listed = network_experiment([1, 2], ["identity"], [[0.0], [1.0]], targets, loss)
    assert chance_loss(listed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "loss", "right"),
    [
        ("digits-sigmoid-20", math.log(10), 0.1),
        ("spirals", math.log(2), 0.5),
        ("temporal-order-lstm", math.log(4), 0.25),
        ("copy-gru", math.log(8), 0.125),
    ],
)
def test_classes_have_the_loss_and_the_right_answers_of_guessing_one(name: str, loss: float, right: float):
    assert chance_loss(example(name)) == pytest.approx(loss)
    assert chance_accuracy(example(name)) == pytest.approx(right)


@pytest.mark.parametrize("loss", ["mse", "half-mse-sum", "bce", "softmax-cross-entropy"])
def test_no_constant_answer_costs_less_than_what_is_told(loss: str):
    targets = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    output = {"bce": "sigmoid"}.get(loss, "identity")
    told = chance_loss(network_experiment([1, 2], [output], [[0.0], [1.0], [2.0], [3.0]], targets, loss))
    values = np.linspace(0.01, 0.99, 99)
    y, t = np.stack(np.meshgrid(values, values), axis=-1)[:, :, None], np.array(targets)
    if loss == "softmax-cross-entropy":
        y = y / y.sum(axis=-1, keepdims=True)
    cost = {
        "mse": lambda: ((y - t) ** 2).mean(axis=(-1, -2)),
        "half-mse-sum": lambda: ((y - t) ** 2).sum(axis=-1).mean(axis=-1) / 2,
        "bce": lambda: -(t * np.log(y) + (1 - t) * np.log(1 - y)).mean(axis=(-1, -2)),
        "softmax-cross-entropy": lambda: -(t * np.log(y)).sum(axis=-1).mean(axis=-1),
    }[loss]()
    assert cost.min() == pytest.approx(told, rel=1e-3)


def test_targets_whose_squares_are_no_numbers_have_no_loss_to_compare_with():
    assert chance_loss(network_experiment([1, 1], ["identity"], [[0.0], [1.0]], [[1e200], [-1e200]], "mse")) == math.inf


def test_targets_that_are_no_probabilities_of_classes_have_no_such_loss():
    listed = network_experiment([1, 2], ["identity"], [[0.0], [1.0]], [[1.0, 1.0], [0.0, 1.0]], "softmax-cross-entropy")
    assert chance_loss(listed) == math.inf


def of_digits(losses: np.ndarray, accuracy: float) -> Diagnosis:
    found = Evaluations(
        steps=frozen([len(losses)], np.int64), accuracy=frozen([accuracy]), held_out_loss=frozen([math.nan]),
        held_out_accuracy=frozen([math.nan]),
    )  # fmt: skip
    return diagnose(history(losses, evaluations=found), example("digits-sigmoid-20"))


def test_fall_that_ends_where_guessing_does_is_no_learning_unless_more_is_right():
    settling = np.geomspace(22.6, 4.4, 60)
    found = of_digits(settling, 0.10)
    assert found.learning is Learning.GUESSES
    sentence = found.finding("slow-loss").sentence
    assert sentence.startswith("The loss went from 22.6 at step 0 to 5.3")
    assert sentence.endswith("the network only guesses. Answers that never look at the input cost 2.3.")
    assert of_digits(settling, 0.39).learning is Learning.LEARNS
    assert of_digits(np.geomspace(22.6, 1.5, 60), 0.10).learning is Learning.LEARNS
    assert (
        of_digits(np.append(np.geomspace(22.6, 2.3, 30), np.linspace(2.6, 2.29, 30)), 0.10).learning is Learning.GUESSES
    )


def test_network_that_stands_still_where_guessing_does_is_told_so():
    level = of_digits(np.full(60, 2.31), 0.10)
    assert level.learning is Learning.STAGNATES
    assert level.finding("slow-loss").sentence.endswith("cost 2.3.")
    assert "Answers" not in of_digits(np.full(60, 1.9), 0.2).finding("slow-loss").sentence


def test_fall_from_a_bad_start_to_the_baseline_stagnates_and_falling_on_is_learning():
    experiment = reader(AddingProblem(length=20, count=50))
    start = np.geomspace(50.0, 1 / 6, 20)
    flat, further = np.full(80, 1 / 6), np.geomspace(1 / 6, 1e-4, 80)
    assert diagnose(history(np.concatenate([start, flat])), experiment).learning is Learning.STAGNATES
    assert diagnose(history(np.concatenate([start, further])), experiment).learning is Learning.LEARNED
