"""What a diagnosis remembers of a run: a few numbers and the latest row, brought forward by each new part.

    seen = begin(experiment)            or begin() where only the record is at hand
    seen = observe(seen, part)          as often as rows arrive; the parts may be cut anywhere

Each step costs a time that depends on the new rows alone, so a run is watched while it is trained.
"""

import math

import msgspec
import numpy as np

from vgdesk.diagnosis.buckets import Buckets
from vgdesk.diagnosis.chance import chance_loss
from vgdesk.diagnosis.gain import Span, is_blocked, span_of
from vgdesk.diagnosis.labels import LIMITS, ended_by_non_finite, next_verdict, smoothed
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.finding import Verdict
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.places import Places
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Lstm, Recurrent

JUMP = 3.0
"""A loss this many times the one before is a jump; noise of mini-batches stays below."""
_NOWHERE = Span("", 0, 0)


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """Is what was seen up to `step`.

    Attributes
    ----------
    experiment
        Name.
    spec
        The experiment itself where it is known.
    chance
        Loss of whoever has learned nothing, infinite where it is not known; told once, for there may be many targets.
    places, span
        Where gamma is taken.
    rows, step
        Number of rows seen, and the step of the last.
    verdict, level
        Verdict so far, and the running mean of log10 gamma.
    first_verdict
        Verdict on the first row alone.
    first_factor
        log10 of |dL/dh^0| / |dL/dh^1| when it was last measured, nan before.
    zero_rows
        Number of latest rows in which exactly nothing arrived at the input.
    latest
        Quantity -> its last row in which something was measured.
    first_norm
        |W| per weight matrix when it was first measured, log10.
    loss
        Course of the loss.
    first_loss, last_loss, jumps, jump_step
        First and last finite loss; number of jumps and the step of the first (-1).
    first_loss_step, highest_step
        Steps of the first and of the highest finite loss.
    mean_loss, highest_loss, climb_step
        Running mean and maximum of the finite losses; first step at which the mean was `JUMP` times the first loss
        (-1). Unlike a jump it does not hang on which steps were recorded.
    accuracy
        Last share of right answers, on held-out examples where there are any; nan without.
    is_finite, breakdown
        Whether all was finite, else what was not.
    """

    experiment: str = ""
    spec: Experiment | None = None
    chance: float = math.inf
    places: Places = Places.LAYERS
    span: Span = _NOWHERE
    rows: int = 0
    step: int = 0
    verdict: Verdict = Verdict.UNDETERMINED
    first_verdict: Verdict = Verdict.UNDETERMINED
    level: float = math.nan
    first_factor: float = math.nan
    zero_rows: int = 0
    latest: dict[str, np.ndarray] = {}
    first_norm: np.ndarray | None = None
    loss: Buckets = Buckets()
    first_loss: float = math.nan
    last_loss: float = math.nan
    jumps: int = 0
    jump_step: int = -1
    mean_loss: float = math.nan
    highest_loss: float = math.nan
    climb_step: int = -1
    first_loss_step: int = -1
    highest_step: int = -1
    accuracy: float = math.nan
    is_finite: bool = True
    breakdown: Breakdown | None = None

    @property
    def log10_gain(self) -> float:
        """log10 gamma^L, over as many factors as gamma tells of (`Span.factors`)."""
        return self.level * self.span.factors

    @property
    def is_blocked(self) -> bool:
        """Whether a gradient arrives at layer 1 and ends there, at slopes that are 0."""
        known = {name: row[None] for name, row in self.latest.items() if name in ("state", "delta")}
        return self.verdict is Verdict.DEAD and bool(known) and bool(is_blocked(self.span, known)[0])

    @property
    def is_mean(self) -> bool:
        """Whether the gain is a running mean over several rows, so that a single step shows another."""
        return self.rows > 1 and math.isfinite(self.level)


def begin(experiment: Experiment | None = None) -> Observation:
    """Returns what is known before the first row."""
    name = "" if experiment is None else experiment.name
    return Observation(spec=experiment, experiment=name, chance=chance_loss(experiment))


def observe(seen: Observation, part: GradientHistory) -> Observation:
    """Returns what is known after further rows of the same run."""
    known = _with_breakdown(seen, part)
    if part.rows == 0:
        known = _with_input(known, part)
        has_ended = part.outcome is RunOutcome.NON_FINITE and known.span.is_usable
        return _changed(known, verdict=ended_by_non_finite(known.verdict)) if has_ended else known
    if known.rows == 0:
        span = span_of(part.quantities, part.signals, _is_lstm(known.spec, part))
        known = _changed(known, experiment=part.experiment, places=part.signals, span=span)
    return _with_measures(_with_loss(_with_gain(known, part), part), part)


def observe_profile(profile: GradientProfile) -> Observation:
    """Returns what a single profile shows, whichever route it comes from."""
    row = profile.log10_norm[None]
    part = GradientHistory(
        experiment=profile.experiment,
        loss=np.full(1, math.nan),
        quantities={profile.quantity: row},
        signals=profile.places,
        step_numbers=np.array([profile.step]),
    )
    return observe(begin(), part)


def _is_lstm(spec: Experiment | None, part: GradientHistory) -> bool:
    if spec is None:
        return "forget-gate" in part.quantities
    return isinstance(spec.network, Recurrent) and isinstance(spec.network.cell, Lstm)


