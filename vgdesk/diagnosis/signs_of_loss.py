"""Signs in the loss. Neither of them tells vanishing from other causes; they say whether there is trouble at all."""

import math

from vgdesk.diagnosis.chance import chance_accuracy
from vgdesk.diagnosis.labels import FLAT, is_flat, is_guessing, learning_label
from vgdesk.diagnosis.observation import Observation
from vgdesk.diagnosis.words import number_words
from vgdesk.records.finding import Evidence, Finding, Learning, Severity, Verdict

_BEFORE_LOSS = ("preactivation", "normalisation", "cell", "activation", "loss")
"""Operations of a step whose failure leaves it no finite loss."""
COURSE, ERRATIC = "slow-loss", "erratic-loss"
_EVIDENCE = Evidence(scene="loss")
_SEVERITY = {
    Learning.TOO_EARLY: Severity.NOT_RECORDED,
    Learning.LEARNS: Severity.FINE,
    Learning.LEARNED: Severity.FINE,
    Learning.SLOWLY: Severity.NOTE,
    Learning.STAGNATES: Severity.WARNING,
    Learning.RELAPSES: Severity.WARNING,
    Learning.GUESSES: Severity.WARNING,
    Learning.DIVERGES: Severity.ALARM,
}


def learning_of(seen: Observation) -> Learning:
    """Returns what the loss does."""
    guessed = chance_accuracy(seen.spec)
    return learning_label(seen.loss, seen.rows, seen.is_finite, seen.accuracy, seen.chance, seen.first_loss, guessed)


def slow_loss(seen: Observation) -> Finding:
    """Tells the slope of the loss and the length of its plateau."""
    label = learning_of(seen)
    if not seen.is_finite and seen.rows:
        sentence = f"{_ended_words(seen)}: the network {label}."
        return Finding(sign=COURSE, severity=_SEVERITY[label], sentence=sentence, evidence=_EVIDENCE)
    if not seen.loss.means:
        return Finding(sign=COURSE, severity=Severity.NOT_RECORDED, sentence="No loss was recorded.")
    last, since = seen.loss.mean(0.75, 1.0), seen.loss.step_at(seen.loss.flat_since(FLAT))
    is_plateau = label is Learning.STAGNATES and is_flat(seen.loss)
    lower = ", no lower than it began" if last >= max(seen.first_loss, seen.loss.means[0]) else ""
    course = f"The loss went from {_start_words(seen)} to {_end_words(seen, last)}"
    sentence = f"{course}{lower}: the network {label}."
    if label is Learning.TOO_EARLY:
        sentence = f"The loss stands at {_end_words(seen, last)}; it is {label}."
    elif is_plateau:
        sentence = (
            f"{course}; over every quarter of the run since about step {since} its mean was within {100 * FLAT:.2g}% "
            f"of that: the network {label}. A vanishing gradient does that, and so do a small learning rate and data "
            "without a pattern."
        )
        if _is_sickened(seen):
            sentence += " The gradient was healthy at the start, the steps spoiled it: a sign of a high learning rate."
    elif label is Learning.RELAPSES:
        lowest, step = seen.loss.lowest()
        sentence = (
            f"The loss went from {_start_words(seen)} down to {number_words(lowest)}, its lowest mean over a quarter "
            f"of the run, from step {step} on, and is back at {_end_words(seen, last)}: the network {label}. "
            "A learning rate that is too high does that."
        )
    if label in (Learning.STAGNATES, Learning.GUESSES) and is_guessing(seen.loss, seen.chance):
        sentence += f" Answers that never look at the input cost {number_words(seen.chance)}."
    return Finding(
        sign=COURSE,
        severity=_SEVERITY[label],
        sentence=sentence,
        steps=(since, seen.step) if is_plateau else (),
        evidence=_EVIDENCE,
        sources=("Glorot & Bengio 2010, section 2.3",),
    )


