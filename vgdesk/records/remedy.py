"""What is offered against a sick gradient, and what each remedy honestly does about vanishing."""

from enum import StrEnum

import msgspec

from vgdesk.spec.experiment import Experiment


class Helps(StrEnum):
    """Says whether a remedy helps against a vanishing gradient."""

    YES = "yes"
    MATCHED = "when matched"
    MITIGATES = "mitigates"
    AVOIDS = "avoids it"
    MASKS = "masks it"
    NO = "no"
    WORSE = "makes it worse"


_PHRASES = {
    Helps.YES: "helps",
    Helps.MATCHED: "helps when matched",
    Helps.MITIGATES: "mitigates vanishing",
    Helps.AVOIDS: "avoids vanishing",
    Helps.MASKS: "masks vanishing",
    Helps.NO: "does not help vanishing",
    Helps.WORSE: "makes vanishing worse",
}


def honest_sentence(helps: Helps, word: str) -> str:
    """Returns e.g. "does not help vanishing: clipping bounds from above"."""
    return f"{_PHRASES[helps]}: {word}"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Is a remedy looked at for one experiment.

    Attributes
    ----------
    name
        Identifier; of a combination several, joined by "+".
    title
        What people call it.
    acts_on
        What it changes: slope, weights at the start, ...
    helps
        Whether it helps against vanishing.
    word
        Why, or with which condition.
    difference
        What it changes in this experiment, in words; empty where it does not apply.
    experiment
        The experiment with it, or None where it does not apply.
    reason
        Why it does not apply; else empty.
    """

    name: str
    title: str
    acts_on: str
    helps: Helps
    word: str
    difference: str = ""
    experiment: Experiment | None = None
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The honest word: whether it helps, and why."""
        return honest_sentence(self.helps, self.word)
