"""The experiment that has other numbers: what a person has changed becomes weights, examples and learning rate of it.

An experiment can hold given numbers of every weight and bias of layers, of listed examples and of the learning rate.
What it can only draw (a cell's parameters, a highway's gate, the scale of a normalisation) or what a data set holds
cannot be written into it; there is no such experiment then.
"""

from collections.abc import Mapping

import msgspec

from vgdesk.errors import SpecError
from vgdesk.records.live import Adjustable, NumberKind
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.library import EXAMPLES
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples
from vgdesk.ui.state.edits import renamed

OTHER_NUMBERS = " (other numbers)"
_Row = tuple[float, ...]


def experiment_with(
    experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]
) -> Experiment | None:
    """Returns the experiment with some of its numbers changed, or None where it cannot hold them."""
    kinds = {number.kind for number in numbers if number.name in changes}
    try:
        is_data = kinds & {NumberKind.INPUT, NumberKind.TARGET}
        edited = _with_data(experiment, numbers, changes) if is_data else experiment
        if edited is not None and kinds & {NumberKind.WEIGHT, NumberKind.BIAS}:
            edited = _with_weights(edited, numbers, changes)
        if edited is None or NumberKind.OTHER in kinds:
            return None
        return _named(experiment, _with_rate(edited, changes["eta"]) if NumberKind.RATE in kinds else edited)
    except SpecError:  # e.g. a target that is no probability: it can be looked at but not trained
        return None


def _named(experiment: Experiment, edited: Experiment) -> Experiment:
    """Returns the edited experiment under a name of its own, or under the name of the bundled one that it equals."""
    named = renamed(edited)
    if named.name in EXAMPLES:
        return named
    stem = experiment.title.removesuffix(OTHER_NUMBERS)[: LONGEST_TITLE - len(OTHER_NUMBERS)]
    return msgspec.structs.replace(named, title=stem + OTHER_NUMBERS)


def _with_rate(experiment: Experiment, rate: float) -> Experiment:
    optimiser = msgspec.structs.replace(experiment.training.optimiser, learning_rate=rate)
    training = msgspec.structs.replace(experiment.training, optimiser=optimiser)
    return msgspec.structs.replace(experiment, training=training)


def _with_weights(
    experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]
) -> Experiment | None:
    network = experiment.network
    if not isinstance(network, FeedForward):
        return None
    values = {number.name: changes.get(number.name, number.value) for number in numbers}
    weights: list[dict[int, list[float]]] = [{} for _ in network.layers]
    biases: list[list[float]] = [[] for _ in network.layers]
    for edge in network.edges():
        weights[edge.layer - 1].setdefault(edge.unit, []).append(values[edge.name])
    for bias in network.biases():
        biases[bias.layer - 1].append(values[bias.name])
    rule = Explicit(
        weights=tuple(tuple(tuple(row) for row in rows.values()) for rows in weights),
        biases=tuple(map(tuple, biases)),
    )
    layers = tuple(msgspec.structs.replace(layer, initialisation=None) for layer in network.layers)
    network = msgspec.structs.replace(network, layers=layers)
    return msgspec.structs.replace(experiment, network=network, initialisation=rule)


def _with_data(
    experiment: Experiment, numbers: tuple[Adjustable, ...], changes: Mapping[str, float]
) -> Experiment | None:
    """Puts inputs and targets into the first example, where that is the one on show and not a standardised copy."""
    task = experiment.task
    if not isinstance(task, Examples):
        return None
    first = {NumberKind.INPUT: task.inputs[0], NumberKind.TARGET: task.targets[0]}
    former = {kind: tuple(number.value for number in numbers if number.kind is kind) for kind in first}
    if former != first:
        return None
    latest: dict[NumberKind, _Row] = {
        kind: tuple(changes.get(number.name, number.value) for number in numbers if number.kind is kind)
        for kind in first
    }
    edited = Examples(
        inputs=(latest[NumberKind.INPUT], *task.inputs[1:]), targets=(latest[NumberKind.TARGET], *task.targets[1:])
    )
    return msgspec.structs.replace(experiment, task=edited)
