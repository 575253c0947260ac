"""The verdict on every claim is the one that the literature gives, on twenty seeds, and no seed says otherwise.

The numbers behind the verdicts are compared in `test_claim_values`.
"""

import msgspec
import pytest

from tests.agreement.claim_runs import outcome
from vgdesk.records.claim import ClaimVerdict, claims

R, W, O, I = ClaimVerdict.RIGHT, ClaimVerdict.WRONG, ClaimVerdict.ONLY_IF, ClaimVerdict.IMPRECISE  # noqa: E741
VERDICTS = (W, W, R, O, I, W, I, W, O, W, R, O, W, W, W, W, W, W, R, O, O, O, R, O, I, R, W, O, I, I, W)
"""Of claims 1, 2, 3, ..."""


@pytest.mark.parametrize("number", range(1, 32))
def test_claim_gets_the_verdict_that_the_literature_gives(number: int):
    assert outcome(number).verdict is VERDICTS[number - 1], outcome(number).sentence


@pytest.mark.parametrize("number", range(1, 32))
def test_every_seed_falls_on_the_side_of_the_median(number: int):
    for found in outcome(number).measured:
        extremes = [msgspec.structs.replace(found, value=value).holds for value in (found.least, found.most)]
        assert extremes == [found.holds] * 2, f"{found.words}: {found.least:g} to {found.most:g}"


def test_every_claim_has_a_test_and_a_verdict_to_compare_with():
    assert [found.number for found in claims()] == list(range(1, len(VERDICTS) + 1))
