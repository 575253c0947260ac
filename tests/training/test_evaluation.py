"""What is measured beside the training: right numbers, at the same steps however it is driven, changing nothing."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import classifier
from tests.reference.feed_forward import ACTIVATIONS, loss_of
from tests.training.test_loop import driven, shortened
from vgdesk.records.history import RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import EveryNth, Recording
from vgdesk.spec.table import CsvTable
from vgdesk.spec.task import Digits
from vgdesk.spec.training import Sgd, Training
from vgdesk.training.data import load_parts, split
from vgdesk.training.evaluation import right_share
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer


def spirals(steps: int = 300, **changes) -> Experiment:
    return shortened("spirals", steps=steps, **changes)


def numpy_answers(trainer: Trainer, experiment: Experiment, inputs: np.ndarray, targets: np.ndarray):
    """Returns loss and share of right answers at a trainer's parameters, by NumPy alone."""
    names = [layer.activation for layer in experiment.feed_forward.layers]
    parameters, h = trainer.parameters, inputs
    for name, W, b in zip(names, parameters.weights, parameters.biases, strict=True):
        h = ACTIVATIONS[name][0](h @ W.T + b)
    loss = loss_of(names, experiment.loss, parameters.weights, parameters.biases, inputs, targets)
    return loss, np.mean(h.argmax(axis=1) == targets.argmax(axis=1))


@pytest.mark.parametrize("count", [40, 700])
def test_held_out_loss_and_accuracy_are_those_of_numpy(count: int):
    experiment = classifier(
        Digits(count=count),
        [64, 7, 10],
        "softmax-cross-entropy",
        training=Training(steps=9, batch_size=5, held_out=0.9 if count == 700 else 0.3),
    )
    trainer = Trainer(experiment)
    trainer.advance(8)
    held_out = load_parts(experiment).held_out
    loss, accuracy = numpy_answers(trainer, experiment, *held_out)
    last = trainer.advance(1).evaluations
    assert last.steps.tolist() == [8]
    assert last.held_out_loss[0] == pytest.approx(loss, rel=1e-12)
    assert last.held_out_accuracy[0] == pytest.approx(accuracy, rel=1e-15)
    assert last.held_out_count.tolist() == [len(held_out.inputs)]


def test_accuracy_is_that_of_the_batch_the_step_takes():
    experiment = shortened("digits-tanh-20", steps=2, batch_size=None)
    trainer = Trainer(experiment)
    expected = numpy_answers(trainer, experiment, *load_parts(experiment).training)[1]
    assert trainer.advance(1).evaluations.accuracy[0] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_measuring_changes_no_bit_of_the_training(precision: str):
    experiment = spirals(precision=precision)
    measured, plain = Trainer(experiment).advance(300), Trainer(experiment, evaluates=False).advance(300)
    assert (plain.evaluations.steps.tolist(), plain.evaluations.has_answers) == ([0, 299], False)
    np.testing.assert_array_equal(measured.loss, plain.loss)
    np.testing.assert_array_equal(measured.log10_norm("weight"), plain.log10_norm("weight"))


