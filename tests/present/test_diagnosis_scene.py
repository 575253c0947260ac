"""A diagnosis in words: glyph and word before colour, the numbers of the run, nothing that was not recorded."""

import math
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import history
from vgdesk.diagnosis.diagnose import diagnose, with_examined
from vgdesk.present.diagnosis import (
    GLYPHS,
    confidence_words,
    mean_words,
    verdict_line,
    verdict_lines,
    verdict_scene,
    verdict_words,
)
from vgdesk.present.scenes import Tone
from vgdesk.records.codec import frozen
from vgdesk.records.finding import Confidence, Diagnosis, Learning, Severity, Verdict
from vgdesk.records.places import Places

AS_TYPED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def found(decades_per_layer: float, layers: int = 20, rows: int = 100) -> Diagnosis:
    """Returns the diagnosis of a run that stands still and whose gradient falls by so much per layer."""
    state = np.tile(np.arange(layers) * -decades_per_layer, (rows, 1))[:, ::-1]
    return diagnose(history([2.3] * rows, quantities={"state": frozen(state), "weight": frozen(state)}))


def test_status_line_says_what_each_layer_passes_on_and_what_all_leave():
    line = verdict_line(found(-math.log10(0.24)))
    assert line == (
        "▼ vanishing: lately each layer passes on 0.24 of the gradient |∂L/∂h|; 20 layers leave 4.0×10⁻¹³ (limit 0.01)"
    )


def test_status_line_gives_up_words_and_never_its_number():
    lines = verdict_lines(found(-math.log10(0.24)))
    assert lines == (
        "▼ vanishing: lately each layer passes on 0.24 of the gradient |∂L/∂h|; 20 layers leave 4.0×10⁻¹³ (limit 0.01)",
        "▼ vanishing: lately each layer passes on 0.24 of the gradient |∂L/∂h|; 20 layers leave 4.0×10⁻¹³",
        "▼ vanishing: lately 20 layers leave 4.0×10⁻¹³",
    )
    assert verdict_lines(None) == ("",)


def test_shorter_status_line_through_time_does_without_the_straight_line():
    state = np.tile(np.arange(30) * 0.1, (100, 1))
    run = history([2.3] * 100, quantities={"state": frozen(state)}, signals=Places.TIME)
    line, plain, *_ = verdict_lines(diagnose(run))
    assert "on the straight line through all; 30 time steps would leave 1.0×10⁻³" in line
    assert plain == line.replace(" on the straight line through all", "")


def test_what_lately_means_is_said_where_the_line_says_it():
    assert "running mean up to step 99 in which the newest row counts 20%" in mean_words(found(0.6))
    assert (mean_words(found(0.6, rows=1)), mean_words(None)) == ("", "")


def test_status_line_of_two_layers_tells_the_one_factor_and_the_limits_it_lies_between():
    line = verdict_line(found(-math.log10(0.035), layers=2))
    assert line == "✓ healthy: lately layer 2 passes on 0.035 of the gradient |∂L/∂h| to layer 1 (limits 0.01 and 100)"


def test_status_line_of_a_single_row_does_not_speak_of_a_mean():
    assert verdict_line(found(-math.log10(0.24), rows=1)).startswith("▼ vanishing: each layer passes on 0.24 of")


@given(st.floats(-1.5, 1.5), st.integers(3, 120))
def test_factor_that_is_read_makes_the_product_that_is_read(decades: float, layers: int):
    line = verdict_line(found(decades, layers, rows=1))
    told = re.search(r"passes on (\S+) (?:of|times) .* (?:leave|make it) (\S+)", line)
    assert told is not None
    factor, product = (float(text.translate(AS_TYPED).replace("×10", "e")) for text in told.groups())
    # the product is rounded to two digits, near 1 to three decimals, and may lie at the very edge of that
    last_digit = 0.001 if 0.9 < product < 1.1 else 10.0 ** (math.floor(math.log10(product)) - 1)
    assert abs(factor**layers - product) <= 0.75 * last_digit
    assert len(told[1].translate(AS_TYPED).split("×")[0].replace(".", "").strip("0-")) <= 9


