"""Measures how long the window needs to follow a number that is dragged, in a network of 100 weights."""

import statistics
import time
from collections.abc import Callable, Iterator

from vgdesk.bench.figure import Figure
from vgdesk.present.derivation_views import ledger_sheet
from vgdesk.present.diagram import diagram_scene
from vgdesk.present.live import LiveTeller
from vgdesk.present.profile import profile_scene
from vgdesk.present.sheet import equation_sheet, equation_sheet_beside
from vgdesk.records.derivation_views import Ledger
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples

CHANGES = 60
_INPUTS, _HIDDEN = 8, (8, 4, 1)
"""8·8 + 8·4 + 4·1 = 100 weights."""


def hundred_weights() -> Experiment:
    """Returns a tanh network with exactly 100 weights and one example."""
    layers = (*(DenseLayer(width=width, activation="tanh") for width in _HIDDEN[:-1]), DenseLayer(width=1))
    return Experiment(
        name="hundred-weights",
        title="8-8-4-1",
        network=FeedForward(inputs=_INPUTS, layers=layers),
        task=Examples(inputs=(tuple(0.1 * number for number in range(1, _INPUTS + 1)),), targets=((0.5,),)),
        loss="half-mse-sum",
    )


def what_if_figures() -> Iterator[Figure]:
    """Yields the medians: the arithmetic alone, with everything that is told of it, with the scenes to be drawn."""
    from vgdesk.study.what_if import derive_changed, live

    experiment = hundred_weights()
    exact, found = derive_changed(experiment, "w1", {})[0], live(experiment, "w1")
    run, teller, sheet = found.program.runner(), LiveTeller(found), equation_sheet(exact)
    given = [number.value for number in found.numbers]

    def tell(value: float) -> None:
        moment = teller.tell({"w1": value}, exact)
        teller.view("ledger", moment)

    def draw(value: float) -> None:
        moment = teller.tell({"w1": value}, exact)
        diagram_scene(experiment, moment.derivation)
        equation_sheet_beside(moment.derivation, sheet)
        if isinstance(ledger := teller.view("ledger", moment), Ledger):
            ledger_sheet(ledger)
        if moment.profile is not None:
            profile_scene(moment.profile, experiment.title, "symbolic")

    title = f"what-if, 100 weights: {len(found.program.instructions):,} operations"
    yield Figure(title, _milliseconds(lambda _: run(given)), "ms", decimals=2)
    yield Figure("what-if, 100 weights: derivation, ledger, profile", _milliseconds(tell), "ms", decimals=2)
    yield Figure("what-if, 100 weights: the same with all scenes", _milliseconds(draw), "ms", 16, decimals=2)


def _milliseconds(follow: Callable[[float], object]) -> float:
    """Returns the median time of following one change."""
    times: list[float] = []
    for number in range(CHANGES):
        begin = time.perf_counter()
        follow(0.3 + number / 1000)
        times.append(time.perf_counter() - begin)
    return 1e3 * statistics.median(times)
