"""All tests of claims, by number."""

from vgdesk.errors import SpecError
from vgdesk.study.claims import (
    at_the_start,
    chains,
    cures,
    cures_of_training,
    tanh_and_sigmoid,
    through_time,
    trainings,
)
from vgdesk.study.claims.case import ClaimTest

_MODULES = (tanh_and_sigmoid, chains, at_the_start, trainings, cures_of_training, cures, through_time)
TESTS = {test.number: test for module in _MODULES for test in module.TESTS}


def claim_test(number: int) -> ClaimTest:
    """Returns the test of a claim; raises `SpecError` when there is none of that number."""
    if number not in TESTS:
        raise SpecError(f"number of a claim must be 1 to {len(TESTS)}, got {number}")
    return TESTS[number]
