"""A run is watched while it is trained: part by part, without flicker, to the same end as all at once."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import network_experiment
from tests.diagnosis.networks import deep, slowly
from tests.histories import history, profile
from vgdesk.diagnosis.buckets import MOST, Buckets
from vgdesk.diagnosis.diagnose import conclude, diagnose, diagnose_profile
from vgdesk.diagnosis.labels import BACK, LIMITS, learning_label, next_verdict
from vgdesk.diagnosis.observation import begin, observe
from vgdesk.records.codec import from_bytes, frozen, to_bytes
from vgdesk.records.finding import Diagnosis, Learning, Severity, Verdict
from vgdesk.records.history import RunOutcome, concatenate
from vgdesk.records.places import Places
from vgdesk.spec.initialisation import He
from vgdesk.spec.recording import Recording, What
from vgdesk.spec.training import Sgd, Training
from vgdesk.training.loop import Trainer

ALL = Recording(what=What(quantities=("saturated", "dead", "weight-norm", "weight-change", "update")))
LIMIT = LIMITS[Places.LAYERS]


def filled(losses: np.ndarray) -> Buckets:
    return Buckets().add(losses, np.arange(len(losses)))


def state_history(gains: list[float], layers: int = 4, **fields: object):
    """Returns a run whose log10 |dL/dh^1| against |dL/dh^L| is what is given, row by row."""
    state = np.array([[gain * (1 - layer / (layers - 1)) for layer in range(layers)] for gain in gains])
    quantities = {"weight": frozen(np.zeros_like(state)), "state": frozen(state)}
    return history([1.0] * len(gains), layers=layers, **{"quantities": quantities, **fields})


@given(st.lists(st.integers(1, 37), min_size=1, max_size=12))
def test_parts_may_be_cut_anywhere(lengths: list[int]):
    experiment = deep("relu", 4, He(), width=8, training=slowly(0.05, sum(lengths)), recording=ALL)
    trainer, seen, parts = Trainer(experiment), begin(experiment), []
    for length in lengths:
        parts.append(trainer.advance(length))
        seen = observe(seen, parts[-1])
    # that a training is the same however it is cut is a test of its own (test_evaluation, test_loop)
    assert conclude(seen) == diagnose(concatenate(parts), experiment)


@given(st.lists(st.floats(-LIMIT, -LIMIT + 0.9 * BACK), min_size=1, max_size=60), st.sampled_from(list(Verdict)[:2]))
def test_gain_that_trembles_at_the_limit_does_not_flicker(gains: list[float], before: Verdict):
    verdict = before
    for gain in gains:
        verdict = next_verdict(verdict, gain, LIMIT, 0, 10)
        assert verdict is before


def test_verdict_follows_a_gain_that_really_changes():
    # 4 layers: log10 gamma^4 is 4/3 of the fall between layer 4 and layer 1
    run = state_history([-6.0] * 30 + [0.0] * 30)
    assert diagnose(run).verdict is Verdict.HEALTHY
    assert diagnose(state_history([-6.0] * 30 + [0.0] * 2)).verdict is Verdict.VANISHING


def test_one_batch_without_gradient_does_not_make_a_network_dead():
    silent = -np.inf
    alive = state_history([0.0, 0.0, 0.0])
    rows = alive.values("state").copy()
    rows[1, 0] = silent
    once = msgspec.structs.replace(alive, quantities={"state": frozen(rows)})
    assert diagnose(once).verdict is Verdict.HEALTHY
    rows[:, 0] = silent
    always = msgspec.structs.replace(alive, quantities={"state": frozen(rows)})
    assert diagnose(always).verdict is Verdict.DEAD
    assert diagnose(always).finding("gradient-flow").places == (1,)


def test_profile_of_any_route_is_diagnosed_and_names_its_basis():
    found = diagnose_profile(profile([-8.0, -5.0, -2.0, 0.0], "theory", "delta"))
    assert found.verdict is Verdict.VANISHING
    assert found.log10_gain == pytest.approx(-8.0 * 4 / 3)
    assert "|∂L/∂z|" in found.basis
    assert found.learning is Learning.TOO_EARLY


def test_a_layer_without_neighbour_has_no_verdict():
    found = diagnose_profile(profile([-3.0], quantity="state"))
    assert found.verdict is Verdict.UNDETERMINED
    assert found.finding("gradient-flow").severity is Severity.NOT_RECORDED


def test_diagnosis_crosses_a_process_border():
    experiment = deep("relu", 4, He(), width=8, training=slowly(0.05, 30), recording=ALL)
    found = diagnose(Trainer(experiment).advance(30), experiment)
    assert from_bytes(to_bytes(found), Diagnosis) == found


@given(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=400))
def test_buckets_keep_the_mean_in_bounded_room(losses: list[float]):
    found = filled(np.array(losses))
    assert len(found.means) < MOST
    kept = sum(found.means) * found.size + found.total
    assert kept == pytest.approx(sum(losses), rel=1e-12)
    half = len(losses) // 2
    assert filled(np.array(losses[:half])).add(np.array(losses[half:]), np.arange(half, len(losses))) == found


@pytest.mark.parametrize(
    ("losses", "accuracy", "label"),
    [
        (np.linspace(2.0, 1.9, 10), np.nan, Learning.TOO_EARLY),
        (np.linspace(2.0, 0.9, 100), np.nan, Learning.LEARNS),
        (np.linspace(2.0, 1.8, 100), np.nan, Learning.SLOWLY),
        (np.full(100, 2.3), np.nan, Learning.STAGNATES),
        (np.append([2.0, 2.0], np.linspace(3.0, 2.1, 98)), np.nan, Learning.STAGNATES),
        (np.append(np.linspace(2.0, 0.5, 50), np.linspace(0.5, 1.9, 50)), np.nan, Learning.RELAPSES),
        (np.append(np.linspace(2.0, 0.5, 50), np.linspace(0.5, 3.0, 50)), np.nan, Learning.RELAPSES),
        (np.append(np.linspace(2.0, 1.0, 80), np.tile([0.5, 1.8], 10)), np.nan, Learning.LEARNS),
        (np.full(100, 0.4), 0.97, Learning.LEARNED),
        (np.geomspace(2.0, 1e-4, 100), np.nan, Learning.LEARNED),
        (np.linspace(2.0, 9.0, 100), np.nan, Learning.DIVERGES),
    ],
)
def test_learning_is_told_from_the_course_of_the_loss(losses: np.ndarray, accuracy: float, label: Learning):
    for scale in (1.0, 1e9, 1e-9):
        assert learning_label(filled(scale * losses), len(losses), True, accuracy) is label


@pytest.mark.parametrize("rate", [10.0, 1e3, 1e5])
def test_run_that_diverges_to_the_end_of_its_format_is_told_so(rate: float):
    training = Training(optimiser=Sgd(learning_rate=rate), steps=200)
    run = network_experiment([1, 1], ["identity"], [[1.0], [-1.0]], [[1.0], [-1.0]], "mse", training=training)
    history = Trainer(run).advance(200)
    assert history.loss[np.isfinite(history.loss)].max() > 1e300  # whose square is no number any more
    assert diagnose(history.part(0, history.rows - 1), run).learning is Learning.DIVERGES


def test_run_that_ends_not_finite_after_its_last_row_is_unstable():
    seen = observe(begin(), state_history([0.0] * 30))
    ended = observe(seen, state_history([0.0], outcome=RunOutcome.NON_FINITE).part(1))
    assert conclude(seen).verdict is Verdict.HEALTHY
    assert conclude(ended).verdict is Verdict.UNSTABLE


def test_parts_of_a_history_have_its_rows_and_the_last_one_its_end():
    run = state_history([-1.0, -2.0, -3.0], outcome=RunOutcome.NON_FINITE)
    first, last = run.part(0, 2), run.part(2)
    assert (first.rows, last.rows) == (2, 1)
    assert (first.outcome, last.outcome) == (RunOutcome.RUNNING, RunOutcome.NON_FINITE)
    np.testing.assert_array_equal(concatenate([first, last]).log10_norm("state"), run.log10_norm("state"))
