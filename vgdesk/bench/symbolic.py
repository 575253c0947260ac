"""How long the derivation of small networks takes, for `vgdesk bench --symbolic`.

Timed is what every view, check and profile starts from: writing the network as named lines and walking back from the
loss, which gives the gradients of *all* its parameters as expressions (`vgdesk.symbolic.shared.unfold`). Before each
run SymPy's memory is emptied, so each is a network that was never seen; the figure is the median. Below it stands what
the window waits for when a weight is chosen: the same, evaluated with 60 digits and told step by step.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vgdesk.bench.figure import Figure
from vgdesk.records.learned_names import learned_names
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Recurrent, VanillaCell
from vgdesk.spec.sequences import AddingProblem
from vgdesk.spec.task import Examples
from vgdesk.study.derive import derive
from vgdesk.symbolic.cost import forget_expressions, operations_per_parameter
from vgdesk.symbolic.shared import unfold

RUNS = 7
MOST_OPERATIONS = 5.0
_RECURRENT_WIDTH = 4


@dataclass(frozen=True)
class Derived:
    """Is one network to derive, and within how many milliseconds.

    `most_operations` is the number of operations per parameter asked for, None where nothing is.
    """

    name: str
    experiment: Experiment
    most_ms: float
    most_operations: float | None = None


def _dense(*widths: int) -> Experiment:
    """Returns tanh layers of these widths, the inputs first, on one example."""
    layers = tuple(DenseLayer(width=width, activation="tanh") for width in widths[1:])
    task = Examples(inputs=((0.5,) * widths[0],), targets=((0.25,) * widths[-1],))
    return Experiment(name="derived", title="derived", network=FeedForward(inputs=widths[0], layers=layers), task=task)


def _recurrent(steps: int) -> Experiment:
    cell = Recurrent(inputs=2, steps=steps, width=_RECURRENT_WIDTH, outputs=1, cell=VanillaCell())
    return Experiment(name="derived", title="derived", network=cell, task=AddingProblem(length=steps, count=1))


NETWORKS = (
    Derived("4-4-4-1 tanh", _dense(4, 4, 4, 1), 20.0, MOST_OPERATIONS),
    Derived("8-8-8-1 tanh", _dense(8, 8, 8, 1), 60.0),
    Derived("chain of 50 tanh", _dense(*(1,) * 51), 50.0),
    Derived(f"RNN of {_RECURRENT_WIDTH} units, T = 6", _recurrent(6), 100.0),
)


def symbolic_figures(networks: Sequence[Derived] = NETWORKS, runs: int = RUNS) -> Iterator[Figure]:
    """Yields, for each network, the time of its derivation, its operations, and the time until it is told."""
    for network in networks:
        yield from _figures(network, runs)


def _figures(network: Derived, runs: int) -> Iterator[Figure]:
    experiment, name = network.experiment, network.name
    names = learned_names(experiment.network)
    found = _median_ms(lambda: unfold(experiment), runs)
    yield Figure(f"{name}: all {len(names)} gradients derived", found, "ms", network.most_ms, of=name)
    found = operations_per_parameter(unfold(experiment))
    yield Figure("  operations per parameter", found, "", network.most_operations, decimals=2, of=name)
    found = _median_ms(lambda: derive(experiment, names[0]), runs)
    yield Figure(f"  evaluated, and told for {names[0]}", found, "ms", of=name)


def _median_ms(work: Callable[[], object], runs: int) -> float:
    """Returns the median of some runs after one that imports what is needed."""
    work()
    return 1000 * statistics.median(_duration(work) for _ in range(runs))


def _duration(work: Callable[[], object]) -> float:
    forget_expressions()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
