"""Layer-wise pre-training: every layer learns to rebuild its input, the same bits each time, and the decoder goes."""

import itertools
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment
from vgdesk.kernels import interruption
from vgdesk.records.parameters import Parameters, named_arrays
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Glorot
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.pretraining import LayerWise
from vgdesk.spec.task import Digits, Examples
from vgdesk.spec.training import Sgd, Training
from vgdesk.training.data import load_parts
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw
from vgdesk.training.pretraining import PretrainingProgress, pretrain


def digits(hidden: int, steps: int = 40, learning_rate: float = 0.5, **fields: Any) -> Experiment:
    """Returns hidden sigmoid layers of 16 on 300 digits, to be pre-trained."""
    layers = (*[DenseLayer(width=16)] * hidden, DenseLayer(width=10, activation="identity"))
    given: dict[str, Any] = {
        "network": FeedForward(inputs=64, layers=layers),
        "task": Digits(count=300),
        "initialisation": Glorot(),
        "training": Training(
            optimiser=Sgd(learning_rate=0.1),
            batch_size=32,
            steps=steps,
            pretraining=LayerWise(steps=steps, learning_rate=learning_rate),
        ),
    }
    return network_experiment([1, 1], ["identity"], [[0.0]], [[0.0]], "softmax-cross-entropy", **{**given, **fields})


def pretrained(experiment: Experiment) -> tuple[list[PretrainingProgress], Parameters]:
    """Runs the pre-training to its end."""
    progress, run = [], pretrain(experiment)
    while True:
        try:
            progress.append(next(run))
        except StopIteration as end:
            return progress, end.value


def changes(experiment: Experiment, parameters: Parameters) -> list[float]:
    """Returns |W - W_0| of every layer."""
    pairs = zip(parameters.weights, draw(experiment).weights, strict=True)
    return [float(np.linalg.norm(W - start)) for W, start in pairs]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def test_reconstruction_loss_falls_in_every_layer():
    # the full batch at a small rate: plain gradient descent goes downhill without detours
    training = Training(pretraining=LayerWise(steps=200, learning_rate=0.1))
    progress, _ = pretrained(digits(hidden=3, training=training))
    for _, steps in itertools.groupby(progress, key=lambda one: one.layer):
        losses = [one.loss for one in steps]
        assert losses == sorted(losses, reverse=True)
        assert losses[-1] < losses[0]


def test_progress_goes_layer_by_layer_to_the_last_step():
    progress, _ = pretrained(digits(hidden=2, steps=70))
    places = [(one.layer, one.step) for one in progress]
    assert places == sorted(set(places))
    assert [one.step for one in progress if one.layer == 1][-1] == 70
    assert {(one.layers, one.steps) for one in progress} == {(2, 70)}
    assert {one.layer for one in progress} == {1, 2}


def test_first_layer_of_a_deep_network_learns_where_back_propagation_alone_does_not_reach():
    experiment = digits(hidden=15)
    alone = Trainer(experiment)
    alone.advance(40)
    assert changes(experiment, alone.parameters)[0] < 1e-6
    assert changes(experiment, pretrained(experiment)[1])[0] > 0.1


def test_output_layer_keeps_its_draw():
    experiment = digits(hidden=2)
    parameters = pretrained(experiment)[1]
    assert changes(experiment, parameters)[-1] == 0.0
    np.testing.assert_array_equal(parameters.biases[-1], draw(experiment).biases[-1])


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_same_experiment_gives_the_same_bits(precision: str):
    experiment = digits(hidden=2)
    training = msgspec.structs.replace(experiment.training, precision=precision)
    experiment = msgspec.structs.replace(experiment, training=training)
    first, second = (named_arrays(experiment.network, pretrained(experiment)[1]) for _ in range(2))
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


def test_second_layer_rebuilds_what_the_first_makes_of_the_examples():
    # full batch and rate 0: the loss of layer 2 is that of its drawn autoencoder on h = sigmoid(W x + b)
    training = Training(pretraining=LayerWise(steps=1, learning_rate=0.0))
    experiment = digits(hidden=2, training=training)
    W, b = draw(experiment).weights[0], draw(experiment).biases[0]
    h = sigmoid(load_parts(experiment).training.inputs @ W.T + b)
    generator = np.random.default_rng((experiment.seed, 5, 2))
    V = generator.uniform(-1.0, 1.0, (16, 16)) * np.sqrt(3.0) * np.sqrt(2 / 32)
    rebuilt = sigmoid(h @ draw(experiment).weights[1].T) @ V.T
    # 1e-12: sums of 300 x 16 squares
    assert pretrained(experiment)[0][1].loss == pytest.approx(np.mean((rebuilt - h) ** 2), rel=1e-12)


