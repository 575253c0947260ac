"""Each sign says what was seen, where, and how it is shown; a sign without its numbers says what to record."""

import math

import numpy as np
import pytest
from scipy.special import erf

from tests.diagnosis.networks import deep, slowly, through_time, trained
from tests.histories import history
from vgdesk.diagnosis.diagnose import SIGNS, diagnose
from vgdesk.diagnosis.signs_of_units import CHANGE, DEAD, SATURATION, WITHERING
from vgdesk.diagnosis.words import place_words
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.codec import frozen
from vgdesk.records.finding import Learning, Severity
from vgdesk.records.format_loss import LOST_SHARE, FormatReport
from vgdesk.records.history import RunOutcome
from vgdesk.records.number_format import FORMATS, stored
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import FixedGaussian, Glorot, He
from vgdesk.spec.optimiser import Sgd
from vgdesk.spec.recording import QUANTITIES, EveryNth, Recording, What
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.spec.training import Training
from vgdesk.study.number_formats import compare_formats

ALL = Recording(what=What(quantities=("saturated", "dead", "weight-norm", "weight-change", "update")))


def one_row(**quantities: list[float]):
    rows = {name.replace("_", "-"): frozen([values]) for name, values in quantities.items()}
    return history([1.0], layers=3, quantities=rows)


def test_deep_sigmoids_move_their_high_layers_and_leave_the_low_ones():
    experiment = deep("sigmoid", 20, Glorot(), recording=ALL, training=slowly(0.05, 60))
    found = diagnose(trained(experiment), experiment).finding(CHANGE)
    assert found.severity is Severity.WARNING
    assert found.places[0] == 1
    assert "layer 20 moved by" in found.sentence
    assert found.evidence is not None
    assert found.evidence.quantity == "weight-change"


def test_layers_that_change_alike_are_not_compared_with_each_other():
    alike = one_row(weight_change=[0.5, 1.5, 1.0], weight_norm=[0.5, 1.5, 1.0])
    sentence = diagnose(alike, deep("tanh", 3, Glorot())).finding(CHANGE).sentence
    assert sentence == "Weights of every layer moved by 1.0 of their size."


def test_large_weights_saturate_tanh():
    experiment = deep("tanh", 5, FixedGaussian(std=20.0), recording=ALL, training=slowly(1e-9))
    found = diagnose(trained(experiment), experiment).finding(SATURATION)
    assert found.severity is Severity.WARNING
    assert 3 in found.places


def test_units_that_are_all_silent_are_an_alarm():
    found = diagnose(one_row(dead=[0.1, 1.0, 0.6])).finding(DEAD)
    assert found.severity is Severity.ALARM
    assert found.places == (2, 3)
    assert "100% in layer 2" in found.sentence


def test_weight_decay_withers_weights_and_is_not_taken_for_vanishing():
    rule = Sgd(learning_rate=0.1, weight_decay=2.0)
    training = Training(optimiser=rule, batch_size=64, steps=40)
    experiment = deep("relu", 5, He(), recording=ALL, training=training)
    found = diagnose(trained(experiment), experiment).finding(WITHERING)
    assert found.severity is Severity.NOTE
    assert "weight decay" in found.sentence


ZERO = -math.inf


@pytest.mark.parametrize(
    ("first", "now", "sentence"),
    [
        ([ZERO, ZERO], [ZERO, ZERO], "All weights are exactly 0, as at first."),
        ([ZERO, ZERO], [ZERO, -3.0], "All weights were exactly 0 at first: none can wither."),
        ([ZERO, 0.0], [ZERO, -0.5], "Weights of layer 2 have 0.32 of their first size."),
        ([math.inf, math.inf], [math.inf, math.inf], "The weights had no finite size at first."),
    ],
)
def test_weights_without_a_first_size_have_no_part_of_it_left(first, now, sentence):
    rows = {"weight-norm": frozen([first, now])}
    found = diagnose(history([1.0, 1.0], layers=2, quantities=rows)).finding(WITHERING)
    assert (found.severity, found.sentence) == (Severity.FINE, sentence)


