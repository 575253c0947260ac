"""What was edited, in the few words that a title has room for: "sigmoid → tanh, +2 more".

An edited experiment is called after the bundled one that it came from, "...-edited", so that it can always be said what
was changed since, however many edits it took. What is recorded of a run is no part of what is studied, so no title
tells of it.
"""

import re

import msgspec

from vgdesk.spec.difference import Change, difference
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.lowered import lowered
from vgdesk.spec.network import FeedForward
from vgdesk.spec.told_structure import common_activation, note_of_now
from vgdesk.spec.words import kind_words

EDITED = "-edited"
"""Ends the name of an experiment that no longer is what it was called."""
FOUND = "-state"
"""Ends the name of an experiment whose numbers were searched for, so that factors of a derivation take given values."""
UNKNOWN = "edited"
"""The note where nobody knows what the experiment was before."""
OTHER_NUMBERS = " (other numbers)"
"""Ends the title of an experiment whose weights, examples or learning rate were changed where they stand."""
_LONGEST, _LONGEST_NAME = 44, 60
_TELLING = ("activation", "optimiser", "initialisation")
"""Fields whose values say themselves what they are."""
_SHAPE = ("width", "depth", "network inputs", "sources", "inputs")
_FOLLOWING = ("unit names", "input names", "task inputs", "targets", "weights", "biases")
"""Fields that cannot but change with the shape of the network."""
_OF_LAYERS = ("width", "sources")
"""Fields that tell nothing of their own where the depth is another one, for other layers are compared then."""
_GIVEN = kind_words("explicit")
"""How numbers are called that were written down so that an edit of the shape leaves them."""
_NUMBERS = ("weights", "biases", "task inputs", "targets", "learning rate", "start values")
"""Fields that "other numbers" tells of."""

_STATE = re.compile(r" \((?:edited from )?(d[\d₀-₉]+ = [^()]*)\)")
"""What the title of a found state says of it: " (d₁ = 0.06, d₂ = 0.04)"; older files have d1."""


def state_title(title: str, words: str) -> str:
    """Returns the title of a state that was found with these values, e.g. "d1 = 0.06, d2 = 0.04", of a network."""
    note = f" ({lowered(words)})"
    return _STATE.sub("", title)[: max(0, LONGEST_TITLE - len(note))] + note[:LONGEST_TITLE]


def no_longer_found(before: Experiment, edited: Experiment) -> Experiment | None:
    """Returns an edited found state under a name that no longer promises its values; None where `before` is none."""
    values = _STATE.search(before.title)
    if edited == before or values is None or FOUND not in before.name or before.name.endswith(EDITED):
        return None
    title = state_title(before.title, f"edited from {values[1]}")
    return msgspec.structs.replace(edited, name=edited_name(before.name), title=title)


def edited_name(name: str) -> str:
    """Returns a name marked as edited, once, within the longest that is made."""
    return name.removesuffix(EDITED)[: _LONGEST_NAME - len(EDITED)] + EDITED


def origin(experiment: Experiment) -> Experiment | None:
    """Returns the bundled experiment that an edited one is called after; None where it is called after no such one."""
    name = experiment.name.removesuffix(EDITED)
    return example(name) if name in EXAMPLES else None


def bundled_twin(edited: Experiment) -> Experiment | None:
    """Returns an experiment as the bundled one that it equals but for its seed; None where there is none."""
    # most differ in their network already; to make an experiment only for being compared takes its checks, too
    alike = (one for one in map(example, EXAMPLES) if one.network == edited.network)
    bundled = next((one for one in alike if _under_name_of(one, edited) == one), None)
    return bundled and msgspec.structs.replace(edited, name=bundled.name, title=bundled.title)


def edit_note(edited: Experiment) -> str:
    """Returns what differs from the bundled experiment it came from: the first change, and how many more there are."""
    before = origin(edited)
    changes = () if before is None else difference(before, _recorded_as(before, edited))
    return _note_of(changes) if changes else UNKNOWN


def _note_of(changes: tuple[Change, ...]) -> str:
    # another seed is another draw of the same; it is named where nothing else was changed
    first, *more = sorted(_chosen(changes), key=lambda change: change.field == "seed")
    return f"{_short(first)}, +{len(more)} more" if more else _short(first)


