"""One line says where a run stands, in words where there is no number."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import history
from vgdesk.diagnosis.gain import span_of
from vgdesk.present.status import status_sentence
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.evaluation import evaluation_rows
from vgdesk.records.history import RunOutcome
from vgdesk.records.places import Places


def last_part(*log10_delta: float) -> str:
    return status_sentence(history([1.0], [log10_delta])).split(" · ")[-1]


def test_sentence_names_step_loss_outer_layers_and_gain():
    weights = [math.log10(1.35e-14), -5.0, math.log10(2.31e-2)]
    deltas = [2 * math.log10(0.24), -1.0, 0.0]
    sentence = status_sentence(history([2.30312], [weights], [deltas], first_step=60))
    assert sentence == (
        "step 60 · loss 2.303 · |∂L/∂W| layer 1: 1.35×10⁻¹⁴ · layer 3: 2.31×10⁻² · "
        "at this step each layer passes on 0.24 of the gradient |∂L/∂z|"
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((0, 1.5, 0.5, 0.875), "87.5% of held-out right"),
        ((0, 1.5, 0.5, 1.0, 0.0, 0.0, 1.0), "100.0% of 1 held-out right"),
        ((0, math.nan, 0.5, math.nan), "50.0% of the batch right"),
        ((0, 1.5, math.nan, math.nan), "passes on"),
    ],
)
def test_right_answers_are_told_where_there_are_classes(row: tuple[float, ...], words: str):
    sentence = status_sentence(history([1.0], evaluations=evaluation_rows([row])))
    assert words in sentence
    assert sentence.count("right") == words.count("right")


def test_gradient_next_to_the_input_comes_before_what_may_be_left_out():
    measured = history([1.0], [[-9.0, -1.0]], evaluations=evaluation_rows([(0, 1.5, 0.5, 0.875)]))
    sentence = status_sentence(measured, with_gain=False)
    assert sentence == ("step 0 · loss 1 · |∂L/∂W| layer 1: 1.00×10⁻⁹ · layer 2: 1.00×10⁻¹ · 87.5% of held-out right")


def log10_gain(deltas: list[float]) -> float:
    norms = np.array(deltas)
    return span_of({"delta": norms}, Places.LAYERS).log10_gamma(norms)


@given(st.lists(st.integers(-300, 300), min_size=2), st.integers(-9, 9))
def test_gain_does_not_change_with_the_scale_of_the_loss(deltas: list[int], decades: int):
    assert log10_gain([float(d) for d in deltas]) == log10_gain([float(d + decades) for d in deltas])


@given(st.floats(-5, 5), st.integers(2, 200))
def test_gain_of_a_geometric_sequence_is_its_ratio(ratio: float, layers: int):
    deltas = [-ratio * layer for layer in range(layers)]
    assert log10_gain(deltas) == pytest.approx(ratio, abs=1e-9)


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (0.24, "0.24 of the gradient"),
        (0.995, "0.995 of the gradient"),
        (1.013, "1.013 times the gradient"),
        (25.0, "25 times the gradient"),
        (1e-30, "1.0×10⁻³⁰ of the gradient"),
        (1e30, "1.0×10³⁰ times the gradient"),
    ],
)
def test_gain_is_told_with_as_many_digits_as_matter(gain: float, words: str):
    assert last_part(math.log10(gain), 0.0) == f"at this step each layer passes on {words} |∂L/∂z|"


@pytest.mark.parametrize(
    ("deltas", "words"),
    [
        ((-math.inf, -math.inf), "the gradient is exactly 0 in every layer"),
        ((-math.inf, -1.0), "nothing of the gradient reaches layer 1"),
        ((math.nan, -1.0), "the gradient is not finite"),
        ((3.0, math.inf, -1.0), "the gradient is not finite"),
    ],
)
def test_what_is_no_number_is_told_in_words(deltas: tuple[float, ...], words: str):
    assert last_part(*deltas) == words


def test_outer_layers_without_a_number_say_why():
    sentence = status_sentence(history([math.nan], [[-math.inf, math.nan]]))
    assert "loss not a number · |∂L/∂W| layer 1: exactly 0 · layer 2: not a number" in sentence


def test_single_layer_has_no_gain():
    assert status_sentence(history([1.0], [[-2.0]])) == "step 0 · loss 1 · |∂L/∂W| layer 1: 1.00×10⁻²"


def test_run_without_steps_says_so():
    assert status_sentence(history([])) == "no step recorded yet"


def test_stopped_run_says_why():
    run = history([1.0], [[-2.0]], outcome=RunOutcome.NON_FINITE)
    assert status_sentence(run).endswith("stopped at a number that is not finite")


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (0.0, "exactly 0"),
        (math.inf, "infinite"),
        (1.2346e-9, "1.235×10⁻⁹"),
        (1.5e12, "1.500×10¹²"),
        (0.12451, "0.1245"),
    ],
)
def test_loss_is_told_with_four_digits(loss: float, text: str):
    assert f"loss {text} ·" in status_sentence(history([loss], [[-2.0]]))


def test_a_run_that_broke_down_says_what_was_the_first_not_to_be_finite():
    breakdown = Breakdown(step=17, operation="activation", places=Places.TIME, place=3)
    run = history([1.0], [[-2.0]], outcome=RunOutcome.NON_FINITE, breakdown=breakdown)
    assert status_sentence(run).endswith(f" · {breakdown.sentence}")


def test_magnitudes_of_time_steps_are_named_by_what_they_are_magnitudes_of():
    run = msgspec.structs.replace(history([1.0], [[-3.0, -2.0]]), signals=Places.TIME)
    run = msgspec.structs.replace(run, quantities={**run.quantities, "state": run.values("delta")})
    assert "|∂L/∂h| time step 1: " in status_sentence(run)
    without = msgspec.structs.replace(run, quantities={"weight": run.values("weight"), "delta": run.values("delta")})
    assert "|∂L/∂z| " in status_sentence(without).split(" · ")[2]


def test_through_time_the_gain_is_told_as_what_it_is_the_slope_of_a_line_and_not_a_quotient_of_ends():
    norms = [[0.4, 0.5, 0.4, 0.2, 0.1, 0.6]]
    run = msgspec.structs.replace(history([1.0], norms, norms), signals=Places.TIME)
    slope = np.polyfit(range(6), norms[0], 1)[0]
    words = f"at this step each time step passes on {10**-slope:.3f}"
    told = status_sentence(run).split(" · ")[-1]
    assert told.startswith(words)
    assert told.endswith("times the gradient |∂L/∂z| on the straight line through all")
    assert slope < 0 < norms[0][-1] - norms[0][0]  # the ends alone say the contrary