def _with_gain(seen: Observation, part: GradientHistory) -> Observation:
    span = seen.span
    if not span.is_usable:
        return _changed(seen, rows=seen.rows + part.rows, step=int(part.step_numbers[-1]))
    verdict, level, zero_rows, rows = seen.verdict, seen.level, seen.zero_rows, seen.rows
    first = seen.first_verdict
    gammas = span.log10_gammas(part.quantities[span.quantity], _first_factors(seen, part))
    seen = _with_input(seen, part)
    limit, factors = LIMITS[seen.places], seen.span.factors
    for gamma in gammas.tolist():
        rows += 1
        if math.isnan(gamma):
            continue
        zero_rows = zero_rows + 1 if gamma == -math.inf else 0
        if zero_rows == 0 or not math.isfinite(level):
            level = smoothed(level, gamma)
        verdict = next_verdict(verdict, level * factors, limit, zero_rows, rows)
        if verdict is Verdict.DEAD:
            level = -math.inf
        first = verdict if first is Verdict.UNDETERMINED else first
    if part.outcome is RunOutcome.NON_FINITE:
        verdict = ended_by_non_finite(verdict)
    step = int(part.step_numbers[-1])
    return _changed(seen, verdict=verdict, first_verdict=first, level=level, zero_rows=zero_rows, rows=rows, step=step)


def _first_factors(seen: Observation, part: GradientHistory) -> np.ndarray:
    """Returns what the first layer handed on when it was last measured, for each row of the part; -inf of nothing."""
    factors = np.full(part.rows, math.nan)
    if seen.span.takes_input:
        factors = part.evaluations.first_factors_at(part.step_numbers, seen.first_factor)
    network = None if seen.spec is None else seen.spec.network
    return np.where(is_blocked(seen.span, part.quantities, network), -math.inf, factors)


def _with_input(seen: Observation, part: GradientHistory) -> Observation:
    """Remembers what the first layer handed on last; a part may end with a measurement whose step has no row."""
    factors = part.evaluations.first_factors
    factors = factors[~np.isnan(factors)]
    if not len(factors) or not seen.span.takes_input:
        return seen
    return _changed(seen, first_factor=float(factors[-1]), span=seen.span._replace(has_input=True))


def _with_loss(seen: Observation, part: GradientHistory) -> Observation:
    finite = part.loss[np.isfinite(part.loss)]
    first_loss = float(finite[0]) if math.isnan(seen.first_loss) and len(finite) else seen.first_loss
    before = np.concatenate([[seen.last_loss], part.loss[:-1]])
    with np.errstate(invalid="ignore", over="ignore"):
        # noise around a loss that has become small is no jump
        jumped = (part.loss > JUMP * before) & (part.loss > first_loss / 2)
    jumps = np.flatnonzero(jumped & np.isfinite(part.loss))
    first = int(part.step_numbers[jumps[0]]) if len(jumps) and seen.jumps == 0 else seen.jump_step
    return _changed(
        _with_climb(seen, part, first_loss),
        loss=seen.loss.add(part.loss, part.step_numbers),
        first_loss=first_loss,
        last_loss=float(finite[-1]) if len(finite) else seen.last_loss,
        jumps=seen.jumps + len(jumps),
        jump_step=first,
    )


def _with_climb(seen: Observation, part: GradientHistory, first_loss: float) -> Observation:
    """Follows the running mean of the loss; a single bad batch, counted as twice the limit at most, hardly lifts it."""
    mean, highest, climb_step = seen.mean_loss, seen.highest_loss, seen.climb_step
    first_step, highest_step = seen.first_loss_step, seen.highest_step
    limit = JUMP * max(first_loss, seen.chance if math.isfinite(seen.chance) else 0.0)
    for loss, step in zip(part.loss.tolist(), part.step_numbers.tolist(), strict=True):
        if not math.isfinite(loss):
            continue
        mean = smoothed(mean, min(loss, 2 * limit))
        first_step = step if first_step < 0 else first_step
        if not loss <= highest:
            highest, highest_step = loss, step
        if climb_step < 0 and mean > limit:
            climb_step = step
    return _changed(
        seen,
        mean_loss=mean,
        highest_loss=highest,
        climb_step=climb_step,
        first_loss_step=first_step,
        highest_step=highest_step,
    )


def _with_measures(seen: Observation, part: GradientHistory) -> Observation:
    latest, norm = dict(seen.latest), seen.first_norm
    for name, values in part.quantities.items():
        measured = np.flatnonzero(~np.isnan(values).any(axis=1)) if np.isnan(values[-1]).any() else [part.rows - 1]
        if len(measured):
            latest[name] = values[measured[-1]]
    if norm is None and "weight-norm" in part.quantities:
        known = part.quantities["weight-norm"]
        measured = np.flatnonzero(~np.isnan(known).any(axis=1))
        norm = known[measured[0]] if len(measured) else None
    return _changed(seen, latest=latest, first_norm=norm)


def _with_breakdown(seen: Observation, part: GradientHistory) -> Observation:
    found = part.evaluations
    accuracy = seen.accuracy
    for column in (found.accuracy, found.held_out_accuracy):
        if len(column) and not math.isnan(column[-1]):
            accuracy = float(column[-1])
    is_finite = seen.is_finite and part.outcome is not RunOutcome.NON_FINITE
    return _changed(seen, accuracy=accuracy, is_finite=is_finite, breakdown=part.breakdown or seen.breakdown)


def _changed(seen: Observation, **fields: object) -> Observation:
    return msgspec.structs.replace(seen, **fields)
