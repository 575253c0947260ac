"""Runs of other networks than plain layers in the other process: compiled with a word, pre-trained, cancelled."""

import msgspec
import pytest

from tests.engine.test_training import trained_in_place
from tests.engine.waiting import poll_until, rows, same_bits, wait_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import Compiling, RunFinished, RunPreparing
from vgdesk.records.history import RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.pretraining import LayerWise


def short(name: str, steps: int, pretraining: LayerWise | None = None) -> Experiment:
    experiment = example(name)
    training = msgspec.structs.replace(experiment.training, steps=steps, pretraining=pretraining)
    return msgspec.structs.replace(experiment, training=training)


@pytest.mark.parametrize("name", ["digits-rnn-rows", "copy-gru", "digits-resnet-50"])
def test_rows_of_every_kind_of_network_arrive_bit_for_bit(engine: Engine, name: str) -> None:
    engine.train(short(name, 30), speed=None)
    events = poll_until(engine, RunFinished)
    assert same_bits(rows(events), trained_in_place(short(name, 30)))


def wait_for_usual_kernels(engine: Engine) -> None:
    """Waits until what is compiled before anybody asks is there."""
    ready = [False]

    def is_ready() -> bool:
        ready[0] |= any(isinstance(event, Compiling) and event.fraction == 1.0 for event in engine.poll())
        return ready[0]

    wait_until(is_ready, "the usual kernels were not compiled")


def test_a_family_is_compiled_with_a_word_once(fresh_engine: Engine) -> None:
    wait_for_usual_kernels(fresh_engine)
    words = []
    for name in ("digits-rnn-rows", "digits-tanh-20", "digits-rnn-rows"):
        fresh_engine.train(short(name, 3), speed=None)
        events = poll_until(fresh_engine, RunFinished)
        words.append([event.text for event in events if isinstance(event, Compiling)])
    assert words == [["compiling kernels of recurrent networks in float32", "kernels ready"], [], []]


def test_pretraining_tells_its_layers_and_changes_the_start(engine: Engine) -> None:
    experiment = short("digits-pretrained-sigmoid-10", 5, LayerWise(steps=30, learning_rate=1.0))
    engine.train(experiment, speed=None)
    events = poll_until(engine, RunFinished)
    told = [event.text for event in events if isinstance(event, RunPreparing)]
    assert told[0] == "pre-training layer 1 of 9"
    assert told[-1] == ""
    assert same_bits(rows(events), trained_in_place(experiment))


def test_pretraining_can_be_stopped(engine: Engine) -> None:
    engine.train(short("digits-pretrained-sigmoid-10", 5, LayerWise(steps=1_000_000, learning_rate=1.0)), speed=None)
    poll_until(engine, RunPreparing)
    engine.stop()
    finished = [event for event in poll_until(engine, RunFinished) if isinstance(event, RunFinished)]
    assert finished[-1].outcome is RunOutcome.CANCELLED
