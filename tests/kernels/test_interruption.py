"""Kernels at work leave off within a step, and what they had reached by then is whole."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import numba
import numpy as np
import pytest

from vgdesk.kernels import interruption, late_binding
from vgdesk.kernels.assembly import TRAINING
from vgdesk.kernels.lent import Lent
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.kernels.trained import build_trained
from vgdesk.kernels.update import total_square, update
from vgdesk.records.history import RunOutcome
from vgdesk.spec.library import example
from vgdesk.spec.optimiser import OPTIMISERS, Optimiser
from vgdesk.training.loop import Trainer

EXAMPLES = ("digits-tanh-20", "digits-resnet-50", "digits-rnn-rows", "adding-lstm-200", "copy-gru")


@pytest.fixture(autouse=True)
def _no_word_stays():
    yield
    interruption.resume()


def _trainer(name: str, optimiser: Optimiser | None = None) -> Trainer:
    experiment = example(name)
    training = msgspec.structs.replace(experiment.training, optimiser=optimiser or experiment.training.optimiser)
    return Trainer(msgspec.structs.replace(experiment, training=training), evaluates=False)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_interrupted_kernel_makes_no_step_and_goes_on_with_the_same_bits(name):
    interrupted, undisturbed = _trainer(name), _trainer(name)
    interrupted.advance(2)
    undisturbed.advance(2)
    interruption.interrupt()
    assert interrupted.advance(5).rows == 0
    assert interrupted.steps == 2
    interruption.resume()
    if name != "digits-resnet-50":  # the running moments of batch normalisation may be a step ahead; the rest is not
        np.testing.assert_array_equal(interrupted.advance(3).loss, undisturbed.advance(3).loss)
    for left, right in zip(interrupted.parameters.weights, undisturbed.parameters.weights, strict=True):
        np.testing.assert_array_equal(left, right)


@contextmanager
def word_at_function(number: int) -> Iterator[list[int]]:
    """Gives the word when kernels look for that one of the functions they share; yields how many they looked for.

    All cells are emptied before, so that each function is asked for once more, where it is called first.
    """
    asked, known = [0], dict(late_binding._finders)

    def watched(finder: late_binding.Finder) -> late_binding.Finder:
        def find() -> int:
            if asked[0] == number:
                interruption.interrupt()
            asked[0] += 1
            return finder()

        return find

    for cells in late_binding._memory:
        ctypes.memset(cells, 0, ctypes.sizeof(cells))
    late_binding._finders.update({cell: watched(finder) for cell, finder in known.items()})
    try:
        yield asked
    finally:
        late_binding._finders.update(known)
        interruption.resume()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_word_may_come_while_any_function_is_at_work(name):
    undisturbed = _trainer(name)
    whole = undisturbed.advance(3)
    trainer = _trainer(name)
    with word_at_function(-1) as asked:
        trainer.advance(3)
    assert asked[0] > 5
    for number in range(asked[0]):
        trainer = _trainer(name)
        with word_at_function(number):
            part = trainer.advance(2)
        assert part.outcome is RunOutcome.RUNNING
        np.testing.assert_array_equal(part.loss, whole.loss[: part.rows])
        if name != "digits-resnet-50":  # as above
            trainer.advance(3 - trainer.steps)
            for left, right in zip(trainer.parameters.weights, undisturbed.parameters.weights, strict=True):
                np.testing.assert_array_equal(left, right)


def test_a_long_call_ends_in_the_middle_with_the_rows_it_has_made():
    trainer = _trainer("digits-tanh-20")
    steps = trainer.remaining
    word = threading.Timer(0.02, interruption.interrupt)
    word.start()
    history = trainer.advance(steps)
    while not interruption.is_interrupted() and trainer.remaining:
        history = trainer.advance(steps)
    word.join()
    assert trainer.steps == history.steps_made


def test_the_kernel_looks_before_it_computes_a_layer():
    trainer = _trainer("digits-tanh-20")
    activation = trainer._kernel._room.work.activation
    activation[:] = 7.0
    interruption.interrupt()
    assert trainer.advance(1).rows == 0
    assert (activation == 7.0).all()


@numba.njit
def run_update(rule, cap, rate, trained):
    """Calls the kernels from Python."""
    square, exponent = total_square(trained)
    return update(rule, cap, rate, trained, square, exponent)


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("name", ["digits-tanh-20", "adding-lstm-200"])
def test_an_update_that_was_left_off_is_made_whole_before_the_parameters_are_seen(name, rule):
    whole, left_off = (_trainer(name, OPTIMISERS[rule]) for _ in range(2))
    whole.advance(1)
    kernel, rate = left_off._kernel, left_off._experiment.training.optimiser.learning_rate
    _gradient_of_first_step(left_off)
    before = kernel._assembly.trained.parameters.copy()
    interruption.interrupt()
    lent = Lent(kernel._assembly.trained)
    run_update(kernel._assembly._lent_rule, kernel.cap, rate, lent)
    np.testing.assert_array_equal(kernel._assembly.trained.parameters, before)
    for left, right in zip(left_off.parameters.weights, whole.parameters.weights, strict=True):
        np.testing.assert_array_equal(left, right)


def _gradient_of_first_step(trainer: Trainer) -> None:
    """Leaves the gradient of the first step where an update finds it."""
    kernel, rows = trainer._kernel, trainer._order.take(1)
    given = kernel._inputs, kernel._targets, rows
    if hasattr(kernel, "_room"):
        kernel._assembly.run(kernel._room, TRAINING, *given)
    else:
        kernel._assembly.run(kernel._place, *given)


def test_what_is_measured_while_kernels_leave_off_is_not_recorded():
    trainer = Trainer(example("digits-tanh-20"))
    interruption.interrupt()
    history = trainer.advance(1)
    assert history.rows == 0
    assert history.evaluations.count == 0


def test_copying_large_parameters_is_left_off_but_types_of_small_ones_are_always_told():
    interruption.interrupt()
    build_trained(PLAIN_DESCENT, [[np.zeros(1)]], np.dtype(np.float32))
    with pytest.raises(interruption.LeftOffError):
        build_trained(PLAIN_DESCENT, [[np.zeros(100_000)]], np.dtype(np.float32))
