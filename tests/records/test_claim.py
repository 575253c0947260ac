"""A verdict follows from the numbers: change them, and it changes."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.records.claim import (
    ClaimVerdict,
    Measured,
    claim,
    claims,
    outcome_of,
    value_text,
    verdict_of,
    verdict_words,
)


def case(value: float, at_least: float | None = None, at_most: float | None = None, scale: str = "number") -> Measured:
    return Measured(
        name="x", words="x", value=value, least=value, most=value, scale=scale, at_least=at_least, at_most=at_most
    )


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.sampled_from(["only if", "imprecise"]))
def test_verdict_is_right_when_all_cases_hold_wrong_when_none_does_and_mixed_between(holds: list[bool], word: str):
    mixed = ClaimVerdict(word)
    found = verdict_of((case(0.0), *(case(2.0 * each, at_least=1.0) for each in holds)), mixed)
    pure = ClaimVerdict.RIGHT if all(holds) else ClaimVerdict.WRONG
    assert found is (pure if all(holds) or not any(holds) else mixed)


def test_a_number_that_is_none_does_not_hold():
    assert case(math.nan, at_least=-math.inf).holds is False
    assert case(math.nan, at_most=1.0).holds is False


def test_a_claim_without_a_case_is_refused():
    with pytest.raises(ValueError, match="at least one case"):
        verdict_of((case(1.0),), ClaimVerdict.ONLY_IF)


@pytest.mark.parametrize("known", claims(), ids=lambda known: f"claim {known.number}")
def test_sentence_tells_verdict_condition_and_numbers(known):
    mixed = outcome_of(known, (case(0.5, at_least=0.1), case(0.25, at_least=1.0)), 1, 0.0)
    assert mixed.verdict is known.mixed
    assert known.condition in mixed.sentence
    assert "0.25 (the claim needs at least 1)" in mixed.sentence
    assert outcome_of(known, (case(0.25, at_least=1.0),), 1, 0.0).sentence.startswith("Wrong.")


def test_every_claim_is_told_whole_with_sources_that_name_a_year():
    assert [known.number for known in claims()] == list(range(1, 32))
    for known in claims():
        assert all((known.statement, known.prediction, known.test, known.sources, known.condition or known.number))
        assert all("(" in source and source.split("(")[1][:4].isdigit() for source in known.sources), known.number
    assert len({known.statement for known in claims()}) == 31


def test_a_mixed_verdict_always_has_its_condition():
    for known in claims():
        assert known.mixed in (ClaimVerdict.ONLY_IF, ClaimVerdict.IMPRECISE)
    assert verdict_words(claim(12), ClaimVerdict.ONLY_IF).startswith("only if the step")
    assert verdict_words(claim(5), ClaimVerdict.IMPRECISE).startswith("imprecise: the factor")
    assert verdict_words(claim(12), ClaimVerdict.WRONG) == "wrong"


def test_unknown_claim_is_refused_in_a_sentence():
    with pytest.raises(SpecError, match="number of a claim must be 1 to 31, got 0"):
        claim(0)


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (-12.0, "log10", "1.00×10⁻¹²"),
        (0.0, "log10", "1"),
        (math.inf, "log10", "infinite"),
        (-math.inf, "log10", "exactly 0"),
        (0.126, "share", "12.6%"),
        (1997.0, "number", "1997"),
        (-1.22e-7, "number", "−1.22×10⁻⁷"),
        (0.0, "number", "0"),
        (math.nan, "share", "not a number"),
        (math.inf, "number", "infinite"),
    ],
)
def test_values_are_written_for_people(value: float, scale: str, text: str):
    assert value_text(value, scale) == text


def test_what_a_claim_asks_is_told_shortly():
    assert case(1.0, at_least=0.9, at_most=1.1).wanted == "0.9 to 1.1"
    assert case(1.0, at_most=0.01).wanted == "at most 0.01"
    assert case(1.0, at_least=-6.0, scale="log10").wanted == "at least 1.00×10⁻⁶"
    assert case(1.0).wanted == ""


def test_outcomes_travel_between_processes():
    outcome = outcome_of(claim(1), (case(math.inf, at_most=1.0, scale="log10"),), 1, 0.5)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(outcome), type=type(outcome)) == outcome