def erratic_loss(seen: Observation) -> Finding:
    """Tells of jumps, of a loss that climbed and of the first number that is not finite.

    They are signs of explosion or of a high learning rate.
    """
    if seen.breakdown is not None:
        step, sentence = seen.breakdown.step, seen.breakdown.sentence
        sentence = f"{sentence[0].upper()}{sentence[1:]}: {_why_not_finite(seen)}."
        severity, steps = Severity.ALARM, (step, step)
    elif not seen.is_finite:
        sentence = f"A number of step {seen.step} is not finite: {_why_not_finite(seen)}."
        severity, steps = Severity.ALARM, (seen.step, seen.step)
    elif seen.climb_step >= 0:
        sentence, severity, steps = _climb_sentence(seen), Severity.ALARM, (seen.climb_step, seen.step)
    elif seen.jumps:
        times = "once" if seen.jumps == 1 else f"{seen.jumps} times"
        sentence = (
            f"The loss tripled from one row to the next {times}, first at step {seen.jump_step}: "
            "a sign of explosion or of a high learning rate, not of vanishing."
        )
        severity, steps = Severity.WARNING, (seen.jump_step, seen.step)
    elif not seen.loss.means:
        return Finding(sign=ERRATIC, severity=Severity.NOT_RECORDED, sentence="No loss was recorded.")
    else:
        return Finding(sign=ERRATIC, severity=Severity.FINE, sentence="The loss makes no jumps.", evidence=_EVIDENCE)
    sources = ("Pascanu et al. 2013, section 2.3",)
    return Finding(sign=ERRATIC, severity=severity, sentence=sentence, steps=steps, evidence=_EVIDENCE, sources=sources)


def _ended_words(seen: Observation) -> str:
    """Returns how the loss went while it was finite, and what ended that."""
    what, step = "a number", seen.step
    if seen.breakdown is not None:
        what, step = "it" if seen.breakdown.operation in _BEFORE_LOSS else "a gradient", seen.breakdown.step
    if math.isnan(seen.first_loss):
        return f"The loss is not finite at step {step}"
    ended = f"{what} is not finite at step {step}"
    if seen.last_loss == seen.first_loss:
        return f"The loss was {_start_words(seen)}, and {ended}"
    return f"The loss went from {_start_words(seen)} to {number_words(seen.last_loss)}, and {ended}"


def _why_not_finite(seen: Observation) -> str:
    """Returns what makes numbers that large; before the first update it is no learning rate."""
    what = "" if seen.breakdown is None else seen.breakdown.operation
    if (seen.step if seen.breakdown is None else seen.breakdown.step) > 0 or what == "update":
        return "the gradient explodes or the learning rate is too high"
    causes = "the inputs, the targets or the weights at the start are too large"
    if what in ("backward", "gradient"):
        causes = "the gradient explodes at the weights at the start, or the inputs or the targets are too large"
    return f"no weight was changed before, so {causes}"


def _start_words(seen: Observation) -> str:
    """Returns the first loss and its step; every sentence on the loss begins there."""
    return f"{number_words(seen.first_loss)} at step {seen.first_loss_step}"


def _end_words(seen: Observation, mean: float) -> str:
    """Returns the mean over the last quarter of the rows, and from which step on."""
    first = seen.loss.step_at(0.75)
    return f"{number_words(mean)}, its mean from step {first} on" if first < seen.step else number_words(mean)


def _climb_sentence(seen: Observation) -> str:
    """Blames the learning rate where the gradient did not explode, and says if the steps made a good start sick."""
    rate = "" if seen.spec is None else f" of {number_words(seen.spec.training.optimiser.learning_rate)}"
    highest = f"{number_words(seen.highest_loss)} at step {seen.highest_step}"
    climb = f"The loss climbed from {_start_words(seen)} to its highest, {highest}"
    if seen.verdict is Verdict.EXPLODING:
        return f"{climb}: the gradient explodes, or the learning rate{rate} is too high."
    after = "; the gradient was healthy at the start, and these steps made it vanish" if _is_sickened(seen) else ""
    return f"{climb}: the learning rate{rate} is too high{after}."


def _is_sickened(seen: Observation) -> bool:
    """Whether a gradient that was healthy before the first update vanishes now."""
    return seen.first_verdict is Verdict.HEALTHY and seen.verdict in (Verdict.VANISHING, Verdict.DEAD)
