"""Claims about recurrent networks: the same weights again and again, gated cells, and the rule of the eigenvalues.

A *reach* is log10 (|dL/dh_1| / |dL/dh_{T-1}|): what is left after T steps of the gradient near the end. (h_T itself is
left out.) Of an LSTM the gradient travels in the cell, and |dL/dc| stands for |dL/dh|.
"""

import math
from typing import Any

import numpy as np

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Initialisation, Orthogonal, ScaledGaussian, TorchDefault
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Cell, Gru, Lstm, Recurrent, VanillaCell
from vgdesk.spec.sequences import SequenceExamples
from vgdesk.spec.task import Examples
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import at_start, span_of
from vgdesk.theory.eigenvalue_rule import counterexample

CELL_STEPS, RULE_STEPS, PRODUCT_STEPS = 100, 50, 50
DRAWS = 12
"""Random networks per seed whose gradients are compared."""
SEQUENCES = 4


def through_time(
    cell: Cell,
    steps: int,
    seed: int,
    start: Initialisation,
    recurrent: Initialisation | None = None,
    *,
    width: int = 32,
    inputs: float = 1.0,
) -> Experiment:
    """Returns a reader of noise: each input is N(0, inputs^2), the answer is asked for at the last step.

    With 0 the first step alone has an input, of deviation 1: it gives h_1 a value, and the network is left to itself.
    """
    generator = np.random.default_rng([seed, steps])
    x = generator.normal(size=(SEQUENCES, steps, 2))
    x[:, 1:] *= inputs
    y = generator.normal(size=(SEQUENCES, 1, 1))
    return Experiment(
        name="claim",
        title="Recurrent network of a claim",
        network=Recurrent(inputs=2, steps=steps, width=width, outputs=1, cell=cell, recurrent_initialisation=recurrent),
        task=SequenceExamples(inputs=_tuples(x), targets=_tuples(y)),
        initialisation=start,
        seed=seed,
    )


def _tuples(array: np.ndarray) -> Any:
    return tuple(tuple(tuple(map(float, row)) for row in sequence) for sequence in array)


def reach_of(experiment: Experiment) -> float:
    """Returns the reach before any update."""
    found = at_start(experiment)
    if found.cells:
        return math.log10(float(np.linalg.norm(found.cells[0]) / np.linalg.norm(found.cells[-2])))
    return float(found.log10_state_norm[0] - found.log10_state_norm[-2])


def independent(seed: int, start: Initialisation) -> Experiment:
    """Returns as many linear layers as there are time steps, each with a matrix of its own, and one answer."""
    generator = np.random.default_rng([seed, PRODUCT_STEPS])
    hidden, output = (DenseLayer(width=width, activation="identity") for width in (64, 1))
    x, y = generator.normal(size=(SEQUENCES, 64)), generator.normal(size=(SEQUENCES, 1))
    return Experiment(
        name="claim",
        title="Feed-forward network of a claim",
        network=FeedForward(inputs=64, layers=(*(hidden,) * PRODUCT_STEPS, output)),
        task=Examples(inputs=tuple(map(tuple, x.tolist())), targets=tuple(map(tuple, y.tolist()))),
        initialisation=start,
        seed=seed,
    )


def _shared(seed: int) -> Numbers:
    one = ScaledGaussian(sigma_w=1.0)
    shared, apart = [], []
    for draw in range(DRAWS):
        number = seed * DRAWS + draw
        shared.append(reach_of(through_time(VanillaCell("identity"), PRODUCT_STEPS, number, one, width=64)))
        apart.append(span_of(independent(number, one)))
    return {
        "ratio": float(np.std(shared) / np.std(apart)),
        "spread_shared": float(np.std(shared)),
        "spread_independent": float(np.std(apart)),
        "mean_shared": float(np.mean(shared)),
        "mean_independent": float(np.mean(apart)),
    }


CELLS: dict[str, Cell] = {
    "lstm_5": Lstm(forget_bias=5.0),
    "lstm_3": Lstm(forget_bias=3.0),
    "lstm_1": Lstm(forget_bias=1.0),
    "lstm_0": Lstm(forget_bias=0.0),
    "gru": Gru(),
    "rnn": VanillaCell(),
}


def cell_start(name: str, seed: int) -> Experiment:
    """Returns a cell of `CELLS` as frameworks start it, with a hundred steps of noise to read."""
    # frameworks draw W_ih like W_hh, by the width; here its fan-in is 2 and the inputs are made smaller instead
    return through_time(CELLS[name], CELL_STEPS, seed, TorchDefault(), inputs=math.sqrt(2 / 32))


def rule_start(radius: float, inputs: float, seed: int) -> Experiment:
    """Returns a tanh network whose orthogonal matrix has this radius, and inputs of this deviation."""
    start = ScaledGaussian(sigma_w=math.sqrt(2.0))
    return through_time(VanillaCell("tanh"), RULE_STEPS, seed, start, Orthogonal(gain=radius), inputs=inputs)


def _cells(seed: int) -> Numbers:
    return {name: reach_of(cell_start(name, seed)) for name in CELLS}


def _rule(seed: int) -> Numbers:
    numbers = {"eigenvalue_zero": float(counterexample().log10_norm[-1])}
    for radius in (0.8, 1.2):
        for inputs in (0.0, 1.0):
            numbers[f"radius{radius:g}_input{inputs:g}"] = reach_of(rule_start(radius, inputs, seed))
    return numbers


TESTS = (
    ClaimTest(
        19,
        _shared,
        (
            Gauge("ratio", "spread of the log gradient, shared over independent matrices", at_least=1.5),
            Gauge("spread_shared", "standard deviation of log10, one matrix 50 times"),
            Gauge("spread_independent", "standard deviation of log10, 50 matrices"),
            Gauge("mean_shared", "mean of log10, one matrix 50 times"),
            Gauge("mean_independent", "mean of log10, 50 matrices"),
        ),
        weight=1.0,
    ),
    ClaimTest(
        24,
        _cells,
        (
            Gauge("lstm_5", "LSTM, forget bias 5: left after 100 steps", "log10", at_least=-2.0),
            Gauge("lstm_3", "LSTM, forget bias 3: left after 100 steps", "log10", at_least=-2.0),
            Gauge("lstm_1", "LSTM, forget bias 1: left after 100 steps", "log10", at_least=-2.0),
            Gauge("lstm_0", "LSTM, forget bias 0: left after 100 steps", "log10", at_least=-2.0),
            Gauge("gru", "GRU as frameworks start it: left after 100 steps", "log10", at_least=-2.0),
            Gauge("rnn", "plain RNN: left after 100 steps", "log10"),
        ),
    ),
    ClaimTest(
        31,
        _rule,
        (
            Gauge("radius1.2_input1", "spectral radius 1.2, with inputs: left after 50 steps", "log10", at_least=1.0),
            Gauge("eigenvalue_zero", "all eigenvalues 0: left after 40 steps", "log10", at_most=-1.0),
            Gauge("radius0.8_input0", "spectral radius 0.8, no input after the first: left after 50 steps", "log10"),
            Gauge("radius0.8_input1", "spectral radius 0.8, with inputs: left after 50 steps", "log10"),
            Gauge("radius1.2_input0", "spectral radius 1.2, no input after the first: left after 50 steps", "log10"),
        ),
    ),
)
