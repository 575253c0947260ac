"""What a run is going to record, told from its experiment alone: which quantities, at which steps, and how much it is.

Kernels know every step; thinning happens between them and the record.
"""

import math

import numpy as np

from vgdesk.records.history import STEP_COLUMNS
from vgdesk.records.places import places_of, signal_places
from vgdesk.spec.experiment import Network
from vgdesk.spec.recording import ALWAYS, QUANTITIES, EveryNth, LogSpaced, What, When

BYTES_PER_NUMBER = 8
LARGEST_RECORDING = 2_000_000_000
"""Bytes of the recorded rows; more would crowd out everything else on a laptop."""


def wanted_quantities(what: What) -> tuple[str, ...]:
    """Returns the names of everything that is to be recorded, in the order of `QUANTITIES`."""
    return tuple(name for name in QUANTITIES if name in ALWAYS or name in what.quantities)


def row_bytes(what: What, network: Network) -> int:
    """Returns how many bytes of arrays one row takes."""
    numbers = 1 + len(STEP_COLUMNS) + sum(places_of(name, network)[1] for name in wanted_quantities(what))
    if what.histogram is not None:
        numbers += signal_places(network)[1] * (what.histogram.bins + 2)
    return BYTES_PER_NUMBER * numbers


def due_rows(when: When, first: int, count: int, is_end: bool) -> np.ndarray:
    """Returns which of `count` steps from `first` on are recorded, counted from 0; the run's last one always is.

    Parameters
    ----------
    when
        The rule.
    first, count
        The steps.
    is_end
        Whether the last of these steps is the run's last.
    """
    is_due = np.zeros(count, bool)
    match when:
        case EveryNth(n=n):
            is_due[-first % n :: n] = True
        case LogSpaced():
            is_due[[step - first for step in _marks(when, first, first + count) if when.is_due(step)]] = True
    if is_end and count:
        is_due[-1] = True
    return np.flatnonzero(is_due)


def _marks(when: LogSpaced, first: int, end: int) -> list[int]:
    """Returns steps of [first, end) among which all recorded ones are: neighbours of 10^(k / per_decade), and 0.

    Asking `is_due` of every step would cost more than a step of a small network.
    """
    low, high = (math.floor(math.log10(max(1, step)) * when.per_decade) for step in (first, end))
    found = {0} | {
        math.floor(10 ** (k / when.per_decade)) + shift for k in range(low - 1, high + 2) for shift in (0, 1)
    }
    return sorted(step for step in found if first <= step < end)


def expected_rows(when: When, steps: int) -> int:
    """Returns how many rows a run of so many steps records at most."""
    match when:
        case EveryNth(n=n):
            return min(steps, -(-steps // n) + 1)
        case LogSpaced(per_decade=per_decade):
            return min(steps, 2 + per_decade * len(str(steps)))
