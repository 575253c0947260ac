"""How long the large studies take on all cores: the trainability map, and the race of all remedies.

Processes are started and kernels compiled or loaded within the time that is measured, as for a person who asks.
"""

import time
from collections.abc import Iterator

from vgdesk.bench.figure import Figure
from vgdesk.spec.library import example
from vgdesk.spec.trainability import trainability_sweep
from vgdesk.study.race import STEPS, run_race
from vgdesk.study.sweep import run_sweep

POINTS, WIDTH, MAP_STEPS = 30, 64, 100
DEPTHS, SIGMA_W = (4, 120), (0.5, 4.0)
MAP_TARGET, RACE_TARGET = 300, 15
"""Seconds on two cores."""


def studies_figures(points: int = POINTS, map_steps: int = MAP_STEPS, race_steps: int = STEPS) -> Iterator[Figure]:
    """Yields the lines of `vgdesk bench --studies`."""
    base = example("digits-tanh-20")
    start = time.perf_counter()
    wanted = trainability_sweep(base, DEPTHS, SIGMA_W, points, WIDTH, map_steps)
    trained = sum(1 for _ in run_sweep(wanted))
    what = f"trainability map, {trained} networks {WIDTH} wide, {map_steps} steps"
    yield Figure(what, time.perf_counter() - start, "s", MAP_TARGET)
    start = time.perf_counter()
    *_, race = run_race(example("digits-sigmoid-20"), steps=race_steps)
    what = f"race of {race.total} networks 20 deep, {race_steps} steps"
    yield Figure(what, time.perf_counter() - start, "s", RACE_TARGET)
