"""What a diagnosis says: a verdict, whether the network learns, and one finding per sign, each with its evidence."""

from enum import StrEnum

import msgspec

from vgdesk.records.places import Places

HOW_FITTED = " on the straight line through all"
"""Words of a finding about a gain that all places give, not the first and the last alone."""


class Verdict(StrEnum):
    """Says what becomes of a gradient on its way back through the network. It says nothing about learning."""

    HEALTHY = "healthy"
    VANISHING = "vanishing"
    EXPLODING = "exploding"
    DEAD = "dead"
    UNSTABLE = "unstable"
    UNDETERMINED = "undetermined"


class Learning(StrEnum):
    """Says what the loss does; a network may learn although its gradient vanishes, and the other way round."""

    TOO_EARLY = "too early to say"
    LEARNS = "learns"
    SLOWLY = "learns slowly"
    LEARNED = "has learned"
    STAGNATES = "stagnates"
    RELAPSES = "relapses"
    GUESSES = "only guesses"
    DIVERGES = "diverges"


class Severity(StrEnum):
    """Says how much a finding matters, from least to most."""

    NOT_RECORDED = "not recorded"
    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    ALARM = "alarm"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Says which picture shows a finding.

    Attributes
    ----------
    scene
        "profile", "heatmap", "loss" or "lag".
    quantity
        A name of `vgdesk.spec.recording.QUANTITIES`; empty for the loss.
    step
        At which step.
    """

    scene: str
    quantity: str = ""
    step: int = 0


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Is what one sign shows.

    Attributes
    ----------
    sign
        Short identifier, e.g. "gradient-flow".
    severity
        How much it matters.
    sentence
        What was seen, with the numbers.
    places
        Numbers of the layers, weight matrices or time steps it is about, counting from 1.
    steps
        First and last step it is about; empty where it is about none.
    evidence
        What shows it, or None where nothing was recorded.
    sources
        Where the sign is described.
    is_borrowed
        Whether another training of the same experiment saw it, because this run does not record it.
    """

    sign: str
    severity: Severity
    sentence: str
    places: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
    evidence: Evidence | None = None
    sources: tuple[str, ...] = ()
    is_borrowed: bool = False

    @property
    def is_unseen(self) -> bool:
        """Whether the run lacks what the sign is read from; where it is only too early to say, there is evidence."""
        return self.severity is Severity.NOT_RECORDED and self.evidence is None


class Confidence(msgspec.Struct, frozen=True, kw_only=True):
    """Tells how far a verdict depends on the seed.

    Attributes
    ----------
    seeds
        Seeds that were tried.
    verdicts
        Their verdicts, in that order.
    log10_gains
        Their log10 gamma^L; nan where it is not defined.
    """

    seeds: tuple[int, ...]
    verdicts: tuple[Verdict, ...]
    log10_gains: tuple[float, ...]

    def share(self, verdict: Verdict) -> float:
        """Returns the share of seeds with this verdict, 0 to 1."""
        return self.verdicts.count(verdict) / len(self.verdicts)


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """Is the whole answer about one profile or one run.

    Attributes
    ----------
    experiment
        Its name.
    verdict, learning
        The two labels.
    log10_gamma
        log10 of the backward gain per layer or time step (conventions, line 12); nan where it is not defined.
    log10_gain
        log10 of gamma^L, what is left of a gradient after all L layers or T time steps; -inf = nothing. Of two layers
        the one factor between them.
    places
        What gamma counts: layers or time steps.
    count
        How many of them, L or T.
    step
        Step of the last row it rests on.
    sentence
        Both labels in one sentence, with the numbers.
    basis
        Which magnitude gamma was taken from, and what was missing.
    findings
        One per sign, the most severe first.
    confidence
        Verdicts of other seeds, where they were asked for.
    """

    experiment: str
    verdict: Verdict
    learning: Learning
    log10_gamma: float
    log10_gain: float
    places: Places
    count: int
    step: int
    sentence: str
    basis: str
    findings: tuple[Finding, ...]
    confidence: Confidence | None = None

    def finding(self, sign: str) -> Finding:
        """Returns the finding of a sign; raises KeyError unless it was looked for."""
        for finding in self.findings:
            if finding.sign == sign:
                return finding
        raise KeyError(sign)
