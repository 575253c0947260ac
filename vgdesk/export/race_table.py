"""A remedy race -> comma-separated table: one row per remedy and seed, remedies in the order of the race.

Columns: remedy, seed, helps, difference, log10_gain_at_start, log10_gain (gamma^L), verdict_at_start, verdict,
learning, outcome, steps, loss_at_start, loss, accuracy (empty where the task has no classes), seconds.
"""

import csv
import io
import math

from vgdesk.records.race import Lane, Race, Trial

COLUMNS = (
    "remedy",
    "seed",
    "helps",
    "difference",
    "log10_gain_at_start",
    "log10_gain",
    "verdict_at_start",
    "verdict",
    "learning",
    "outcome",
    "steps",
    "loss_at_start",
    "loss",
    "accuracy",
    "seconds",
)


def race_table(race: Race) -> bytes:
    """Returns the table in UTF-8; numbers are `repr` of float64."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(lane, trial) for lane in race.lanes for trial in lane.trials)
    return text.getvalue().encode()


def _row(lane: Lane, trial: Trial) -> tuple[str, ...]:
    return (
        lane.name,
        str(trial.seed),
        "" if lane.helps is None else str(lane.helps),
        lane.difference,
        repr(trial.log10_gain_at_start),
        repr(trial.diagnosis.log10_gain),
        str(trial.verdict_at_start),
        str(trial.diagnosis.verdict),
        str(trial.diagnosis.learning),
        str(trial.outcome),
        str(trial.steps),
        repr(trial.loss_at_start),
        repr(trial.loss),
        "" if math.isnan(trial.accuracy) else repr(trial.accuracy),
        repr(trial.seconds),
    )