def with_note(title: str, edited: Experiment) -> str:
    """Returns a title that ends with the note, within the longest that a title may be.

    Where the title tells a structure that was edited, the note tells the structure as it is now, and how many other
    changes there are.
    """
    before = origin(edited)
    note = f" ({(before and _now(title, before, edited)) or edit_note(edited)})"
    return title[: LONGEST_TITLE - len(note)] + note


def recorded_otherwise(edited: Experiment) -> Experiment | None:
    """Returns the bundled experiment that an edited one is but for what is recorded of it; None where there is none."""
    before = origin(edited)
    is_same = before is not None and _under_name_of(before, _recorded_as(before, edited)) == before
    return before if is_same else None


def title_after(bundled: Experiment, before: Experiment, edited: Experiment) -> str:
    """Returns the title of a network that came from a bundled one, after an edit of more than its numbers.

    A title that tells of other numbers goes on to do so, and tells the new change before that; one that somebody gave
    stays.
    """
    if before.title in (bundled.title, with_note(bundled.title, before)):
        return with_note(bundled.title, edited)
    stem = before.title.removesuffix(OTHER_NUMBERS)
    if stem == before.title or not stem.startswith(bundled.title):
        return before.title
    found = _chosen(difference(bundled, _recorded_as(bundled, edited)))
    changes = tuple(change for change in found if change.field not in _NUMBERS)
    now = _now(bundled.title, bundled, edited, aside=_NUMBERS)
    note = f" ({now or _note_of(changes)}){OTHER_NUMBERS}" if changes else OTHER_NUMBERS
    return bundled.title[: LONGEST_TITLE - len(note)] + note


def _now(title: str, before: Experiment, edited: Experiment, aside: tuple[str, ...] = ()) -> str:
    """Returns the structure as it is now, where another shape makes a title untrue; another activation has its note.

    Behind it are counted the changes that it does not tell, but for those `aside`, which are told elsewhere.
    """
    changes = difference(before, _recorded_as(before, edited))
    is_shape = any(change.field in _SHAPE for change in changes)
    note = note_of_now(title, before, edited) if is_shape else ""
    more = sum(change.field not in aside and not _is_told(change, edited) for change in _chosen(changes))
    return f"{note}, +{more} more" if note and more else note


def _is_told(change: Change, edited: Experiment) -> bool:
    """Whether the structure as it is now tells a change: of the shape, or to an activation of all hidden units."""
    network = edited.network
    if change.field != "activation" or not isinstance(network, FeedForward):
        return change.field in _SHAPE
    # the output layer has the last number of the deeper one of the two networks
    return bool(common_activation(network)) and max(change.layers) < network.depth


def _recorded_as(other: Experiment, edited: Experiment) -> Experiment:
    """Returns the edited experiment with that recorded of it which is recorded of the other."""
    return msgspec.structs.replace(edited, recording=other.recording)


def _under_name_of(bundled: Experiment, edited: Experiment) -> Experiment:
    """Returns the edited experiment with what tells nothing about its contents taken from the bundled one."""
    return msgspec.structs.replace(edited, name=bundled.name, title=bundled.title, seed=bundled.seed)


def _chosen(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Returns the changes without those that merely follow from another shape of the network."""
    if not any(change.field in _SHAPE for change in changes):
        return changes
    following = (*_FOLLOWING, *(_OF_LAYERS if any(change.field == "depth" for change in changes) else ()))
    return tuple(
        change
        for change in changes
        if change.field not in following and not (change.field == "initialisation" and change.after == _GIVEN)
    )


def _short(change: Change) -> str:
    """Returns "sigmoid → tanh", "learning rate 0.05 → 0.1", or where that would be long "other inputs"."""
    before, after = (value.partition(" (")[0] for value in (change.before, change.after))
    if before == after:
        before, after = change.before, change.after
    words = f"{before} → {after}"
    if change.field not in _TELLING:
        words = f"{change.field} {words}"
    return words if len(words) <= _LONGEST and before != after else f"other {change.field}"[:_LONGEST]