def test_long_memory_that_is_lost_is_told_in_time_steps():
    experiment = through_time(VanillaCell(), 0.8)
    found = diagnose(trained(experiment), experiment).finding("forgetting")
    assert found.severity is Severity.WARNING
    assert "of 99 time steps" in found.sentence
    assert found.places[0] == 1


def test_networks_without_time_are_not_asked_about_memory():
    with pytest.raises(KeyError):
        diagnose(one_row(state=[0.0, 0.0, 0.0])).finding("forgetting")


def test_underflow_names_the_format_and_the_layers():
    found = diagnose(one_row(weight=[-50.0, -9.0, -1.0])).finding("underflow")
    assert found.severity is Severity.WARNING
    assert "float32 would store 0 in layer 1" in found.sentence
    assert "float16 would store 0 in layers 1–2" in found.sentence


@pytest.mark.parametrize(
    "experiment",
    [
        deep("sigmoid", 20, Glorot(), width=16),
        deep("relu", 20, FixedGaussian(std=0.05)),
        through_time(VanillaCell(), 0.8),
    ],
)
def test_underflow_names_the_places_that_the_number_formats_lose(experiment: Experiment):
    report = compare_formats(experiment)
    found = diagnose(trained(experiment).part(0, 1), experiment).finding("underflow")
    lost = {name: lost_at(report, name) for name in FORMATS}
    for name, place in lost.items():
        where = place_words(range(1, place + 1), report.places) if place else ""
        assert (f"{name} would store half of it or more as 0 in {where}" in found.sentence) == bool(place)
        exact = next(loss.lost_at for loss in report.formats if loss.number_format == name)
        assert abs((exact or 0) - (place or 0)) <= 1  # numbers do not scatter quite normally
    assert any(lost.values())
    assert found.evidence is not None
    assert found.evidence.quantity == "state"


def test_underflow_speaks_of_the_gradient_of_the_weights_too():
    experiment = deep("sigmoid", 20, Glorot(), width=16)
    history = trained(experiment).part(0, 1)
    found, norms = diagnose(history, experiment).finding("underflow"), history.log10_norm("weight")[0]
    lost = np.flatnonzero(norms <= FORMATS["float16"].log10_zero) + 1
    assert lost.size
    layers = place_words(lost.tolist(), Places.LAYERS)
    assert f"float16 would store all of ∂L/∂W as 0 in at least {layers}" in found.sentence
    counted = next(one.zero_weights for one in compare_formats(experiment).formats if one.number_format == "float16")
    assert set(lost) <= set((np.flatnonzero(counted == 1.0) + 1).tolist())
    assert "float64 would store all" not in found.sentence


def lost_at(report: FormatReport, name: str) -> int | None:
    """Returns the last place of which a format loses half, by the rule of the prediction on the measured sizes."""
    share = erf(10.0 ** (FORMATS[name].log10_zero - report.log10_typical) / 2**0.5)
    lost = np.flatnonzero(share >= LOST_SHARE)
    return int(lost[-1]) + 1 if lost.size else None


@pytest.mark.parametrize("name", FORMATS)
def test_underflow_finds_what_the_format_would_store_as_zero_or_infinity(name: str):
    limits = FORMATS[name]
    edges = [limits.log10_zero, np.nextafter(limits.log10_zero, 0.0), limits.log10_infinite]
    row = [*edges, np.nextafter(limits.log10_infinite, 0.0), np.inf, -np.inf, 0.0]
    sentence = diagnose(one_row(weight=row)).finding("underflow").sentence
    for word, kind in (("0", "zero"), ("infinity", "infinite")):
        where = [place for place, log10 in enumerate(row, 1) if log10 > -np.inf and stored(log10, name) == kind]
        assert any(
            f"{name} {would}{word} in {place_words(where, Places.LAYERS)}" in sentence for would in ("would store ", "")
        )


def test_first_number_that_is_not_finite_is_named():
    broken = Breakdown(step=2, operation="loss")
    run = history([1.0, 2.0, np.nan], outcome=RunOutcome.NON_FINITE, breakdown=broken)
    found = diagnose(run).finding("erratic-loss")
    assert found.severity is Severity.ALARM
    assert found.sentence.startswith("The loss is not finite for the first time at step 2")
    assert found.sentence.endswith("the learning rate is too high.")


