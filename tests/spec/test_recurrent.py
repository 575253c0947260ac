"""Recurrent networks and their tasks fit each other, or one sentence says what does not."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.builders import classifier, reader
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.initialisation import Explicit, Identity, Orthogonal
from vgdesk.spec.pretraining import LayerWise
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.recording import EveryNth, Histogram, LogSpaced, Recording, What
from vgdesk.spec.recurrent import Gru, Lstm, Recurrent, VanillaCell
from vgdesk.spec.sequences import AddingProblem, CopyMemory, SequenceExamples, TemporalOrder
from vgdesk.spec.task import Digits, has_classes, task_shape
from vgdesk.spec.training import Training

LISTED = SequenceExamples(inputs=(((0.0,), (1.0,)),), targets=(((2.0,),),))
TASKS = (
    AddingProblem(length=6),
    CopyMemory(delay=3, length=2),
    TemporalOrder(length=20),
    LISTED,
    Digits(arrangement="rows"),
    Digits(arrangement="pixels"),
)
CELLS = (VanillaCell(activation="relu"), Lstm(forget_bias=3.0), Gru(), Gru(reset="before"))
NO_NUMBERS = Explicit(weights=(), biases=())


def with_network(experiment: Experiment, **fields: Any) -> Experiment:
    """Returns the experiment with fields of its network replaced."""
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, **fields))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_json_gives_back_every_cell_and_task(task: Any, cell: Any):
    recording = Recording(
        what=What(quantities=("lag",), histogram=Histogram(bins=3)),
        when=LogSpaced() if task == LISTED else EveryNth(n=7),
    )
    experiment = reader(task, cell, recording=recording)
    experiment = with_network(experiment, recurrent_initialisation=Orthogonal(gain=2.0))
    assert experiment_from_json(experiment_to_json(experiment)) == experiment


@pytest.mark.parametrize(("cell", "gates"), list(zip(CELLS, (1, 4, 3, 3), strict=True)))
def test_cell_tells_its_gates(cell: Any, gates: int):
    network = Recurrent(inputs=1, steps=2, width=3, outputs=1, cell=cell)
    assert network.gates == gates
    assert network.has_second_bias == (cell == Gru())


@pytest.mark.parametrize(
    ("task", "shape"),
    [
        (AddingProblem(length=6, count=5), (5, 2, 1, 6, 1)),
        (CopyMemory(delay=3, length=2, symbols=4, count=5), (5, 6, 4, 7, 2)),
        (TemporalOrder(length=20, count=5), (5, 8, 4, 20, 1)),
        (LISTED, (1, 1, 1, 2, 1)),
        (Digits(arrangement="rows"), (1797, 8, 10, 8, 1)),
        (Digits(arrangement="pixels"), (1797, 1, 10, 64, 1)),
    ],
)
def test_shape_counts_time_steps_and_those_that_have_a_target(task: Any, shape: tuple):
    assert task_shape(task) == shape


def test_sums_and_listed_numbers_are_no_classes():
    assert [has_classes(task) for task in TASKS] == [False, True, True, False, True, True]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: VanillaCell(activation="prelu"), "z/(1 + exp(-z))'; got 'prelu'"),
        (lambda: VanillaCell(activation="celu(2000)"), "alpha of activation celu(2000) must be a finite number"),
        (lambda: Lstm(forget_bias=1e3), "forget_bias must be a finite number from -100 to 100, got 1000.0"),
        (lambda: Gru(reset="never"), "reset must be one of after, before; got 'never'"),
        (lambda: Recurrent(inputs=0, steps=1, width=1, outputs=1), "inputs must be an integer from 1 to 4096, got 0"),
        (
            lambda: Recurrent(inputs=1, steps=1001, width=1, outputs=1),
            "steps of the network must be an integer from 1 to 1000, got 1001",
        ),
        (lambda: Recurrent(inputs=1, steps=1, width=0, outputs=1), "width must be an integer from 1 to 4096, got 0"),
        (lambda: Recurrent(inputs=1, steps=1, width=1, outputs=0), "outputs must be an integer from 1 to 4096, got 0"),
        (
            lambda: Recurrent(inputs=1, steps=3, width=1, outputs=1, output_steps=4),
            "output_steps must be an integer from 1 to 3, got 4",
        ),
        (
            lambda: Recurrent(inputs=1, steps=1, width=1, outputs=1, output_activation="prelu"),
            "output_activation must be one of",
        ),
        (
            lambda: Recurrent(inputs=1, steps=1, width=1, outputs=1, recurrent_initialisation=NO_NUMBERS),
            "recurrent_initialisation must be a rule, not given numbers",
        ),
    ],
)
def test_impossible_network_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: AddingProblem(length=1), "length must be an integer from 2 to 1000, got 1"),
        (lambda: AddingProblem(count=0), "count must be an integer from 1 to 100000, got 0"),
        (lambda: CopyMemory(delay=0), "delay must be an integer from 1 to 1000, got 0"),
        (lambda: CopyMemory(symbols=1), "symbols must be an integer from 2 to 100, got 1"),
        (lambda: CopyMemory(delay=999, length=1), "delay + 2 length must be at most 1000, got 1001"),
        (
            lambda: CopyMemory(delay=990, symbols=98, count=501),
            "count must be at most 500 for 1,000 time steps of 100 inputs, got 501",
        ),
        (
            lambda: AddingProblem(length=1000, count=25_001),
            "count must be at most 25,000 for 1,000 time steps of 2 inputs, got 25,001",
        ),
        (
            lambda: TemporalOrder(length=1000, count=6251),
            "count must be at most 6,250 for 1,000 time steps of 8 inputs, got 6,251",
        ),
        (lambda: TemporalOrder(length=9), "length must be an integer from 10 to 1000, got 9"),
        (
            lambda: SequenceExamples(inputs=(((0.0,),),), targets=()),
            "targets must hold 1 sequences like inputs, got 0",
        ),
        (
            lambda: SequenceExamples(inputs=((),), targets=(((0.0,),),)),
            "sequence 1 of inputs must hold at least one time step and one number",
        ),
        (
            lambda: SequenceExamples(inputs=(((0.0,),), ((0.0,), (1.0,))), targets=(((0.0,),),) * 2),
            "sequence 2 of inputs must hold 1 time steps like the first, got 2",
        ),
        (
            lambda: SequenceExamples(inputs=(((0.0,), (0.0, 1.0)),), targets=(((0.0,),),)),
            "step 2 of sequence 1 of inputs must hold 1 numbers, got 2",
        ),
        (lambda: Digits(arrangement="spiral"), "arrangement must be one of flat, rows, pixels; got 'spiral'"),
    ],
)
def test_impossible_task_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: classifier(TASKS[0], [2, 1], "mse"), "network must be recurrent, because the task is sequences"),
        (lambda: reader(Digits(), width=2), "task must be sequences, because the network is recurrent"),
        (lambda: with_network(reader(TASKS[0]), steps=7), "steps of the network must equal the task's 6, got 7"),
        (
            lambda: with_network(reader(TASKS[0]), output_steps=2),
            "output_steps of the network must equal the task's 1, got 2",
        ),
        (lambda: with_network(reader(TASKS[0]), inputs=1), "inputs of the network must equal the task's 2, got 1"),
        (lambda: with_network(reader(TASKS[0]), outputs=2), "width of the output layer must equal the task's 1, got 2"),
        (lambda: reader(LISTED, loss="bce"), "targets must lie in [0, 1] with loss bce, got [2.0]"),
        (lambda: reader(TASKS[0], loss="bce"), "loss must be mse or half-mse-sum for the adding problem, got bce"),
        (
            lambda: reader(LISTED, initialisation=NO_NUMBERS),
            "initialisation of a recurrent network must be a rule, not given numbers",
        ),
        (
            lambda: reader(LISTED, training=Training(pretraining=LayerWise())),
            "pretraining must be absent for a recurrent network; it goes layer by layer",
        ),
        (
            lambda: reader(LISTED, recording=Recording(what=What(quantities=("cell",)))),
            "quantities must exist in this network; cell does not (RNN)",
        ),
        (
            lambda: reader(LISTED).feed_forward,
            "test has a recurrent network; this exists for feed-forward networks only",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cell": {"kind": "elman"}}, "network.cell.kind must be one of rnn, lstm, gru; got 'elman'"),
        (
            {"cell": {"kind": "gru", "forget_bias": 1}},
            "network.cell: unknown field 'forget_bias'; allowed are kind, reset",
        ),
        ({"layers": []}, "network: unknown field 'layers'; allowed are kind, inputs, steps, width, outputs, cell"),
        (
            {"recurrent_initialisation": {"kind": "eye"}},
            "network.recurrent_initialisation.kind must be one of glorot, he",
        ),
    ],
)
def test_file_that_misnames_a_part_hears_what_is_allowed(change: dict[str, Any], sentence: str):
    raw = json.loads(experiment_to_json(with_network(reader(LISTED), recurrent_initialisation=Identity())))
    with pytest.raises(SpecError) as caught:
        experiment_from_json(json.dumps({**raw, "network": {**raw["network"], **change}}), "mine.json")
    assert sentence in str(caught.value)
