"""Measures what watching a training costs: the diagnosis after one more recorded update, while it runs."""

import statistics
import time
from collections.abc import Iterator

from vgdesk.bench.figure import Figure
from vgdesk.diagnosis.diagnose import conclude
from vgdesk.diagnosis.observation import begin, observe
from vgdesk.spec.library import example
from vgdesk.training.loop import Trainer

WATCHED = ("digits-sigmoid-20", "digits-sigmoid-100", "adding-lstm-200")
UPDATES = 60
TARGET = 1.0
"""Milliseconds per update."""


def diagnosis_figures(updates: int = UPDATES) -> Iterator[Figure]:
    """Yields the median time of seeing one more update and concluding from all that was seen."""
    for name in WATCHED:
        experiment = example(name)
        history = Trainer(experiment, evaluates=False).advance(updates)
        seen, times = begin(experiment), []
        for row in range(history.rows):
            part = history.part(row, row + 1)
            start = time.perf_counter()
            seen = observe(seen, part)
            conclude(seen)
            times.append(time.perf_counter() - start)
        yield Figure(f"diagnosis of one update, {name}", 1e3 * statistics.median(times), "ms", TARGET, decimals=2)
