"""A diagnosis as it is shown: every label is a glyph and a word, and only then a colour."""

import re
from dataclasses import dataclass

from vgdesk.present.tone import Tone
from vgdesk.records.finding import HOW_FITTED, Confidence, Diagnosis, Finding, Learning, Severity, Verdict
from vgdesk.records.spelling import magnitude_text

GLYPHS = {
    Verdict.HEALTHY: "✓",
    Verdict.VANISHING: "▼",
    Verdict.EXPLODING: "▲",
    Verdict.DEAD: "○",
    Verdict.UNSTABLE: "✕",
    Verdict.UNDETERMINED: "?",
}
LEARNING_GLYPHS = {
    Learning.TOO_EARLY: "…",
    Learning.LEARNS: "✓",
    Learning.SLOWLY: "✓",
    Learning.LEARNED: "✓",
    Learning.STAGNATES: "—",
    Learning.RELAPSES: "✕",
    Learning.GUESSES: "—",
    Learning.DIVERGES: "✕",
}
SEVERITY_GLYPHS = {
    Severity.ALARM: "■",
    Severity.WARNING: "▲",
    Severity.NOTE: "●",
    Severity.FINE: "✓",
    Severity.NOT_RECORDED: "–",
}
_FLOW = "gradient-flow"
_LIMITS = re.compile(r" \([^()]*\)$")


@dataclass(frozen=True)
class FindingLine:
    """Is one finding in the list: `head` says how much it matters, `note` which steps it is about and who says so."""

    head: str
    sentence: str
    note: str
    tone: Tone
    finding: Finding


@dataclass(frozen=True)
class VerdictScene:
    """Is a whole diagnosis, in words.

    `confidence` is "" until other seeds were asked, `unseen` names the signs that the run does not record.
    """

    verdict: str
    tone: Tone
    sentence: str
    learning: str
    learning_tone: Tone
    basis: str
    confidence: str
    findings: tuple[FindingLine, ...]
    unseen: str = ""


def verdict_tone(verdict: Verdict) -> Tone:
    """Returns the colour that goes with a verdict's glyph and word."""
    return {Verdict.HEALTHY: Tone.MEASURED, Verdict.UNDETERMINED: Tone.SYMBOLIC}.get(verdict, Tone.ALERT)


def verdict_words(verdict: Verdict) -> str:
    """Returns e.g. "▼ vanishing"."""
    return f"{GLYPHS[verdict]} {verdict}"


def verdict_line(diagnosis: Diagnosis | None) -> str:
    """Returns the line of the status bar: "▼ vanishing: lately each layer passes on 0.24 of the gradient ...; ..."."""
    if diagnosis is None:
        return ""
    if diagnosis.verdict is Verdict.UNDETERMINED:
        return f"{GLYPHS[diagnosis.verdict]} no verdict yet"
    return f"{verdict_words(diagnosis.verdict)}: {flow_words(diagnosis)}"


def verdict_lines(diagnosis: Diagnosis | None) -> tuple[str, ...]:
    """Returns the line of the status bar and shorter ones, for less and less room: each has the number it is about.

    First go the words about the straight line, then the limits, then what a single place does.
    """
    line = verdict_line(diagnosis)
    plain = line.replace(HOW_FITTED, "")
    bare = _LIMITS.sub("", plain)
    head, _, flow = bare.partition(": ")
    each, _, all_places = flow.partition("; ")
    lately = "lately " if each.startswith("lately ") else ""
    shortest = f"{head}: {lately}{all_places}" if all_places else bare
    return tuple(dict.fromkeys((line, plain, bare, shortest)))


def mean_words(diagnosis: Diagnosis | None) -> str:
    """Returns what "lately" means, where the line of the status bar says so: plots of one step show another number."""
    if diagnosis is None or "lately " not in verdict_line(diagnosis):
        return ""
    from vgdesk.diagnosis.labels import SMOOTHING  # not on the way to the first paint

    return (
        f"Lately: a running mean up to step {diagnosis.step} in which the newest row counts {SMOOTHING:.0%}; "
        "the plots show one step each, and so another number."
    )


def flow_words(diagnosis: Diagnosis) -> str:
    """Returns what becomes of the gradient, as a part of a sentence."""
    sentence = diagnosis.finding(_FLOW).sentence.removesuffix(".")
    return sentence[0].lower() + sentence[1:]


def verdict_scene(diagnosis: Diagnosis) -> VerdictScene:
    """Returns the card of a diagnosis."""
    learning = diagnosis.learning
    is_bad = learning in (Learning.STAGNATES, Learning.RELAPSES, Learning.GUESSES, Learning.DIVERGES)
    told = [finding for finding in diagnosis.findings if finding.severity is not Severity.NOT_RECORDED]
    return VerdictScene(
        verdict=verdict_words(diagnosis.verdict),
        tone=verdict_tone(diagnosis.verdict),
        sentence=_sentence(diagnosis),
        learning=f"{LEARNING_GLYPHS[learning]} {learning}",
        learning_tone=Tone.ALERT if is_bad else Tone.SYMBOLIC if learning is Learning.TOO_EARLY else Tone.MEASURED,
        basis=f"Step {diagnosis.step}. {diagnosis.basis[0].upper()}{diagnosis.basis[1:]}.",
        confidence="" if diagnosis.confidence is None else confidence_words(diagnosis.confidence, diagnosis.verdict),
        findings=tuple(map(_line, told)),
        unseen=_unseen([finding for finding in diagnosis.findings if finding.is_unseen]),
    )


def confidence_words(confidence: Confidence, verdict: Verdict) -> str:
    """Returns how many seeds agree, and between which numbers what is left of the gradient lies."""
    agreeing = confidence.verdicts.count(verdict)
    gains = sorted(gain for gain in confidence.log10_gains if gain == gain)
    span = (
        f"; what is left lies between {magnitude_text(gains[0], 2)} and {magnitude_text(gains[-1], 2)}" if gains else ""
    )
    return f"The verdict is the same with {agreeing} of {len(confidence.seeds)} seeds{span}."


def _sentence(diagnosis: Diagnosis) -> str:
    if diagnosis.verdict is Verdict.UNDETERMINED:
        return "Nothing can be said before a gradient has been recorded at two places."
    words = flow_words(diagnosis)
    return f"{words[0].upper()}{words[1:]}."


def _unseen(missing: list[Finding]) -> str:
    """Returns which signs nobody has looked at yet, and what looks at them."""
    signs = ", ".join(finding.sign.replace("-", " ") for finding in missing)
    return f"Not recorded: {signs}. “Try remedies” and “Ask more seeds” look at them." if signs else ""


def _line(finding: Finding) -> FindingLine:
    parts = [f"{finding.sign.replace('-', ' ')}", _when(finding), "; ".join(finding.sources)]
    return FindingLine(
        head=f"{SEVERITY_GLYPHS[finding.severity]} {finding.severity}",
        sentence=finding.sentence,
        note=" · ".join(part for part in parts if part),
        tone={Severity.ALARM: Tone.ALERT, Severity.WARNING: Tone.ALERT}.get(finding.severity, Tone.SYMBOLIC),
        finding=finding,
    )


def _when(finding: Finding) -> str:
    steps = _steps(finding.steps)
    return f"{steps} of another training of it".lstrip() if finding.is_borrowed else steps


def _steps(steps: tuple[int, ...]) -> str:
    if not steps:
        return ""
    return f"step {steps[0]}" if steps[0] == steps[-1] else f"steps {steps[0]}–{steps[-1]}"