def shares(hidden: int, steps: int, learning_rate: float, **fields: Any) -> Experiment:
    """Returns the same networks, to be pre-trained with cross-entropy on the full batch."""
    plan = LayerWise(steps=steps, learning_rate=learning_rate, reconstruction="cross-entropy")
    return digits(hidden, **{"training": Training(pretraining=plan), **fields})


def test_cross_entropy_of_a_layer_is_that_of_its_drawn_autoencoder_summed_over_the_units():
    experiment = shares(hidden=2, steps=1, learning_rate=0.0)
    W, b = draw(experiment).weights[0], draw(experiment).biases[0]
    x = sigmoid(load_parts(experiment).training.inputs @ W.T + b)
    generator = np.random.default_rng((experiment.seed, 5, 2))
    V = generator.uniform(-1.0, 1.0, (16, 16)) * np.sqrt(3.0) * np.sqrt(2 / 32)
    r = sigmoid(sigmoid(x @ draw(experiment).weights[1].T) @ V.T)
    expected = -np.mean(np.sum(x * np.log(r) + (1 - x) * np.log(1 - r), axis=1))
    # 1e-12: sums of 300 x 16 logarithms
    assert pretrained(experiment)[0][1].loss == pytest.approx(expected, rel=1e-12)


def test_one_step_of_cross_entropy_follows_the_gradient_of_the_sum_over_units():
    experiment = shares(hidden=1, steps=1, learning_rate=0.1)
    W, x = draw(experiment).weights[0], load_parts(experiment).training.inputs
    generator = np.random.default_rng((experiment.seed, 5, 1))
    V = generator.uniform(-1.0, 1.0, (64, 16)) * np.sqrt(3.0) * np.sqrt(2 / 80)
    h = sigmoid(x @ W.T)
    delta = ((sigmoid(h @ V.T) - x) @ V) * h * (1 - h)
    expected = W - 0.1 * delta.T @ x / len(x)
    np.testing.assert_allclose(pretrained(experiment)[1].weights[0], expected, rtol=1e-11)


def test_numbers_outside_0_to_1_are_rebuilt_by_a_linear_output_in_either_case():
    rows = tuple((float(n), 0.5) for n in range(-2, 3))
    layers = (*[DenseLayer(width=3)] * 2, DenseLayer(width=10, activation="identity"))
    task, network = Examples(inputs=rows, targets=((0.1,) * 10,) * 5), FeedForward(inputs=2, layers=layers)
    plans = [LayerWise(steps=1, learning_rate=0.5, reconstruction=word) for word in ("mse", "cross-entropy")]
    made = [digits(2, training=Training(pretraining=plan), network=network, task=task) for plan in plans]
    first, second = (pretrained(experiment)[0] for experiment in made)
    assert first[0].loss == second[0].loss
    assert first[1].loss != second[1].loss


def test_deep_sigmoids_pass_a_gradient_on_after_cross_entropy_and_not_after_squared_errors():
    spans = {}
    for word, rate in (("mse", 3.0), ("cross-entropy", 2.0)):
        plan = LayerWise(steps=300, learning_rate=rate, reconstruction=word)
        experiment = digits(10, training=Training(batch_size=32, steps=1, pretraining=plan))
        state = Trainer(experiment, pretrained(experiment)[1]).advance(1).values("state")[0]
        spans[word] = state[0] - state[-2]
    # nine factors of about a quarter lose 5.4 decades
    assert spans["mse"] < -4.0
    assert spans["cross-entropy"] > -2.5


def test_absent_connections_stay_absent():
    sources = tuple((unit, unit + 1) for unit in range(1, 17))
    layers = (DenseLayer(width=16, sources=sources), DenseLayer(width=10, activation="identity"))
    W = pretrained(digits(1, network=FeedForward(inputs=64, layers=layers)))[1].weights[0]
    assert np.count_nonzero(W) == 32


def test_divergence_ends_it_and_keeps_the_drawn_numbers():
    layers = (*[DenseLayer(width=16, activation="identity")] * 2, DenseLayer(width=10, activation="identity"))
    experiment = digits(2, steps=2000, learning_rate=1e5, network=FeedForward(inputs=64, layers=layers))
    progress, parameters = pretrained(experiment)
    assert not np.isfinite(progress[-1].loss)
    assert progress[-1].layer == 1
    assert changes(experiment, parameters) == [0.0] * 3


@pytest.mark.parametrize("blocks", [0, 1])
def test_kernels_that_leave_off_end_it_with_nothing_to_return(blocks: int):
    run = pretrain(digits(2, steps=200))
    for _ in range(blocks):
        next(run)
    interruption.interrupt()
    try:
        with pytest.raises(interruption.LeftOffError):
            next(run)
    finally:
        interruption.resume()


def test_nothing_happens_without_pretraining_in_the_experiment():
    experiment = digits(1, training=Training())
    progress, parameters = pretrained(experiment)
    assert progress == []
    assert changes(experiment, parameters) == [0.0, 0.0]
