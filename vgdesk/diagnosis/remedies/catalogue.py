"""All remedies, what they make of an experiment, and combinations of them."""

from collections.abc import Sequence
from typing import Any

from vgdesk.diagnosis.remedies.remedy import Remedy
from vgdesk.diagnosis.remedies.slopes import SLOPES
from vgdesk.diagnosis.remedies.starts import INPUTS, STARTS
from vgdesk.diagnosis.remedies.structure import DROPOUT, STRUCTURE
from vgdesk.diagnosis.remedies.through_time import THROUGH_TIME
from vgdesk.diagnosis.remedies.training_rules import TRAINING_RULES
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps, Offer
from vgdesk.spec.base import require_choice
from vgdesk.spec.difference import difference_words
from vgdesk.spec.experiment import Experiment

REMEDIES: dict[str, Remedy] = {
    remedy.name: remedy for remedy in (*SLOPES, *STARTS, *STRUCTURE, *THROUGH_TIME, *TRAINING_RULES, DROPOUT, *INPUTS)
}
"""By name, in the order in which they are offered and, in a combination, applied."""
JOIN = "+"
_RANK = tuple(Helps)


def apply_remedies(experiment: Experiment, names: str) -> Experiment:
    """Returns the experiment with a remedy, or with several joined by "+".

    Raises
    ------
    SpecError
        When a name is unknown, when one does not apply, or when two set the same thing.
    """
    changed = experiment
    for remedy in _chosen(names):
        changed = _applied(changed, remedy)
    return changed


def offer(experiment: Experiment, names: str) -> Offer:
    """Returns what a remedy, or several joined by "+", would do; raises `SpecError` when a name is unknown."""
    chosen = _chosen(names)
    strongest = chosen[0] if len(chosen) == 1 else min(chosen, key=lambda remedy: _RANK.index(remedy.helps))
    try:
        changed, reason = apply_remedies(experiment, names), ""
    except SpecError as error:
        changed, reason = None, str(error)
    about: dict[str, Any] = {
        "name": JOIN.join(remedy.name for remedy in chosen),
        "title": " and ".join(remedy.title for remedy in chosen),
        "acts_on": " and ".join(dict.fromkeys(remedy.acts_on for remedy in chosen)),
        "helps": strongest.helps,
        "word": "; ".join(remedy.word_of(changed or experiment) for remedy in chosen),
    }
    if changed is None:
        return Offer(**about, reason=reason)
    return Offer(**about, experiment=changed, difference=difference_words(experiment, changed))


def offers(experiment: Experiment) -> tuple[Offer, ...]:
    """Returns every remedy as it stands to an experiment, those that do not apply with their reason."""
    return tuple(offer(experiment, name) for name in REMEDIES)


def applicable(experiment: Experiment) -> tuple[Offer, ...]:
    """Returns the remedies that change something."""
    return tuple(found for found in offers(experiment) if found.experiment is not None)


def _chosen(names: str) -> Sequence[Remedy]:
    words = [word.strip() for word in names.split(JOIN)]
    for word in words:
        require_choice("remedy", word, REMEDIES)
    chosen = sorted((REMEDIES[word] for word in words), key=lambda remedy: list(REMEDIES).index(remedy.name))
    slots: dict[str, str] = {}
    for remedy in chosen:
        if remedy.slot in slots:
            raise SpecError(f"{slots[remedy.slot]} and {remedy.name} cannot be combined: both set the {remedy.slot}")
        slots[remedy.slot] = remedy.name
    return chosen


def _applied(experiment: Experiment, remedy: Remedy) -> Experiment:
    try:
        changed = remedy.change(experiment)
    except SpecError as error:
        raise SpecError(f"{remedy.name} does not apply: {error}") from None
    if changed == experiment:
        raise SpecError(f"{remedy.name} does not apply: the experiment is like that already")
    return changed
