"""Kernels at work leave off within a step, and what they had reached by then is whole."""

import threading

import numpy as np
import pytest

from vgdesk.kernels import interruption
from vgdesk.spec.library import example
from vgdesk.training.loop import Trainer

EXAMPLES = ("digits-tanh-20", "digits-resnet-50", "digits-rnn-rows", "adding-lstm-200", "copy-gru")


@pytest.fixture(autouse=True)
def _no_word_stays():
    yield
    interruption.resume()


def _trainer(name: str) -> Trainer:
    return Trainer(example(name), evaluates=False)


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


def test_what_is_measured_while_kernels_leave_off_is_not_recorded():
    trainer = Trainer(example("digits-tanh-20"))
    interruption.interrupt()
    history = trainer.advance(1)
    assert history.rows == 0
    assert history.evaluations.count == 0