@given(st.lists(st.integers(1, 15), max_size=6))
def test_measurements_do_not_depend_on_how_the_steps_are_split(asked: list[int]):
    one, other = driven(spirals(100), 99), driven(spirals(100), *asked, 99)
    for ours, theirs in zip(one.evaluations.columns, other.evaluations.columns, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_steps_grow_by_halves_until_the_interval_then_follow_it_and_end_with_the_last():
    trainer = Trainer(spirals(3000))
    interval = trainer.evaluation_interval
    early = [step for k in range(30) for step in (2**k, 3 * 2**k) if step < interval]
    expected = sorted({*early, *range(0, 3000, interval), 2999})
    assert trainer.advance(3000).evaluations.steps.tolist() == expected


def test_a_regression_has_no_accuracy_and_a_list_of_examples_is_not_measured():
    assert not Trainer(shortened("mazur", steps=20)).advance(20).evaluations.has_answers
    experiment = classifier(Digits(count=40), [64, 10], "mse", training=Training(steps=3))
    evaluations = Trainer(experiment).advance(3).evaluations
    assert np.isnan(evaluations.held_out_loss).all()
    assert np.isnan(evaluations.held_out_accuracy).all()
    assert not np.isnan(evaluations.accuracy).any()
    assert not evaluations.has_held_out


def test_gradient_at_the_input_is_that_of_the_step_whether_it_has_a_row_or_not():
    recording = Recording(when=EveryNth(n=7))
    experiment = msgspec.structs.replace(shortened("mazur", steps=20), recording=recording)
    trainer, whole = Trainer(experiment), Trainer(experiment).advance(20)
    assert set(whole.evaluations.steps.tolist()) - set(whole.step_numbers.tolist())
    for number, step in enumerate(whole.evaluations.steps.astype(int).tolist()):
        trainer.advance(step - trainer.steps)
        expected = gradient(experiment, trainer.parameters)
        # the same sums in float64, in another order
        assert whole.evaluations.log10_input_norm[number] == pytest.approx(expected.log10_input_norm, abs=1e-13)
        first = whole.evaluations.log10_first_norm[number]
        assert step == 19 or first == pytest.approx(expected.log10_state_norm[0], abs=1e-13)


def test_inputs_of_a_recurrent_network_come_at_every_step_and_have_no_gradient_of_their_own():
    found = Trainer(shortened("copy-gru", steps=2)).advance(2).evaluations
    assert found.count == 2
    assert np.isnan(found.log10_input_norm).all()
    assert np.isnan(found.first_factors).all()


def test_an_exploding_run_ends_as_before_with_what_was_measured():
    training = Training(optimiser=Sgd(learning_rate=1e9), steps=100, held_out=0.2)
    history = Trainer(classifier(Digits(count=50), [64, 10], "mse", training=training)).advance(100)
    assert history.outcome == RunOutcome.NON_FINITE
    assert history.evaluations.count > 0
    assert (history.evaluations.steps < history.steps_made).all()


@pytest.mark.parametrize("name", ["xor", "circles", "spirals"])
def test_the_bundled_planar_networks_learn_their_task(name: str):
    experiment = example(name)
    history = Trainer(experiment).advance(experiment.training.steps)
    last = history.evaluations
    assert last.accuracy[-1] >= 0.96
    assert name == "xor" or last.held_out_accuracy[-1] >= 0.96
    assert history.loss[-1] < 0.1 * history.loss[0]


def test_an_answer_is_right_at_the_largest_target_or_on_the_same_side_of_one_half():
    one_hot = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert right_share(np.array([[3.0, 1.0, 2.0], [0.3, 0.4, 0.2]]), one_hot) == 0.5
    assert right_share(np.array([[0.4], [0.6], [0.4]]), np.array([[0.0], [1.0], [1.0]])) == pytest.approx(2 / 3)
    assert right_share(np.array([[np.nan], [0.1]]), np.array([[0.0], [0.0]])) == 0.5


def test_what_is_held_out_cannot_change_the_training(tmp_path):
    def losses(spoilt: float) -> np.ndarray:
        rows = np.random.default_rng(0).standard_normal((40, 2))
        rows[split(40, 10, 0)[1]] *= spoilt
        lines = [f"{x!r},{y!r},{int(n % 3 == 0)}" for n, (x, y) in enumerate(rows.tolist())]
        (tmp_path / "t.csv").write_text("\n".join(["x,y,k", *lines]))
        task = CsvTable(path=str(tmp_path / "t.csv"), inputs=("x", "y"), target=("k",))
        return Trainer(classifier(task, [2, 4, 1], "bce", training=Training(steps=9, held_out=0.25))).advance(9).loss

    np.testing.assert_array_equal(losses(1.0), losses(1e6))


def test_assessment_is_of_all_examples_without_dropout_and_leaves_the_run_as_it_was():
    layers = (DenseLayer(width=8, activation="tanh", dropout=0.5), DenseLayer(width=10, activation="identity"))
    task, network = Digits(count=50), FeedForward(inputs=64, layers=layers)
    training = Training(batch_size=10, steps=20)
    experiment = classifier(task, [64, 8, 10], "softmax-cross-entropy", network=network, training=training)
    trainer, undisturbed = Trainer(experiment), Trainer(experiment)
    trainer.advance(10)
    loss, right = trainer.assess()
    assert trainer.assess() == (loss, right)
    expected = gradient(experiment, trainer.parameters)
    assert loss == pytest.approx(expected.loss, rel=1e-12)
    assert round(50 * right) == pytest.approx(50 * right)
    trainer.advance(10)
    undisturbed.advance(20)
    assert all((a == b).all() for a, b in zip(trainer.parameters.weights, undisturbed.parameters.weights, strict=True))