def test_status_line_of_an_exploding_gradient_stands_by_its_limit():
    assert verdict_line(found(1.0 - 2.0, layers=5)).endswith("5 layers make it 1.0×10⁵ times as large (limit 100)")


def test_verdict_kept_although_the_gain_came_back_over_its_limit_says_why():
    few, more = ([0.0] * 4 + [-decades / 5 * 4] for decades in (2.1, 1.85))
    state = np.array([few[::-1][:1] + [0.0] * 4] * 40 + [more[::-1][:1] + [0.0] * 4] * 60)
    line = verdict_line(diagnose(history([2.3] * 100, quantities={"state": frozen(state)})))
    assert line.startswith("▼ vanishing")
    assert line.endswith("(below 0.01 before; healthy again above 0.02)")


def test_status_line_of_nothing_is_empty():
    assert verdict_line(None) == ""


def test_status_line_before_a_gain_is_known_claims_nothing():
    assert verdict_line(found(1.0, layers=1)) == "? no verdict yet"


def test_every_verdict_has_a_glyph_of_its_own():
    assert len(set(GLYPHS.values())) == len(Verdict)
    assert all(verdict_words(verdict).endswith(str(verdict)) for verdict in Verdict)


@pytest.mark.parametrize(("decades", "tone"), [(0.6, Tone.ALERT), (0.0, Tone.MEASURED), (-0.6, Tone.ALERT)])
def test_only_a_healthy_gradient_has_a_calm_colour(decades: float, tone: Tone):
    assert verdict_scene(found(decades)).tone is tone


def test_stagnation_is_told_beside_the_verdict():
    scene = verdict_scene(found(0.0))
    assert scene.verdict == "✓ healthy"
    assert scene.learning == f"— {Learning.STAGNATES}"
    assert scene.learning_tone is Tone.ALERT


def test_findings_stand_with_severity_sentence_and_source_and_without_what_was_not_recorded():
    scene = verdict_scene(found(0.6))
    first = scene.findings[0]
    assert first.head == "■ alarm"
    assert "0.2512 of" in first.sentence
    assert "Hochreiter" in first.note
    assert "step 99" in first.note
    assert all(line.finding.severity is not Severity.NOT_RECORDED for line in scene.findings)


def test_other_seeds_are_counted_with_the_range_of_what_is_left():
    confidence = Confidence(
        seeds=(0, 1, 2),
        verdicts=(Verdict.VANISHING, Verdict.HEALTHY, Verdict.VANISHING),
        log10_gains=(-12.0, math.nan, -10.0),
    )
    words = confidence_words(confidence, Verdict.VANISHING)
    assert words == "The verdict is the same with 2 of 3 seeds; what is left lies between 1.0×10⁻¹² and 1.0×10⁻¹⁰."
    told = msgspec.structs.replace(found(0.6), confidence=confidence)
    assert verdict_scene(told).confidence == words


def test_signs_that_were_not_recorded_are_named_and_taken_from_a_training_that_saw_them():
    sick = found(0.6)
    assert "saturation" in verdict_scene(sick).unseen
    rows = {"state": frozen([[0.0, 0.0, 0.0]]), "saturated": frozen([[0.1, 0.9, 0.2]])}
    seen = verdict_scene(with_examined(sick, diagnose(history([1.0], quantities=rows))))
    assert "saturation" not in seen.unseen
    borrowed = next(line for line in seen.findings if "90% in layer 2" in line.sentence)
    assert "step 0 of another training of it" in borrowed.note
    assert not any("another training" in line.note for line in verdict_scene(sick).findings)
    assert seen.findings[0].sentence == verdict_scene(sick).findings[0].sentence
