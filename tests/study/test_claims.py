"""The tests of claims: complete, repeatable, and judged by what was measured."""

import math

import pytest

from vgdesk.errors import SpecError
from vgdesk.records.claim import ClaimVerdict, claim, claims, outcome_of
from vgdesk.study.claims.case import Gauge, measured
from vgdesk.study.claims.catalogue import TESTS, claim_test
from vgdesk.study.claims.run import run_claim, run_claims

CHEAP = [number for number, test in TESTS.items() if test.weight <= 0.1]


def number_for(gauge: Gauge, holds: bool) -> float:
    """Returns a number on the wanted side of a gauge's bounds."""
    if gauge.at_least is not None:
        return gauge.at_least if holds else gauge.at_least - 1.0
    bound = 0.0 if gauge.at_most is None else gauge.at_most
    return bound if holds else bound + 1.0


def test_every_claim_has_a_test():
    assert sorted(TESTS) == [known.number for known in claims()]


@pytest.mark.parametrize("number", sorted(TESTS))
def test_other_numbers_would_give_another_verdict(number: int):
    gauges = claim_test(number).gauges
    for holds, verdict in ((True, ClaimVerdict.RIGHT), (False, ClaimVerdict.WRONG)):
        numbers = {gauge.name: number_for(gauge, holds) for gauge in gauges}
        assert outcome_of(claim(number), measured(gauges, [numbers]), 1, 0.0).verdict is verdict


@pytest.mark.parametrize("number", CHEAP)
def test_a_test_measures_what_its_gauges_name_and_the_same_again(number: int):
    test = claim_test(number)
    numbers = test.measure(1)
    assert set(numbers) == {gauge.name for gauge in test.gauges}
    assert numbers == test.measure(1)


def test_several_seeds_give_median_and_extremes():
    one, other = run_claim(14, 1), run_claim(14, 3)
    rising = other.measured[0]
    assert (one.seeds, other.seeds) == (1, 3)
    assert rising.least <= rising.value <= rising.most
    assert rising.least < rising.most


def test_a_seed_without_a_number_leaves_no_median():
    gauges = claim_test(14).gauges
    rows = [dict.fromkeys((gauge.name for gauge in gauges), value) for value in (1.0, math.nan, 2.0)]
    assert all(math.isnan(found.value) and not found.holds for found in measured(gauges, rows))


def test_a_chain_says_over_how_many_equal_factors_its_gradient_is_measured():
    found = {one.name: one for one in run_claim(4, 1).measured}
    factors = found["w1"].value / math.log10(0.25)
    assert found["w1"].words == f"w = 1: left after {factors:.0f} layers"


def test_what_needs_no_seed_is_run_once():
    assert run_claim(1, 5).seeds == 1


def test_claims_asked_for_twice_are_tested_once_and_unknown_ones_refused():
    assert [outcome.number for outcome in run_claims((2, 1, 2), workers=1)] == [2, 1]
    with pytest.raises(SpecError, match="must be 1 to 31, got 32"):
        list(run_claims((32,)))
    with pytest.raises(SpecError, match="seeds must be an integer from 1"):
        list(run_claims((1,), seeds=0))
