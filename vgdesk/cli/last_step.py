"""The last recorded step of a training: as bars with a sentence, or as plain JSON values."""

import math
import shutil
from typing import Any

from vgdesk.cli.bars import gradient_lines, thinned
from vgdesk.cli.output import can_say, say
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.status import status_sentence
from vgdesk.records.history import GradientHistory
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import QUANTITIES


def show_last_step(experiment: Experiment, history: GradientHistory, quantity: str = "") -> None:
    """Prints a quantity of the last step place by place, and the status sentence.

    Without a name, or where the run has not recorded it, that is |dL/dW| of layers and |dL/dh| of time steps.
    """
    if not history.has(quantity):
        quantity = "state" if history.signals is Places.TIME else "weight"
    step, known = int(history.step_numbers[-1]), QUANTITIES[quantity]
    what = "gradient" if known.is_gradient else known.words.partition("|")[0].strip()
    word = history.places(quantity).word
    say(f"{experiment.title}: {what} per {word} at step {step} (before update {step + 1})")
    for line in _lines(history, quantity):
        say(line)
    say(status_sentence(history))
    if history.breakdown is not None:
        say(history.breakdown.sentence)


def _lines(history: GradientHistory, quantity: str) -> list[str]:
    """Returns magnitudes with their bars, and anything else as numbers."""
    values = [float(v) for v in history.values(quantity)[-1]]
    kind, head = history.places(quantity), _head(history, quantity)
    places = thinned(len(values)) if kind is Places.TIME else list(range(1, len(values) + 1))
    if QUANTITIES[quantity].scale == "log10":
        return gradient_lines(values, shutil.get_terminal_size().columns, can_say("█▏"), head, places)
    rows = [head, *((kind.tick(place), number_text(values[place - 1])) for place in places)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(size) for cell, size in zip(row, widths, strict=True)) for row in rows]


def _head(history: GradientHistory, quantity: str) -> tuple[str, str]:
    """Returns what stands above the places and above the numbers: the quantity's symbol, where it has one."""
    kind, known = history.places(quantity), QUANTITIES[quantity]
    otherwise = "size" if known.scale == "log10" else "value"
    return "t" if kind is Places.TIME else kind.word, f"‖{known.symbol}‖" if known.symbol else otherwise


def last_evaluation(history: GradientHistory) -> dict[str, float | None]:
    """Returns the last measurement beside the training; null where there was nothing to measure."""
    names = ("held_out_loss", "accuracy", "held_out_accuracy", "log10_input_norm")
    found = [getattr(history.evaluations, name) for name in names]
    return {
        name: None if not len(column) or math.isnan(column[-1]) else float(column[-1])
        for name, column in zip(names, found, strict=True)
    }


def last_step(experiment: Experiment, history: GradientHistory) -> dict[str, Any]:
    """Returns the last recorded step as plain JSON values."""
    return {
        "experiment": experiment.name,
        "seed": experiment.seed,
        "outcome": str(history.outcome),
        "steps": history.steps_made,
        "loss": float(history.loss[-1]),
        **last_evaluation(history),
        "log10_total_norm": float(history.log10_total_norm[-1]),
        "clipped_steps": int(history.clipped.sum()),
        "log10_gradient_norm": [float(v) for v in history.log10_norm("weight")[-1]],
        "log10_delta_norm": [float(v) for v in history.log10_norm("delta")[-1]],
        "log10_state_norm": [float(v) for v in history.log10_norm("state")[-1]],
        "breakdown": None if history.breakdown is None else history.breakdown.sentence,
    }
