"""Runs that others published, trained again from their own start: weights, losses and stopping step.

- codebasics, "Implement gradient descent in Python" (a notebook): logistic regression on 22 people. It prints loss
  before and weights after the update of epochs 0, 50, ...
- iamtrask, "A Neural Network in 11 lines of Python": four examples of three bits, no biases. The third bit is 1 in
  every example, so its weight *is* the bias of a layer on the other two; only the output of the three-layer network
  has none. His step W += alpha X^T (e s') is descent on 1/2 sum e^2, ours on its mean
  over the four examples: the rate is 4 alpha, exactly.
- Mazur, "A step by step backpropagation example": the error of the 10,000th step, biases left as they are. The outputs
  printed beside it have another error, 3.50848e-5, and belong to no step; they are not compared.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.kernels.trainer import FusedTrainer, Network
from vgdesk.records.parameters import Parameters, parameters_of
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.library import example
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.spec.training import Sgd, Training
from vgdesk.training.data import load
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw

VALUES = json.loads((Path(__file__).parent / "data" / "published_runs.json").read_text())
EPOCHS = (0, 50, 100, 200, 250, 350)
BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
EXCLUSIVE_OR = np.array([[0.0], [1.0], [1.0], [0.0]])


def insurance(steps):
    """Returns the notebook's experiment: age in hundreds of years and affordability, one sigmoid unit, weights 1."""
    fixture = VALUES["codebasics.insurance.gd.epoch0"]["inputs"]
    people = [[float(x) for x in row.split(",")] for row in VALUES["codebasics.insurance.rows"]["value"].split()]
    known = [row for number, row in enumerate(people) if number not in fixture["test_rows"]]
    return network_experiment(
        [2, 1],
        ["sigmoid"],
        [(age / fixture["age_scale"], affords) for age, affords, _ in known],
        [(bought,) for _, _, bought in known],
        "bce",
        initialisation=Explicit(weights=(((1.0, 1.0),),), biases=((0.0,),)),
        training=Training(optimiser=Sgd(learning_rate=fixture["lr"]), steps=steps, shuffle=False),
    )


@pytest.mark.parametrize("epoch", EPOCHS)
def test_insurance_has_the_printed_weights_and_loss(epoch):
    trainer = Trainer(insurance(epoch + 1))
    history, parameters = trainer.advance(epoch + 1), trainer.parameters
    found = [*parameters.weights[0].ravel(), *parameters.biases[0], history.loss[epoch]]
    # 16 printed digits, less the last two or three: another exp, and 22 people summed in another order
    np.testing.assert_allclose(found, VALUES[f"codebasics.insurance.gd.epoch{epoch}"]["value"], rtol=1e-13)


def test_insurance_reaches_the_threshold_at_the_printed_epoch():
    stop = VALUES["codebasics.insurance.stop_epoch"]
    loss = Trainer(insurance(500)).advance(500).loss
    assert np.argmax(loss <= stop["inputs"]["loss_threshold"]) == stop["value"]


def test_insurance_has_no_gradient_at_the_maximum_of_the_likelihood():
    *weights, bias = VALUES["codebasics.insurance.mle"]["value"]
    found = gradient(insurance(1), Parameters(weights=(np.array([weights]),), biases=(np.array([bias]),)))
    # the optimum is given to 7 digits
    np.testing.assert_allclose(np.concatenate([found.weights[0][0], found.biases[0]]), 0.0, atol=1e-7)


def trask_start(*shapes):
    """Returns weights as his np.random.seed(1) draws them, shaped (in, out) as he has them."""
    stream = np.random.RandomState(1)
    return [2.0 * stream.random_sample(shape) - 1.0 for shape in shapes]


def split_bias(W):
    """Returns weights (out, in) and bias of a layer whose last input is 1."""
    return W[:-1].T, W[-1]


def test_trask_two_layers_learn_the_printed_outputs_and_weights():
    weights, bias = split_bias(*trask_start((3, 1)))
    training = Training(optimiser=Sgd(learning_rate=4.0), steps=10_000, shuffle=False)
    targets = np.array(VALUES["trask.2layer.output10000"]["inputs"]["y"], float)[:, None]
    experiment = network_experiment([2, 1], ["sigmoid"], BITS.tolist(), targets.tolist(), training=training)
    trainer = Trainer(experiment, Parameters(weights=(weights,), biases=(bias,)))
    trainer.advance(9_999)
    outputs = gradient(experiment, trainer.parameters).activations[-1].ravel()  # what the last step still saw
    trainer.advance(1)
    learnt = np.append(trainer.parameters.weights[0], trainer.parameters.biases[0])
    # recomputed to 16 digits (he printed 8), less the rounding of 10,000 steps
    np.testing.assert_allclose(outputs, VALUES["trask.2layer.output10000"]["value"], rtol=1e-11)
    np.testing.assert_allclose(learnt, VALUES["trask.2layer.weights10000"]["value"], rtol=1e-11)


def trask_three_layers(alpha):
    """Returns his network of four hidden units, which learns exclusive or, at its start."""
    first, second = trask_start((3, 4), (4, 1))
    hidden, bias = split_bias(first)
    experiment = network_experiment(
        [2, 4, 1],
        ["sigmoid", "sigmoid"],
        BITS.tolist(),
        EXCLUSIVE_OR.tolist(),
        network=FeedForward(inputs=2, layers=(DenseLayer(width=4), DenseLayer(width=1, bias=False))),
        training=Training(optimiser=Sgd(learning_rate=4.0 * alpha), steps=20_000, shuffle=False),
    )
    return experiment, parameters_of(experiment.network, {"W1": hidden, "b1": bias, "W2": second.T})


@pytest.mark.parametrize("alpha", [1, 10])
def test_trask_three_layers_have_the_printed_errors(alpha):
    experiment, start = trask_three_layers(alpha)
    trainer, errors = Trainer(experiment, start), []
    for steps in (0, 10_000, 10_000):
        trainer.advance(steps)
        outputs = gradient(experiment, trainer.parameters).activations[-1]
        errors.append(np.abs(outputs - EXCLUSIVE_OR).mean())
    expected = VALUES[f"trask.3layer.alpha{alpha}.error_every_10000"]
    # he printed 12 digits; 11 survive another order of rounding
    np.testing.assert_allclose(errors, expected["value"][:3], rtol=10.0 ** -expected["digits"])


def test_mazur_error_of_step_ten_thousand_is_the_printed_one_when_biases_stay():
    experiment, printed = example("mazur"), VALUES["mazur.E10000"]
    start, data = draw(experiment), load(experiment.task)
    widths, names = experiment.feed_forward.widths, ("sigmoid", "sigmoid")
    network = Network(widths, names, experiment.loss, learns_bias=(False, False))
    rate, everyone = printed["inputs"]["lr"], np.arange(len(data.inputs))
    run = FusedTrainer(network, start.weights, start.biases, *data, rate=rate, batch=len(everyone))
    run.run(np.tile(everyone, (printed["inputs"]["steps"] - 1, 1)))
    # half a unit of the last printed digit; one step earlier or later is a hundred times as far away
    assert run.measure(everyone)[0] == pytest.approx(printed["value"], abs=5e-11)
