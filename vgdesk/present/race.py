"""A remedy race as it is shown: one row per lane, the experiment as it is first, then the best, with its honest word.

The small profiles share one axis: |dL/dh| of each place against that of the place nearest the loss, in decades, so that
lanes whose losses differ can be compared.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vgdesk.present.diagnosis import verdict_tone, verdict_words
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.scenes import Tone
from vgdesk.records.finding import Learning, Verdict
from vgdesk.records.race import AS_IT_IS, Lane, Race, Trial
from vgdesk.records.remedy import Helps
from vgdesk.records.spelling import magnitude_text
from vgdesk.spec.network import FeedForward

MOST_BARS = 24
CURED, NOT_CURED = "✓ Cured by", "✕ Not cured by"
_LEARNING = (Learning.LEARNS, Learning.LEARNED, Learning.SLOWLY)
LOWEST, HIGHEST = -16.0, 6.0
"""Decades that the small profiles show at most; what lies beyond ends at the border."""
COLUMNS = (
    "Remedy\nits honest word",
    "Gradient back\nto the input",
    "γᴸ at start\nat the end",
    "Verdict\nlearning",
    "Loss\nright",
    "Time\n ",
    "Speed\n1st / last",
    "Step of 1st\n|ΔW| / |W|",
)
COLUMN_HELP = (
    "The best final loss stands first",
    "|∂L/∂h| of each place against the one nearest the loss, log scale: outline at the start, bars at the end",
    "What is left of a gradient after all layers or time steps: before the first update, and at the end",
    "What becomes of the gradient, and what the loss does",
    "Loss on all training examples after the last update, and the share of right answers",
    "Training time of one run, compilation not counted",
    "Speed of learning (Nielsen), before the first update: |∂L/∂b| of the first place over that of the last",
    "Last update of the first weights over their size; about 10⁻³ is usual",
)


@dataclass(frozen=True)
class SmallProfile:
    """Is a profile in small: decades per place at the start and at the end, in the shared range; nan = none."""

    start: tuple[float, ...]
    end: tuple[float, ...]


@dataclass(frozen=True)
class RaceRow:
    """Is one lane: `cells` are pairs (large, small) for the columns of `COLUMNS` but the second."""

    name: str
    cells: tuple[tuple[str, str], ...]
    profile: SmallProfile | None
    tone: Tone
    is_current: bool
    tip: str


@dataclass(frozen=True)
class RaceScene:
    """Is a race: `low` and `high` are the range of all small profiles, `cured` and `not_cured` are titles of lanes."""

    experiment: str
    rows: tuple[RaceRow, ...]
    low: float
    high: float
    done: int
    total: int
    words: str
    cured: tuple[str, ...] = ()
    not_cured: tuple[str, ...] = ()


def race_scene(race: Race) -> RaceScene:
    """Returns the scene of a race, finished or not."""
    # What a remedy is measured against stands first; `sorted` keeps the ranks of the others.
    rows = tuple(_row(lane) for lane in sorted(race.lanes, key=lambda lane: lane.name != AS_IT_IS))
    shown = [value for row in rows if row.profile for part in (row.profile.start, row.profile.end) for value in part]
    finite = [value for value in shown if math.isfinite(value)]
    cured, not_cured = outcome(race)
    seeds = "1 seed" if len(race.seeds) == 1 else f"{len(race.seeds)} seeds"
    return RaceScene(
        experiment=race.experiment,
        rows=rows,
        low=math.floor(min(finite, default=-1.0)) - 0.5,
        high=max(1.0, math.ceil(max(finite, default=0.0))),
        done=race.done,
        total=race.total,
        words=f"{race.steps} steps, {seeds} · {race.done} of {race.total} trained",
        cured=cured,
        not_cured=not_cured,
    )


def outcome(race: Race) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns what makes a sick gradient healthy while the network learns, and what leaves it sick, by their titles.

    A network that learned in between and ends with a loss no lower than it began has not been cured. Both are empty
    until the experiment as it is has been trained, and where that is healthy.
    """
    through = [lane for lane in race.lanes if lane.trials and lane.name != AS_IT_IS]
    current = next((lane for lane in race.lanes if lane.name == AS_IT_IS and lane.trials), None)
    if current is None or current.verdict in (Verdict.HEALTHY, Verdict.UNDETERMINED):
        return (), ()
    healthy = [lane for lane in through if lane.verdict is Verdict.HEALTHY]
    cured = [lane for lane in healthy if lane.learning in _LEARNING and not lane.ends_no_lower]
    sick = [lane for lane in through if lane.verdict is not Verdict.HEALTHY]
    sick.sort(key=lambda lane: lane.helps not in (Helps.NO, Helps.WORSE))
    return tuple(lane.title for lane in cured), tuple(lane.title for lane in sick)


