"""Use case: put claims to the test, on as many seeds as are asked for, side by side on all cores."""

import time
from collections.abc import Generator, Sequence

import msgspec

from vgdesk.records.claim import ClaimOutcome, claim, claims, outcome_of
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.spec.base import require_integer
from vgdesk.study.claims.catalogue import claim_test
from vgdesk.study.side_by_side import side_by_side

MOST_SEEDS = 100
SEEDS = 3


class _Order(msgspec.Struct, frozen=True):
    number: int
    seeds: int


def run_claims(
    numbers: Sequence[int] = (), seeds: int = SEEDS, workers: int | None = None
) -> Generator[ClaimOutcome, None, None]:
    """Yields an outcome whenever a claim has been tested; closing the generator stops.

    Parameters
    ----------
    numbers
        Which claims; by default all.
    seeds
        The numbers are medians over seeds 0, 1, ...
    workers
        Number of processes; by default one per core.

    Raises
    ------
    SpecError
        When there is no claim of a number.
    WorkerError
        When a process died.
    """
    require_integer("seeds", seeds, 1, MOST_SEEDS)
    asked = list(dict.fromkeys(numbers)) or [found.number for found in claims()]
    for number in asked:
        claim(number)
    asked.sort(
        key=lambda number: -claim_test(number).weight
    )  # the longest first, so that no core waits for it at the end
    running = side_by_side(_test, [to_bytes(_Order(number, seeds)) for number in asked], workers)
    try:
        for _, payload in running:
            yield from_bytes(payload, ClaimOutcome)
    finally:
        running.close()


def run_claim(number: int, seeds: int = SEEDS) -> ClaimOutcome:
    """Returns what becomes of one claim."""
    from vgdesk.study.claims.case import measured

    test, began = claim_test(number), time.perf_counter()
    count = seeds if test.uses_seed else 1
    found = measured(test.gauges, [test.measure(seed) for seed in range(count)])
    return outcome_of(claim(number), found, count, time.perf_counter() - began)


def _test(payload: bytes) -> bytes:
    order: _Order = from_bytes(payload, _Order)
    return to_bytes(run_claim(order.number, order.seeds))