def test_a_course_of_one_finite_loss_is_not_compared_with_itself():
    broken = Breakdown(step=1, operation="preactivation", place=5)
    run = history([2e60, np.nan], outcome=RunOutcome.NON_FINITE, breakdown=broken)
    found = diagnose(run).finding("slow-loss")
    assert found.sentence == "The loss was 2.00×10⁶⁰ at step 0, and it is not finite at step 1: the network diverges."
    assert found.severity is Severity.ALARM
    later = history([1.0, 5.0, np.nan], outcome=RunOutcome.NON_FINITE)
    sentence = diagnose(later).finding("slow-loss").sentence
    assert sentence.startswith("The loss went from 1 at step 0 to 5, and a number is not finite at step 2")
    never = history([np.inf], outcome=RunOutcome.NON_FINITE)
    assert diagnose(never).finding("slow-loss").sentence.startswith("The loss is not finite at step 0")


@pytest.mark.parametrize(("operation", "cause"), [("loss", "the inputs"), ("backward", "the gradient explodes")])
def test_before_the_first_update_no_learning_rate_is_blamed(operation: str, cause: str):
    broken = Breakdown(step=0, operation=operation, place=2)
    state = frozen([[np.nan, np.nan]])
    run = history([np.inf], layers=2, quantities={"state": state}, outcome=RunOutcome.NON_FINITE, breakdown=broken)
    found = diagnose(run)
    assert f"no weight was changed before, so {cause}" in found.finding("erratic-loss").sentence
    assert "learning rate" not in found.finding("erratic-loss").sentence
    assert "no finite gradient leaves the output" in found.sentence


def test_jump_of_the_loss_is_counted_and_noise_around_nothing_is_not():
    assert "twice" not in diagnose(history([1.0] * 5)).finding("erratic-loss").sentence
    jumpy = diagnose(history([1.0, 1.0, 9.0, 1.0, 8.0])).finding("erratic-loss")
    assert jumpy.severity is Severity.WARNING
    assert jumpy.steps[0] == 2
    assert diagnose(history([1.0, 1e-6, 9e-6, 1e-6])).finding("erratic-loss").severity is Severity.FINE


@pytest.mark.parametrize("every", [1, 6, 20])
def test_loss_that_climbs_without_a_jump_names_the_learning_rate_however_seldom_it_is_recorded(every: int):
    recording = Recording(when=EveryNth(n=every))
    experiment = deep("tanh", 20, Glorot(), width=16, recording=recording, training=slowly(5.0, 300))
    found = diagnose(trained(experiment), experiment).finding("erratic-loss")
    assert found.severity is Severity.ALARM
    assert "the learning rate of 5 is too high; the gradient was healthy at the start" in found.sentence


def test_both_signs_of_a_climbing_loss_begin_at_the_same_loss_and_say_how_far_they_reach():
    steps, losses = [10 * row for row in range(40)], [2.0 + row for row in range(39)] + [30.0]
    found = diagnose(history(losses, step_numbers=frozen(steps, np.int64)))
    climbed, went = found.finding("erratic-loss").sentence, found.finding("slow-loss").sentence
    assert climbed.startswith("The loss climbed from 2 at step 0 to its highest, 40 at step 380")
    assert went.startswith("The loss went from 2 at step 0 to 35.4, its mean from step 300 on")


def test_single_bad_batches_are_no_climb():
    assert "climbed" not in diagnose(history([1.0, 0.5, 9.0, 0.5, 0.5, 9.0, 0.5])).finding("erratic-loss").sentence


def test_loss_that_stands_still_after_a_healthy_start_is_blamed_on_the_steps():
    norms = [[0.0, 0.0, 0.0]] + [[-9.0, -4.0, 0.0]] * 99
    found = diagnose(history([2.0] * 100, quantities={"state": frozen(norms)})).finding("slow-loss")
    assert "a sign of a high learning rate" in found.sentence