def listed(words: str, titles: Sequence[str], most: int | None = None) -> str:
    """Returns the first few of several titles, all unless told otherwise, and how many there are beside them."""
    told = titles[:most]
    more = len(titles) - len(told)
    if not told:
        return ""
    return f"{words} {', '.join(told)}{f' and {more} more' if more else ''}"


def loss_words(lane: Lane, digits: int = 3) -> str:
    """Returns the loss at the end; also where it began, if a network that is said to learn ends no lower than that."""
    if not math.isfinite(lane.loss):
        return "not finite"
    is_back = lane.ends_no_lower and lane.learning in _LEARNING
    began = f", from {number_text(lane.loss_at_start, digits)}" if is_back else ""
    return number_text(lane.loss, digits) + began


def _row(lane: Lane) -> RaceRow:
    trial = lane.trials[0] if lane.trials else None
    title = f"{lane.title[0].upper()}{lane.title[1:]}"
    word = lane.sentence or "the experiment without a remedy"
    return RaceRow(
        name=lane.name,
        cells=((title, word), *(_cells(lane, trial) if trial else (("…", ""),) + (("", ""),) * 5)),
        profile=_profile(trial) if trial else None,
        tone=verdict_tone(lane.verdict) if trial else Tone.SYMBOLIC,
        is_current=lane.name == AS_IT_IS,
        tip="\n".join(part for part in (title, lane.difference, f"{word[0].upper()}{word[1:]}.") if part),
    )


def _cells(lane: Lane, trial: Trial) -> tuple[tuple[str, str], ...]:
    return (
        (_left(lane.log10_gain_at_start), f"→ {_left(lane.log10_gain)}"),
        (verdict_words(lane.verdict), str(lane.learning)),
        (
            loss_words(lane),
            "" if math.isnan(lane.accuracy) else f"{lane.accuracy:.0%} right",
        ),
        (f"{number_text(lane.seconds, 2)} s" if lane.seconds < 10 else f"{lane.seconds:.0f} s", ""),
        _speed(lane, trial),
        (_left(float(trial.log10_update_ratio[0])), "at end"),
    )


def _speed(lane: Lane, trial: Trial) -> tuple[str, str]:
    """Returns how fast the first place learns; a bias before batch normalisation has gradient 0 and tells nothing."""
    network = lane.experiment.network
    if isinstance(network, FeedForward) and network.layers[0].normalisation == "batch":
        return "–", "no bias in 1st"
    first, last = float(trial.log10_speed[0]), float(trial.log10_speed[-1])
    return ("exactly 0" if first == -math.inf else _left(first - last)), "at start"


def _left(log10: float) -> str:
    """Returns a ratio: "0.31" near 1, "1.5×10⁻¹²" far from it."""
    if not math.isfinite(log10) or abs(log10) > 2:
        return "–" if math.isnan(log10) else magnitude_text(log10, 2)
    return number_text(10.0**log10, 2)


def _profile(trial: Trial) -> SmallProfile:
    return SmallProfile(_decades(trial.log10_state_at_start), _decades(trial.log10_state))


def _decades(log10: np.ndarray) -> tuple[float, ...]:
    """Returns decades against the last place, of at most `MOST_BARS` places spread over all."""
    if len(log10) == 0 or not math.isfinite(float(log10[-1])):
        return ()
    chosen = np.unique(np.linspace(0, len(log10) - 1, min(MOST_BARS, len(log10))).round().astype(int))
    with np.errstate(invalid="ignore"):
        against = (log10 - log10[-1])[chosen]
    return tuple(float(min(max(value, LOWEST), HIGHEST)) for value in against)
