"""The last recorded step of a training: as bars with a sentence, or as plain JSON values."""

import math
import shutil
from typing import Any

from vgdesk.cli.bars import gradient_lines, thinned
from vgdesk.cli.output import can_say, say
from vgdesk.present.status import status_sentence
from vgdesk.records.history import GradientHistory
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Experiment


def show_last_step(experiment: Experiment, history: GradientHistory) -> None:
    """Prints the gradient per layer, or per time step, of the last step, and the status sentence."""
    step, is_in_time = int(history.step_numbers[-1]), history.signals is Places.TIME
    word, quantity = history.signals.word, "state" if is_in_time else "weight"
    say(f"{experiment.title}: gradient per {word} at step {step} (before update {step + 1})")
    magnitudes = [float(v) for v in history.log10_norm(quantity)[-1]]
    head = ("t", "‖∂L/∂h‖") if is_in_time else ("layer", "‖∂L/∂W‖")
    places = thinned(len(magnitudes)) if is_in_time else None
    for line in gradient_lines(magnitudes, shutil.get_terminal_size().columns, can_say("█▏"), head, places):
        say(line)
    say(status_sentence(history))
    if history.breakdown is not None:
        say(history.breakdown.sentence)


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
