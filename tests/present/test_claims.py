"""The claims as plain data: what waits, what runs, what was found, and where the bars stand."""

import math

from vgdesk.present.claims import BESIDE, FAILS, HOLDS, RUNNING, WAITING, claim_card, claims_scene, spoken
from vgdesk.present.scenes import Tone
from vgdesk.records.claim import ClaimOutcome, Measured, claim, outcome_of


def number(value: float, scale: str = "log10", **bounds: float) -> Measured:
    return Measured(name="n", words="what is left", value=value, least=value, most=value, scale=scale, **bounds)


def outcome(which: int, *measured: Measured, seeds: int = 3) -> ClaimOutcome:
    return outcome_of(claim(which), measured, seeds, 0.01)


def test_before_any_test_every_claim_waits():
    scene = claims_scene({}, ())
    assert len(scene.cards) == 31
    assert {card.chip for card in scene.cards} == {WAITING}
    assert scene.summary == "0 of 31 tested"


def test_what_is_being_tested_says_so_and_keeps_its_former_numbers():
    card = claim_card(claim(8), outcome(8, number(0.0, at_least=1.0)), is_running=True)
    assert RUNNING in card.chip
    assert len(card.rows) == 1
    assert claims_scene({}, (1, 2)).summary == "0 of 31 tested · 2 to go"


def test_verdict_is_told_by_glyph_word_and_cases():
    card = claim_card(claim(12), outcome(12, number(-12.0, at_most=-6.0), number(6.0, at_most=2.0), number(0.5)))
    assert card.chip == "◐ only if"
    assert card.verdict.startswith("Only if the step is proportional to the gradient, as in SGD (1 of 2 cases")
    assert "medians over 3 seeds, under 0.1 s" in card.verdict
    assert [row.glyph for row in card.rows] == [HOLDS, FAILS, BESIDE]
    assert claim_card(claim(12), outcome(12, number(6.0, at_most=2.0))).tone is Tone.ALERT


def test_bars_begin_at_one_and_share_an_axis():
    rows = claim_card(claim(16), outcome(16, number(-9.0, at_least=-1.0), number(1.0))).rows
    assert [row.start for row in rows] == [0.9, 0.9]
    assert [row.end for row in rows] == [0.0, 1.0]
    assert rows[0].bounds == (0.8,)


def test_numbers_without_an_axis_have_no_bar():
    rows = claim_card(claim(15), outcome(15, number(1997.0, "number", at_most=1991.0), number(math.inf))).rows
    assert all(row.start == row.end and not row.bounds for row in rows)
    assert [row.value for row in rows] == ["1997", "infinite"]


def test_shares_reach_from_zero_to_one():
    (row,) = claim_card(claim(14), outcome(14, number(0.25, "share", at_least=0.9))).rows
    assert (row.start, row.end, row.bounds) == (0.0, 0.25, (0.9,))


def test_summary_counts_verdicts():
    found = {n: outcome(n, number(0.0, at_least=1.0)) for n in (8, 9)} | {11: outcome(11, number(0.0, at_most=1.0))}
    assert claims_scene(found, ()).summary == "3 of 31 tested: 1 right, 2 wrong"


def test_a_screen_reader_hears_verdict_and_numbers():
    words = spoken(claim_card(claim(8), outcome(8, number(-12.0, at_least=0.0))))
    assert "Wrong" in words
    assert "what is left: 1.00×10⁻¹², claimed at least 1" in words
