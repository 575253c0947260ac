"""How fast theory answers: a prediction of 200 layers, and a phase diagram of 200 by 200.

Figures are medians of several calls after a first one, which fills the caches of moments on a grid; a phase diagram's
first call, which does that, is a row of its own. Inputs and targets are in memory, as in a window that redraws while a
number is being dragged.
"""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from vgdesk.bench.figure import Figure
from vgdesk.kernels.threads import one_blas_thread
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.layer import DenseLayer, Highway, Residual, Skip
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples
from vgdesk.theory.phase import phase_diagram
from vgdesk.theory.predict import predict_feed_forward

LAYERS, WIDTH, EXAMPLES = 200, 100, 32
POINTS = 200
_PREDICTIONS: tuple[tuple[str, Skip | None, str, int], ...] = (
    ("relu", None, "closed form", 20),
    ("tanh", None, "quadrature", 100),
    ("formula: z/(1+abs(z))", None, "own formula", 100),
    ("relu", Residual(), "closed form, residual", 20),
    ("tanh", Residual(), "quadrature, residual", 100),
    # of a gate's sigmoid there is no closed form
    ("relu", Highway(), "closed form, highway", 100),
    ("tanh", Highway(), "quadrature, highway", 100),
)


def deep_network(
    activation: str, layers: int = LAYERS, skip: Skip | None = None
) -> tuple[Experiment, np.ndarray, np.ndarray]:
    """Returns a deep network with the inputs and targets of its first step."""
    generator = np.random.default_rng(0)
    inputs, targets = generator.standard_normal((EXAMPLES, WIDTH)), generator.standard_normal((EXAMPLES, 10))
    hidden = (DenseLayer(width=WIDTH, activation=activation, skip=skip),) * (layers - 1)
    experiment = Experiment(
        name="bench",
        title="bench",
        network=FeedForward(inputs=WIDTH, layers=(*hidden, DenseLayer(width=10, activation="identity"))),
        task=Examples(inputs=tuple(map(tuple, inputs.tolist())), targets=tuple(map(tuple, targets.tolist()))),
        loss="mse",
        initialisation=ScaledGaussian(sigma_w=1.4, sigma_b=0.2),
    )
    return experiment, inputs, targets


def theory_figures(layers: int = LAYERS, points: int = POINTS, repeats: int = 7) -> Iterator[Figure]:
    """Yields the lines of `vgdesk bench --theory`."""
    with one_blas_thread():
        for activation, skip, kind, target in _PREDICTIONS:
            arguments = deep_network(activation, layers, skip)
            first, median = _seconds(lambda given=arguments: predict_feed_forward(*given), repeats)
            yield Figure(f"prediction, {layers} layers, {kind}", 1e3 * median, "ms", target)
        for activation in ("relu", "tanh"):
            spans = (0.5, 3.0), (0.0, 2.0)
            first, median = _seconds(lambda name=activation, spans=spans: phase_diagram(name, *spans, points), repeats)
            name = f"phase diagram, {points} x {points}, {activation}"
            yield Figure(name, 1e3 * median, "ms", 1500, decimals=0)
            yield Figure("  the first one, with its moments", 1e3 * first, "ms", 1500, decimals=0, of=name)


def _seconds(job: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Returns the first call's seconds, and the median of the others'."""
    found: list[float] = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return found[0], statistics.median(found[1:])
