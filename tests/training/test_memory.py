"""What a training takes is told before it begins, and what does not fit is refused with both numbers."""

import tracemalloc

import msgspec
import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.kernels import interruption
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.optimiser import OPTIMISERS
from vgdesk.spec.recording import QUANTITIES, Histogram, Recording, What
from vgdesk.spec.recurrent import Gru
from vgdesk.spec.vary import varied
from vgdesk.training import memory
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw

PLAIN = "digits-tanh-20"


def wide(width=1024, depth=200, **training):
    """Returns the plain example with other widths, in float32."""
    experiment = varied(varied(varied(example(PLAIN), "depth", depth), "width", width), "precision", "float32")
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, **training))


def arrays_of(room):
    """Returns how many numbers lie in the arrays of a batch."""
    return sum(array.size for array in room if isinstance(array, np.ndarray) and array.dtype == np.float64)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("digits")])
def test_the_count_of_parameters_is_that_of_the_draw(name):
    experiment = example(name)
    drawn = draw(experiment)
    arrays = (*drawn.weights, *drawn.biases, *drawn.others.values())
    assert memory.parameter_count(experiment) == sum(array.size for array in arrays)


def test_two_hundred_layers_of_a_thousand_units_take_two_and_a_half_gigabytes():
    assert memory.parameter_count(wide()) == pytest.approx(208e6, rel=0.01)
    assert memory.needed_bytes(wide(), 32) == pytest.approx(2.5e9, rel=0.02)


@pytest.mark.parametrize(("rule", "numbers"), [("sgd", 2), ("momentum", 3), ("adam", 4)])
def test_each_state_of_the_optimiser_takes_as_much_as_the_parameters(rule, numbers):
    experiment = wide(optimiser=OPTIMISERS[rule], precision="float64")
    parameters = memory.parameter_count(experiment)
    assert memory.needed_bytes(experiment, 0) == 8 * parameters * max(2, numbers)


@pytest.mark.parametrize("name", [PLAIN, "digits-resnet-50", "digits-bn-relu-20"])
def test_what_an_example_takes_is_what_the_kernel_allocates_for_it(name):
    trainer = Trainer(example(name), evaluates=False)
    room, batch = trainer._kernel._room, trainer._kernel._batch
    allocated = arrays_of(room.work) + (0 if room.options is None else arrays_of(room.options))
    assert memory._per_example(example(name)) * batch == pytest.approx(allocated, rel=0.2)


def owned(room):
    """Returns how many bytes the arrays of a room own together; several may lie in the same memory."""
    found = {}
    for array in room:
        while isinstance(array.base, np.ndarray):
            array = array.base
        found[id(array)] = array.nbytes
    return sum(found.values())


def of_sequences(name, reset="after", measured=False):
    """Returns a recurrent example with whatever can be measured, or nothing."""
    experiment = example(name)
    network, training = experiment.network, msgspec.structs.replace(experiment.training, precision="float32")
    if isinstance(network.cell, Gru):
        network = msgspec.structs.replace(network, cell=Gru(reset=reset))
    known = tuple(name for name, quantity in QUANTITIES.items() if network.cell_kind in quantity.networks)
    what = What(quantities=known if measured else (), histogram=Histogram() if measured else None)
    return msgspec.structs.replace(experiment, network=network, training=training, recording=Recording(what=what))


SEQUENCES = [("adding-rnn-200", "after"), ("adding-lstm-200", "after"), ("copy-gru", "after"), ("copy-gru", "before")]


@pytest.mark.parametrize(("name", "reset"), SEQUENCES)
def test_what_a_sequence_takes_is_what_the_kernel_allocates_for_it(name, reset):
    experiment = of_sequences(name, reset)
    kernel = Trainer(experiment, evaluates=False)._kernel
    assert 4 * memory._per_example(experiment) * kernel._batch == pytest.approx(owned(kernel._place.room), rel=0.2)


@pytest.mark.parametrize(("name", "reset"), SEQUENCES)
def test_what_is_told_to_measure_a_sequence_is_what_is_taken_at_the_peak(name, reset):
    experiment = of_sequences(name, reset, measured=True)
    Trainer(experiment, evaluates=False).advance(1)  # compiles and loads what it needs
    trainer = Trainer(experiment, evaluates=False)
    tracemalloc.start()
    try:
        trainer.advance(1)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert memory._bytes_to_measure(experiment, 4) * trainer._kernel._batch == pytest.approx(taken, rel=0.2)


def test_what_does_not_fit_is_refused_with_both_numbers(monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: 10**9)
    with pytest.raises(SpecError) as caught:
        draw(wide())
    assert "takes 2.5 GB of memory for 207,897,610 parameters" in str(caught.value)
    assert "parameters in float32 with Sgd, but only 1.0 GB are free" in str(caught.value)


def test_a_batch_that_does_not_fit_is_refused(monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: 10**9)
    experiment = varied(varied(example(PLAIN), "depth", 1000), "width", 64)
    with pytest.raises(SpecError, match="and a batch of 10,000, but only"):
        memory.require_memory(experiment, 10_000)


def test_no_machine_is_asked_for_a_small_network(monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: pytest.fail("was asked"))
    memory.require_memory(example(PLAIN), 1797)


def test_the_machine_tells_what_is_free():
    free = memory.available_bytes()
    assert free is None or free > 2**20


def test_the_limit_of_a_container_counts(monkeypatch, tmp_path):
    for name, text in (("max", "5000\n"), ("current", "3000\n"), ("stat", "anon 2500\ninactive_file 500\n")):
        (tmp_path / f"memory.{name}").write_text(text)
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    assert memory.available_bytes() == 2500
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available_bytes() != 2500


def test_a_network_of_any_size_can_be_described():
    layers = (DenseLayer(width=4096),) * 1000
    assert FeedForward(inputs=4096, layers=layers).depth == 1000


@pytest.mark.parametrize("begin", [draw, Trainer])
def test_a_draw_is_left_off_when_the_word_is_there(begin):
    interruption.interrupt()
    try:
        with pytest.raises(interruption.LeftOffError):
            begin(example(PLAIN))
    finally:
        interruption.resume()
