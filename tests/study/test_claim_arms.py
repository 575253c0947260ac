"""The experiments of a claim: all of them can be opened, and they are what its test runs."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.records.claim import claim, claims
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.recurrent import Recurrent
from vgdesk.study.claims.arms import ARMS, claim_experiment
from vgdesk.study.claims.catalogue import claim_test
from vgdesk.study.claims.networks import span_of
from vgdesk.study.claims.through_time import reach_of

MEASURED_AT_THE_START = (4, 5, 7, 13, 16, 17, 20, 21, 24, 31)
"""Claims whose gauges are what is left of the gradient before any update."""


@pytest.mark.parametrize("number", [known.number for known in claims()])
def test_every_claim_has_experiments_with_words_for_each(number: int):
    arms = claim(number).arms
    assert [arm.name for arm in arms] == list(ARMS[number])
    assert len({arm.words for arm in arms}) == len(arms) >= 1


@pytest.mark.parametrize("number", [known.number for known in claims()])
def test_every_arm_is_a_whole_experiment_under_a_name_of_its_own(number: int):
    made = [claim_experiment(number, arm.name) for arm in claim(number).arms]
    assert len({experiment.name for experiment in made}) == len(made)
    for experiment, arm in zip(made, claim(number).arms, strict=True):
        assert experiment.title == f"Claim {number}: {arm.words}"
        assert experiment_from_json(experiment_to_json(experiment)) == experiment


@pytest.mark.parametrize("number", MEASURED_AT_THE_START)
def test_an_arm_measures_what_the_gauge_of_its_name_measures(number: int):
    expected = claim_test(number).measure(2)
    for arm in claim(number).arms:
        experiment = claim_experiment(number, arm.name, seed=2)
        found = reach_of(experiment) if isinstance(experiment.network, Recurrent) else span_of(experiment)
        assert found == pytest.approx(expected[arm.name], rel=1e-12), arm.name


def test_arms_of_a_claim_differ_in_more_than_their_names():
    for known in claims():
        made = [claim_experiment(known.number, arm.name) for arm in known.arms]
        bare = {repr((one.network, one.task, one.initialisation, one.training)) for one in made}
        assert len(bare) == len(made), known.number


def test_without_a_name_the_first_arm_is_meant_and_unknown_ones_are_refused():
    assert claim_experiment(8) == claim_experiment(8, "free")
    with pytest.raises(SpecError, match="arm of claim 8 must be one of free, clipped; got 'x'"):
        claim_experiment(8, "x")
    with pytest.raises(SpecError, match="must be 1 to 31, got 32"):
        claim_experiment(32)
