"""The experiment that has other numbers: what a person has changed becomes weights, examples and learning rate of it.

An experiment can hold given numbers of every parameter, of listed examples and of the learning rate: weights and biases
of plain layers all together, those of cells, gates and normalisations one by one, by name. What a data set holds, or
what contradicts the loss, cannot be written into it; there is no such experiment then, and a sentence says why.
"""

from collections.abc import Mapping

import msgspec

from vgdesk.errors import SpecError
from vgdesk.records.live import Adjustable, NumberKind
from vgdesk.spec.edit import with_learning_rate, with_numbers
from vgdesk.spec.edited import OTHER_NUMBERS, no_longer_found
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.layer import Highway
from vgdesk.spec.library import EXAMPLES
from vgdesk.spec.network import FeedForward
from vgdesk.spec.sequences import SequenceExamples
from vgdesk.spec.start_values import StartValue
from vgdesk.spec.task import Examples
from vgdesk.ui.state.edits import renamed

_DATA = {NumberKind.INPUT, NumberKind.TARGET}
_LEARNED = {NumberKind.WEIGHT, NumberKind.BIAS, NumberKind.OTHER}
_Row = tuple[float, ...]


def experiment_with(
    experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]
) -> Experiment | None:
    """Returns the experiment with some of its numbers changed, or None where it cannot hold them."""
    try:
        return _edited(experiment, numbers, changes)
    except SpecError:  # e.g. a target that is no probability: it can be looked at but not trained
        return None


def why_not_kept(experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]) -> str:
    """Returns why an experiment cannot hold these numbers, in one sentence; "" where it can."""
    try:
        _edited(experiment, numbers, changes)
    except SpecError as error:
        return f"Shown, not kept: {error}."
    return ""


def _edited(experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]) -> Experiment:
    """Returns the experiment with some of its numbers changed; raises `SpecError` where it cannot hold them."""
    kinds = {number.kind for number in numbers if number.name in changes}
    edited = _with_data(experiment, numbers, changes) if kinds & _DATA else experiment
    if kinds & _LEARNED:
        is_whole = NumberKind.OTHER not in kinds and _holds_all_numbers(experiment)
        edited = _with_weights(edited, numbers, changes) if is_whole else _with_start_values(edited, numbers, changes)
    return _named(experiment, with_learning_rate(edited, changes["eta"]) if NumberKind.RATE in kinds else edited)


def _holds_all_numbers(experiment: Experiment) -> bool:
    """Whether weights and biases may be given as a whole: of layers without gates, and none is given by name yet."""
    network = experiment.network
    if not isinstance(network, FeedForward) or experiment.start_values:
        return False
    return not any(isinstance(layer.skip, Highway) for layer in network.layers)


def _with_start_values(
    experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]
) -> Experiment:
    learned = [number.name for number in numbers if number.kind in _LEARNED and number.name in changes]
    given = {one.name: one.value for one in experiment.start_values} | {name: changes[name] for name in learned}
    values = tuple(StartValue(name=name, value=value) for name, value in given.items())
    return msgspec.structs.replace(experiment, start_values=values)


def _named(experiment: Experiment, edited: Experiment) -> Experiment:
    """Returns the edited experiment under a name of its own, or under the name of the bundled one that it equals."""
    named = renamed(edited)
    if named.name in EXAMPLES:
        return named
    former = no_longer_found(experiment, edited)
    if former is not None:
        return msgspec.structs.replace(named, title=former.title)
    stem = experiment.title.removesuffix(OTHER_NUMBERS)[: LONGEST_TITLE - len(OTHER_NUMBERS)]
    return msgspec.structs.replace(named, title=stem + OTHER_NUMBERS)


def _with_weights(experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]) -> Experiment:
    network = experiment.feed_forward
    values = {number.name: changes.get(number.name, number.value) for number in numbers}
    weights: list[list[float]] = [[] for _ in network.layers]
    biases: list[list[float]] = [[] for _ in network.layers]
    for edge in network.edges():
        weights[edge.layer - 1].append(values[edge.name])
    for bias in network.biases():
        biases[bias.layer - 1].append(values[bias.name])
    return with_numbers(experiment, tuple(map(tuple, weights)), tuple(map(tuple, biases)))


def _with_data(experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]) -> Experiment:
    """Puts inputs and targets into the first example, where that is the one on show and not a standardised copy."""
    task = experiment.task
    if isinstance(task, SequenceExamples):
        return msgspec.structs.replace(experiment, task=_with_sequence(task, numbers, changes))
    if not isinstance(task, Examples):
        kind = type(task).__struct_config__.tag
        raise SpecError(f"inputs and targets come from the task {kind}, which lists no examples to be changed")
    first = {NumberKind.INPUT: task.inputs[0], NumberKind.TARGET: task.targets[0]}
    former = {kind: tuple(number.value for number in numbers if number.kind is kind) for kind in first}
    if former != first:
        raise SpecError("inputs and targets are several examples' or standardised ones, not those that the task lists")
    latest: dict[NumberKind, _Row] = {
        kind: tuple(changes.get(number.name, number.value) for number in numbers if number.kind is kind)
        for kind in first
    }
    edited = Examples(
        inputs=(latest[NumberKind.INPUT], *task.inputs[1:]), targets=(latest[NumberKind.TARGET], *task.targets[1:])
    )
    return msgspec.structs.replace(experiment, task=edited)


def _with_sequence(
    task: SequenceExamples, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]
) -> SequenceExamples:
    """Puts inputs and targets into the first sequence, the one on show."""
    latest: dict[NumberKind, tuple[_Row, ...]] = {}
    for kind, rows in ((NumberKind.INPUT, task.inputs[0]), (NumberKind.TARGET, task.targets[0])):
        flat = [changes.get(number.name, number.value) for number in numbers if number.kind is kind]
        width = len(rows[0])
        latest[kind] = tuple(tuple(flat[start : start + width]) for start in range(0, len(flat), width))
    return SequenceExamples(
        inputs=(latest[NumberKind.INPUT], *task.inputs[1:]), targets=(latest[NumberKind.TARGET], *task.targets[1:])
    )