def test_plateau_is_told_with_its_beginning():
    losses = [2.0 - 0.1 * step for step in range(10)] + [1.0] * 90
    found = diagnose(history(losses)).finding("slow-loss")
    assert found.severity is Severity.WARNING
    assert 5 <= found.steps[0] <= 15
    assert "small learning rate" in found.sentence


def test_plateau_after_a_short_fall_does_not_begin_with_the_run():
    noise = np.random.default_rng(0).normal(0.0, 0.03, 600)
    losses = 2.306 + 0.5 * np.exp(-np.arange(600) / 15) + noise
    for rows in (200, 600):
        assert 24 <= diagnose(history(losses[:rows].tolist())).finding("slow-loss").steps[0] <= 80


def test_plateau_that_begins_with_the_run_is_told_from_its_first_step_on():
    losses = 2.3 + np.random.default_rng(0).normal(0.0, 0.03, 600)
    assert diagnose(history(losses.tolist())).finding("slow-loss").steps[0] <= 16


def test_every_sign_answers_where_nothing_was_recorded():
    found = diagnose(history([1.0], quantities={}))
    assert len(found.findings) == len(SIGNS) - 1  # no time, so no memory
    assert all(finding.severity in (Severity.NOT_RECORDED, Severity.FINE) for finding in found.findings)


def test_most_severe_findings_come_first_and_their_evidence_exists():
    experiment = deep("sigmoid", 20, Glorot(), recording=ALL, training=slowly(0.05, 60))
    findings = diagnose(trained(experiment), experiment).findings
    order = [list(Severity).index(finding.severity) for finding in findings]
    assert order == sorted(order, reverse=True)
    assert findings[0].sign == "gradient-flow"
    shown = [finding.evidence.quantity for finding in findings if finding.evidence is not None]
    assert set(shown) <= {*QUANTITIES, ""}


def test_loss_that_only_came_down_from_a_climb_is_not_said_to_stand_still():
    found = diagnose(history(np.append([2.0, 2.0], np.linspace(3.0, 2.1, 98)).tolist())).finding("slow-loss")
    assert found.sentence.endswith("no lower than it began: the network stagnates.")
    assert found.steps == ()


def test_loss_that_fell_and_climbed_again_is_not_said_to_stand_still():
    fallen, back = np.linspace(2.7, 1.5, 40), np.linspace(1.5, 2.2, 20)
    found = diagnose(history([*fallen, *back]))
    assert found.learning is Learning.RELAPSES
    sign = found.finding("slow-loss")
    assert sign.severity is Severity.WARNING
    assert sign.sentence.startswith("The loss went from 2.7 at step 0 down to 1.6")
    assert "from step 32 on, and is back at 1.94, its mean from step 45 on" in sign.sentence
    assert (sign.steps, "stagnates" in sign.sentence) == ((), False)


def test_plateau_of_a_loss_that_scatters_is_told_of_its_means_and_with_its_first_loss():
    losses = np.append(0.69, 0.63 + np.random.default_rng(0).normal(0.0, 0.04, 159))
    found = diagnose(history(losses)).finding("slow-loss")
    level, since = losses[120:].mean(), found.steps[0]
    assert found.sentence.startswith(f"The loss went from 0.69 at step 0 to {level:.3g}, its mean from step 120 on")
    assert f"over every quarter of the run since about step {since} its mean was within 3% of that" in found.sentence
    quarters = [losses[first : first + 40].mean() for first in range(since, 121, 4)]
    np.testing.assert_allclose(quarters, level, rtol=0.03)


def test_loss_that_fell_within_the_first_rows_of_a_long_run_is_lower_than_it_began():
    fall, climb, way_down = 2.3 * np.exp(-np.arange(60) / 4) + 0.3, np.full(2900, 0.8), np.linspace(0.8, 0.5, 3040)
    run = history([*fall, *climb, *way_down])
    found = diagnose(run).finding("slow-loss")
    assert found.sentence.startswith("The loss went from 2.6 at step 0 to 0.58")
    assert "no lower" not in found.sentence
    assert diagnose(run).learning is Learning.LEARNS
