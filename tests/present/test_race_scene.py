"""A race in rows: ranked as the race ranks, one shared axis for the small profiles, honest words, no false numbers."""

import math

import msgspec
import numpy as np

from tests.histories import history
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.diagnosis.remedies.catalogue import offer
from vgdesk.present.race import COLUMN_HELP, COLUMNS, CURED, MOST_BARS, NOT_CURED, RaceRow, listed, outcome, race_scene
from vgdesk.records.codec import frozen
from vgdesk.records.finding import Verdict
from vgdesk.records.history import RunOutcome
from vgdesk.records.race import AS_IT_IS, Lane, Race, Trial
from vgdesk.spec.library import example

SICK = example("digits-sigmoid-20")


def trial(state: np.ndarray, loss: float = 2.3, accuracy: float = 0.1) -> Trial:
    run = history([loss] * 30, quantities={"state": frozen(np.tile(state, (30, 1)))})
    return Trial(
        seed=0, diagnosis=diagnose(run), verdict_at_start=Verdict.VANISHING, log10_gain_at_start=-12.0,
        outcome=RunOutcome.COMPLETED, steps=30, seconds=0.5, loss_at_start=2.3, loss=loss, accuracy=accuracy,
        log10_state_at_start=frozen(state), log10_state=frozen(state), log10_speed=frozen(state),
        log10_update_ratio=frozen(state),
    )  # fmt: skip


def lane(names: str, *trials: Trial) -> Lane:
    if names == AS_IT_IS:
        return Lane(name=names, title=names, experiment=SICK, trials=trials)
    found = offer(SICK, names)
    assert found.experiment is not None
    return Lane(
        name=names, title=found.title, experiment=found.experiment, word=found.word, helps=found.helps,
        difference=found.difference, trials=trials,
    )  # fmt: skip


def rows(*lanes: Lane) -> dict[str, RaceRow]:
    race = Race(experiment="sick", lanes=lanes, seeds=(0,), steps=30, done=len(lanes), total=25)
    return {row.name: row for row in race_scene(race).rows}


def falling(layers: int = 20, per_layer: float = 0.6) -> np.ndarray:
    return (np.arange(layers) - layers + 1) * per_layer - 1.0


def test_row_has_a_pair_of_words_for_every_column_but_the_picture():
    row = rows(lane("tanh", trial(falling())))["tanh"]
    assert len(row.cells) == len(COLUMNS) - 1


def test_clipping_is_said_not_to_help():
    row = rows(lane("clipping", trial(falling())))["clipping"]
    assert row.cells[0][1].startswith("does not help vanishing: clipping bounds from above")


def test_experiment_as_it_is_stands_out_and_has_no_word():
    found = rows(lane("tanh", trial(falling())), lane(AS_IT_IS, trial(falling())))
    assert {name: row.is_current for name, row in found.items()} == {AS_IT_IS: True, "tanh": False}


def test_small_profile_is_measured_against_the_place_nearest_the_loss():
    profile = rows(lane("tanh", trial(falling(5))))["tanh"].profile
    assert profile is not None
    np.testing.assert_allclose(profile.end, [-2.4, -1.8, -1.2, -0.6, 0.0], atol=1e-12)


def test_a_thousand_time_steps_are_drawn_by_a_few_bars_with_both_ends():
    profile = rows(lane("tanh", trial(falling(784, 0.01))))["tanh"].profile
    assert profile is not None
    assert len(profile.end) == MOST_BARS
    assert math.isclose(profile.end[0], -7.83)
    assert profile.end[-1] == 0.0


def test_lane_that_is_not_through_has_no_numbers():
    row = rows(lane("tanh"))["tanh"]
    assert row.profile is None
    assert [cell for cell in row.cells[1:] if any(cell)] == [("…", "")]


def test_loss_that_is_not_finite_is_said_to_be_so():
    row = rows(lane("tanh", trial(falling(), math.nan, math.nan)))["tanh"]
    assert row.cells[3] == ("not finite", "")


def test_bias_before_batch_normalisation_has_no_speed():
    found = rows(lane("batch-norm", trial(falling())), lane("tanh", trial(falling())))
    assert found["batch-norm"].cells[5] == ("–", "no bias in 1st")
    assert found["tanh"].cells[5] == ("4.0×10⁻¹²", "at start")


