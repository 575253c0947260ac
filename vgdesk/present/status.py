"""The one line that says where a run stands.

The factor per layer is the diagnosis's gamma (`vgdesk.diagnosis.gain`): how much of the gradient one layer passes on
towards the input, as a geometric mean of |dL/dh|. It does not change with the scale of the loss. The two magnitudes
named beside it are |dL/dW|, as in the bars. Of a recurrent network both tell of |dL/dh_t|, from time step to time
step, and gamma is the slope of a straight line through all of them, on which the two magnitudes need not lie.
"""

import math

from vgdesk.diagnosis.gain import MEASURES, is_blocked, span_of
from vgdesk.diagnosis.words import gain_words
from vgdesk.present.spelling import magnitude_text, word_for
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.places import Places
from vgdesk.spec.recording import QUANTITIES


def status_sentence(history: GradientHistory, with_gain: bool = True) -> str:
    """Returns e.g. "step 60 · loss 2.303 · |∂L/∂W| layer 1: 1.35×10⁻¹⁴ · layer 20: 2.31×10⁻² · at this step each ...".

    What a narrow place leaves out is at the end: step, loss and the gradient next to the input come first.
    Without the gain where the verdict, which tells it, stands beside the sentence.
    """
    if history.rows == 0:
        return "no step recorded yet"
    loss = float(history.loss[-1])
    parts = [f"step {history.step_numbers[-1]}", f"loss {_loss_text(loss)}", _magnitudes(history), _right(history)]
    if with_gain:
        parts.append(_passed_on(history))
    parts.append(_stopped(history))
    return " · ".join(part for part in parts if part)


def _stopped(history: GradientHistory) -> str:
    """Returns what was the first not to be finite, where that ended the run."""
    if history.outcome is not RunOutcome.NON_FINITE:
        return ""
    return history.breakdown.sentence if history.breakdown else "stopped at a number that is not finite"


def _magnitudes(history: GradientHistory) -> str:
    """Returns the magnitudes of the first and the last place by name: |dL/dW| of layers, |dL/dh| of time steps.

    They stay so whatever the pictures show, for a line that is read in passing must not change its meaning.
    """
    quantity = _through_time(history) if history.signals is Places.TIME else "weight"
    if not history.has(quantity):
        return ""
    log10: list[float] = history.log10_norm(quantity)[-1].tolist()
    places = [f"{history.signals.label(n)}: {magnitude_text(log10[n - 1])}" for n in sorted({1, len(log10)})]
    return f"|{QUANTITIES[quantity].symbol}| {' · '.join(places)}"


def _through_time(history: GradientHistory) -> str:
    """Returns what tells of a gradient's way back through time: |dL/dh_t|, else |dL/dz_t|."""
    return "state" if history.has("state") else "delta"


def _right(history: GradientHistory) -> str:
    """Returns the last measured share of right answers: on held-out examples where there are any."""
    evaluations = history.evaluations
    if evaluations.count == 0:
        return ""
    held_out, batch = float(evaluations.held_out_accuracy[-1]), float(evaluations.accuracy[-1])
    if not math.isnan(held_out):
        count = float(evaluations.held_out_count[-1])
        of_how_many = "" if math.isnan(count) else f"{count:.0f} "
        return f"{held_out:.1%} of {of_how_many}held-out right"
    return "" if math.isnan(batch) else f"{batch:.1%} of the batch right"


def _passed_on(history: GradientHistory) -> str:
    quantity = next(filter(history.has, MEASURES), "")
    norms: list[float] = history.log10_norm(quantity)[-1].tolist() if quantity else []
    word = history.signals.word
    if len(norms) < 2:
        return ""
    if not all(math.isfinite(value) or value == -math.inf for value in norms):
        return "the gradient is not finite"
    if all(value == -math.inf for value in norms):
        return f"the gradient is exactly 0 in every {word}"
    if norms[0] == -math.inf:
        return f"nothing of the gradient reaches {word} 1"
    span = span_of({quantity: history.values(quantity)}, history.signals, "forget-gate" in history.quantities)
    if is_blocked(span, {name: history.values(name)[-1:] for name in ("state", "delta") if history.has(name)}).all():
        return f"|∂L/∂z| is exactly 0 in {word} 1"
    first_factors = history.evaluations.first_factors_at(history.step_numbers[-1:]) if span.takes_input else None
    gain = float(span.log10_gammas(history.values(quantity)[-1:], first_factors)[0])
    of_what = f"the gradient {span.words}{span.how_fitted}"
    return f"at this step each {word} passes on {gain_words(gain, span.factors)} {of_what}"


def _loss_text(loss: float) -> str:
    if loss == 0:
        return "exactly 0"
    if not math.isfinite(loss):
        return word_for(loss if loss > 0 or math.isnan(loss) else math.inf)
    return f"{loss:.4g}" if 1e-3 <= abs(loss) < 1e5 else _signed(loss)


def _signed(loss: float) -> str:
    return ("−" if loss < 0 else "") + magnitude_text(math.log10(abs(loss)), 4)
