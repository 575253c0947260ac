"""Runs side by side -> table: one row per run with what it came to, and what differs from the first one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vgdesk.diagnosis.words import factor_words, gain_words
from vgdesk.present.formula.numbers import number_text
from vgdesk.records.comparison import KeptRun
from vgdesk.records.finding import Diagnosis
from vgdesk.records.spelling import magnitude_text
from vgdesk.spec.difference import difference_words
from vgdesk.spec.recording import QUANTITIES

HEAD = ("run", "seed", "steps", "loss", "right", "γ", "γᴸ", "verdict", "learning", "first", "last", "differs by")
HELP = (
    "letter, and what it is called in the legends",
    "seed of the drawn weights and of the order of the examples",
    "updates made",
    "loss of the last recorded step",
    "share of right answers at the last look: held-out examples where there are any, else the batch",
    "how much of the gradient each layer or time step passes on, at the end",
    "what is left of the gradient after all layers or time steps, at the end; "
    "of two layers the one factor between them",
    "what becomes of the gradient on its way back",
    "what the loss does",
    "{} of the first place, next to the input",
    "{} of the last place, next to the loss",
    "what differs from run A; name and title aside",
)
LEFT = ("run", "differs by", "verdict", "learning")
"""Columns of words."""


@dataclass(frozen=True)
class RunTable:
    """Is the table in words; `help` explains each column."""

    head: tuple[str, ...]
    help: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def run_table(runs: Sequence[KeptRun], names: Sequence[str], rows: Sequence[int], quantity: str) -> RunTable:
    """Returns the table; `names` are those of the legends, `rows` the history rows of the last two columns."""
    words = QUANTITIES[quantity].words
    return RunTable(
        head=HEAD,
        help=tuple(text.format(words) for text in HELP),
        rows=tuple((name, *_cells(runs, place, rows[place], quantity)) for place, name in enumerate(names)),
    )


def difference_from_first(runs: Sequence[KeptRun], place: int) -> str:
    """Returns what differs from the first run; "" for the first one itself."""
    return difference_words(runs[0].experiment, runs[place].experiment) if place else ""


def _cells(runs: Sequence[KeptRun], place: int, row: int, quantity: str) -> tuple[str, ...]:
    run = runs[place]
    found, has = run.diagnosis, run.history.has(quantity)
    ends: list[float] = run.history.values(quantity)[row][[0, -1]].tolist() if has else []
    return (
        str(run.experiment.seed),
        f"{run.history.steps_made:,}",
        number_text(run.loss, 4) if math.isfinite(run.loss) else "not finite",
        "–" if math.isnan(run.accuracy) else f"{run.accuracy:.1%}",
        *_gains(found),
        str(found.verdict),
        str(found.learning),
        *((_value_text(value, quantity) for value in ends) if has else ("–", "–")),
        difference_from_first(runs, place) or "–",
    )


def _gains(found: Diagnosis) -> tuple[str, str]:
    """Returns gamma and gamma^L as the verdict writes them, so that one is the power of the other."""
    if math.isnan(found.log10_gamma):
        return "–", "–"
    if not math.isfinite(found.log10_gamma):
        return magnitude_text(found.log10_gamma), magnitude_text(found.log10_gain)
    factors = 1 if found.log10_gain == found.log10_gamma else found.count
    return gain_words(found.log10_gamma, factors).split()[0], factor_words(found.log10_gain).split()[0]


def _value_text(value: float, quantity: str) -> str:
    return magnitude_text(value) if QUANTITIES[quantity].scale == "log10" else number_text(value)