def test_speed_and_update_are_columns_of_their_own_that_say_what_they_are():
    columns = dict(zip((column for column in COLUMNS if "input" not in column), rows_of_tanh(), strict=True))
    assert columns["Speed\n1st / last"] == ("4.0×10⁻¹²", "at start")
    assert columns["Step of 1st\n|ΔW| / |W|"] == ("4.0×10⁻¹³", "at end")
    assert len(COLUMN_HELP) == len(COLUMNS)


def rows_of_tanh() -> tuple[tuple[str, str], ...]:
    return rows(lane("tanh", trial(falling())))["tanh"].cells


def test_dead_gradient_is_exactly_zero_and_not_a_small_number():
    silent = np.array([-np.inf, -np.inf, 0.0])
    row = rows(lane("tanh", trial(silent)))["tanh"]
    assert row.cells[1][1] == "→ exactly 0"
    assert row.profile is not None
    assert row.profile.end[-1] == 0.0


def cured(loss: float = 0.4) -> Trial:
    """Returns a trial whose gradient stays and whose loss falls."""
    flat = np.zeros(20)
    falling_loss = np.linspace(2.3, loss, 100)
    run = history(falling_loss.tolist(), quantities={"state": frozen(np.tile(flat, (100, 1)))})
    return msgspec.structs.replace(trial(flat, loss, 0.9), diagnosis=diagnose(run))


def words_of(*lanes: Lane, most: int | None = None) -> str:
    race = Race(experiment="sick", lanes=lanes, seeds=(0,), steps=30, done=len(lanes), total=25)
    lines = (listed(lead, titles, most) for lead, titles in zip((CURED, NOT_CURED), outcome(race), strict=True))
    return "\n".join(filter(None, lines))


def test_summary_says_what_cures_and_names_first_what_cannot():
    sick = [lane(name, trial(falling())) for name in ("swish", "clipping", "l2", "faster-hardware", AS_IT_IS)]
    lines = words_of(lane("tanh", cured()), *sick).split("\n")
    assert lines[0] == "✓ Cured by tanh with Xavier"
    assert lines[1].startswith("✕ Not cured by gradient clipping, L2 (weight decay), hardware 2 times as fast, swish")


def test_summary_is_silent_until_the_experiment_as_it_is_was_trained_and_when_it_is_healthy():
    assert words_of(lane("tanh", cured()), lane(AS_IT_IS)) == ""
    assert words_of(lane("tanh", cured()), lane(AS_IT_IS, cured())) == ""


def test_summary_counts_what_it_does_not_name():
    names = ("tanh", "relu", "elu", "selu", "prelu", "leaky-relu", "batch-norm", "residual")
    words = words_of(*(lane(name, cured()) for name in names), lane(AS_IT_IS, trial(falling())), most=6)
    assert words.endswith("and 2 more")


def test_experiment_as_it_is_stands_above_all_remedies_and_these_keep_their_ranks():
    found = rows(lane("tanh", cured()), lane("relu", cured(0.5)), lane(AS_IT_IS, trial(falling())))
    assert list(found) == [AS_IT_IS, "tanh", "relu"]


def test_nothing_is_left_out_of_the_names_of_what_cured():
    names = ("tanh", "relu", "elu", "selu", "prelu", "leaky-relu", "batch-norm")
    lanes = (*(lane(name, cured()) for name in names), lane(AS_IT_IS, trial(falling())))
    race = Race(experiment="sick", lanes=lanes, seeds=(0,), steps=30, done=len(lanes), total=25)
    assert len(race_scene(race).cured) == len(names)
    assert listed(CURED, race_scene(race).cured).endswith("batch normalisation")


def test_lane_that_ends_no_lower_than_it_began_has_the_word_of_its_diagnosis_and_cures_nothing():
    back = msgspec.structs.replace(cured(), loss=2.38, accuracy=0.1)
    row = rows(lane("relu", back), lane(AS_IT_IS, trial(falling())))["relu"]
    assert row.cells[2] == ("✓ healthy", str(back.diagnosis.learning)) == ("✓ healthy", "learns")
    assert row.cells[3] == ("2.38, from 2.3", "10% right")
    assert "ReLU" not in words_of(lane("relu", back), lane(AS_IT_IS, trial(falling())))


def test_loss_at_the_start_is_as_the_one_at_the_end_the_median_over_seeds():
    starts = [msgspec.structs.replace(cured(), loss_at_start=start, loss=start + 0.1) for start in (9.0, 2.3, 2.2)]
    assert rows(lane("relu", *starts))["relu"].cells[3][0] == "2.4, from 2.3"
