"""From what was seen to the whole diagnosis: every sign asked once, the most severe first."""

from collections.abc import Callable, Sequence

import msgspec

from vgdesk.diagnosis.observation import Observation, begin, observe, observe_profile
from vgdesk.diagnosis.signs_of_gradient import forgetting, gain_sentence, gradient_flow, underflow
from vgdesk.diagnosis.signs_of_loss import erratic_loss, learning_of, slow_loss
from vgdesk.diagnosis.signs_of_units import dead_units, saturation, uneven_change, withering_weights
from vgdesk.records.finding import Confidence, Diagnosis, Finding, Learning, Severity, Verdict
from vgdesk.records.history import GradientHistory
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment

SIGNS: tuple[Callable[[Observation], Finding | None], ...] = (
    gradient_flow,
    forgetting,
    erratic_loss,
    slow_loss,
    dead_units,
    saturation,
    uneven_change,
    underflow,
    withering_weights,
)
"""All signs of the catalogue, in the order in which equally severe ones stand."""
_ORDER = tuple(Severity)


def diagnose(history: GradientHistory, experiment: Experiment | None = None) -> Diagnosis:
    """Returns the diagnosis of a recorded run."""
    return conclude(observe(begin(experiment), history))


def diagnose_profile(profile: GradientProfile) -> Diagnosis:
    """Returns the diagnosis of a single profile of any route; it knows nothing of the loss."""
    return conclude(observe_profile(profile))


def conclude(seen: Observation) -> Diagnosis:
    """Returns the diagnosis that follows from what was seen so far."""
    found = [finding for sign in SIGNS if (finding := sign(seen)) is not None]
    found.sort(key=lambda finding: -_ORDER.index(finding.severity))
    learning = learning_of(seen)
    return Diagnosis(
        experiment=seen.experiment,
        verdict=seen.verdict,
        learning=learning,
        log10_gamma=seen.level,
        log10_gain=seen.log10_gain,
        places=seen.places,
        count=seen.span.length,
        step=seen.step,
        sentence=_sentence(seen, learning),
        basis=_basis(seen),
        findings=tuple(found),
    )


def _basis(seen: Observation) -> str:
    """Returns what gamma rests on, and that it is no single step's where it is none."""
    basis = seen.span.basis(seen.places)
    if seen.is_blocked:
        return f"from |∂L/∂h| and |∂L/∂z| of {seen.places.label(1)}, of which the latter is exactly 0"
    if not seen.is_mean:
        return basis
    steps = "steps" if seen.rows == seen.step + 1 else "recorded steps"  # the latest five may lie far apart
    return f"{basis}; a running mean over the {steps}, of which the latest five count most"


def with_examined(diagnosis: Diagnosis, examined: Diagnosis) -> Diagnosis:
    """Returns a diagnosis with the signs that were not recorded taken from another training of the same experiment.

    Those are marked as borrowed, for their steps are not of this run, and have no evidence in it, so that nobody is
    sent to a picture that does not show them.
    """
    known = {finding.sign: finding for finding in examined.findings}
    findings = [
        msgspec.structs.replace(known[finding.sign], evidence=None, is_borrowed=True)
        if finding.is_unseen and finding.sign in known and not known[finding.sign].is_unseen
        else finding
        for finding in diagnosis.findings
    ]
    findings.sort(key=lambda finding: -_ORDER.index(finding.severity))
    return msgspec.structs.replace(diagnosis, findings=tuple(findings))


def with_confidence(diagnosis: Diagnosis, seeds: Sequence[int], others: Sequence[Diagnosis]) -> Diagnosis:
    """Returns a diagnosis that also tells the verdicts of the same experiment with other seeds, one for each seed."""
    confidence = Confidence(
        seeds=tuple(seeds),
        verdicts=tuple(other.verdict for other in others),
        log10_gains=tuple(other.log10_gain for other in others),
    )
    return msgspec.structs.replace(diagnosis, confidence=confidence)


def _sentence(seen: Observation, learning: Learning) -> str:
    tail = "" if learning is Learning.TOO_EARLY else f" The network {learning}."
    if not seen.span.is_usable:
        return f"No verdict: {seen.span.basis(seen.places)}.{tail}"
    ended = " The run met a number that is not finite." if not seen.is_finite else ""
    if seen.verdict is Verdict.UNDETERMINED:
        return f"No verdict. {gain_sentence(seen)}{ended}{tail}"
    return f"{seen.verdict.capitalize()}: {_lowered(gain_sentence(seen))}{ended}{tail}"


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
