"""How long the kernels of each kind of network take to compile when a machine first trains one.

Each kind is trained for two steps in a process of its own: first with an empty cache on disk, then with what the first
one left there. The figures are processor time, so that other programs do not count, without that of imports.
"""

import tempfile
from collections.abc import Iterator

from vgdesk.bench.figure import Figure
from vgdesk.bench.window import run_fresh

KINDS = ("dense", "RNN", "LSTM", "GRU")
FIRST_USE, FROM_CACHE = 3.0, 0.4
_SCRIPT = """
import json, time
from vgdesk.bench.cases import Case, RecurrentCase
from vgdesk.bench.peers import OwnTrainer
from vgdesk.training.parameters import draw
kind = {kind!r}
case = Case(20, 32, "tanh", 32, "float32", 1.0, 1.0)
if kind != "dense":
    case = RecurrentCase(kind, 32, 20, "float32", 1.0, 1.0)
experiment = case.experiment()
parameters = draw(experiment)
start = time.process_time()
OwnTrainer(experiment, parameters).run(2)
print(json.dumps({{"seconds": time.process_time() - start}}))
"""


def compilation_figures() -> Iterator[Figure]:
    """Yields, for each kind of network, the seconds of its first two steps on a new machine, and from the cache."""
    for kind in KINDS:
        cold, kept = first_use(kind)
        yield Figure(f"first use of {kind}, kernels not yet compiled", cold, "s", FIRST_USE, decimals=2, of=kind)
        yield Figure("  from the cache", kept, "s", FROM_CACHE, decimals=2, of=kind)


def first_use(kind: str) -> tuple[float, float]:
    """Returns the processor seconds of two steps of one of `KINDS`, with an empty cache and with a filled one.

    Raises
    ------
    WorkerError
        A training process failed, with its own words.
    """
    with tempfile.TemporaryDirectory() as cache:
        times = [run_fresh(_SCRIPT.format(kind=kind), {"NUMBA_CACHE_DIR": cache})["seconds"] for _ in range(2)]
    return times[0], times[1]
