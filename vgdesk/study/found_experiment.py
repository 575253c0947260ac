"""An experiment with other numbers: the same network and training, parameters and one example's inputs given.

Numbers of plain layers are given as a whole; those of cells, gates and normalisations by name.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from vgdesk.records.learned_names import learned_positions
from vgdesk.records.parameters import named_arrays, other_names
from vgdesk.spec.edited import EDITED, FOUND, state_title
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.network import FeedForward
from vgdesk.spec.start_values import StartValue
from vgdesk.spec.task import Examples
from vgdesk.study.derive import derived_examples
from vgdesk.symbolic.layers import couples_examples
from vgdesk.training.parameters import draw

_LONGEST_STEM = 60 - len(FOUND)


def movable_inputs(experiment: Experiment) -> dict[str, str]:
    """Returns the inputs that a search may move; none of sequences, or where the examples of a batch count together."""
    network = experiment.network
    if not isinstance(network, FeedForward) or couples_examples(experiment):
        return {}
    return input_names(network)


def input_names(network: FeedForward) -> dict[str, str]:
    """Returns what an input is called, its own name or x1, x2, ..., by its symbol in the derivation's program."""
    return {f"h_0_{unit}": name for unit, name in enumerate(network.input_labels, start=1)}


def experiment_with(
    experiment: Experiment, state: Mapping[str, float], targets: Mapping[str, float], example: int
) -> Experiment:
    """Returns the experiment with the numbers of a state, by their symbols, and a name and title of its own."""
    stem = experiment.name.removesuffix(FOUND + EDITED).removesuffix(FOUND)[:_LONGEST_STEM]
    words = ", ".join(f"{name} = {value:g}" for name, value in targets.items())
    return msgspec.structs.replace(
        experiment,
        name=stem + FOUND,
        title=state_title(experiment.title, words),
        **(_whole(experiment, state) if _can_be_given_whole(experiment) else _by_name(experiment, state)),
        **(_task(experiment, state, example) if movable_inputs(experiment) else {}),
    )


def _can_be_given_whole(experiment: Experiment) -> bool:
    """Whether all that is learned are the weights and biases of layers."""
    network = experiment.network
    if not isinstance(network, FeedForward) or experiment.start_values:
        return False
    return not other_names(network)


def _whole(experiment: Experiment, state: Mapping[str, float]) -> dict[str, Any]:
    network = _without_rules(experiment.feed_forward)
    return {"network": network, "initialisation": _explicit(experiment, state)}


def _by_name(experiment: Experiment, state: Mapping[str, float]) -> dict[str, Any]:
    """Gives the parameters that differ from the draw; what was given by name before stays given."""
    places = learned_positions(experiment.network)
    drawn = named_arrays(experiment.network, draw(experiment))
    given = {one.name: one.value for one in experiment.start_values}
    for name, value in state.items():
        if name in places and float(drawn[places[name][0]][places[name][1]]) != value:
            given[name] = float(value)
    return {"start_values": tuple(StartValue(name=name, value=value) for name, value in given.items())}


def _without_rules(network: FeedForward) -> FeedForward:
    """Returns the network without the layers' own rules, which would go before the given numbers."""
    layers = tuple(msgspec.structs.replace(layer, initialisation=None) for layer in network.layers)
    return msgspec.structs.replace(network, layers=layers)


def _explicit(experiment: Experiment, state: Mapping[str, float]) -> Explicit:
    network, drawn = experiment.feed_forward, draw(experiment)
    rows: list[list[list[float]]] = [[[] for _ in range(width)] for width in network.widths[1:]]
    for edge in network.edges():
        value = state.get(edge.name, drawn.weights[edge.layer - 1][edge.unit - 1, edge.source - 1])
        rows[edge.layer - 1][edge.unit - 1].append(float(value))
    biases: list[list[float]] = [[] for _ in network.layers]
    for bias in network.biases():
        biases[bias.layer - 1].append(float(state.get(bias.name, drawn.biases[bias.layer - 1][bias.unit - 1])))
    return Explicit(
        weights=tuple(tuple(map(tuple, layer)) for layer in rows), biases=tuple(tuple(layer) for layer in biases)
    )


def _task(experiment: Experiment, state: Mapping[str, float], example: int) -> dict[str, object]:
    """Returns the fields that change where inputs have moved: the examples trained on are then listed."""
    data = derived_examples(experiment)
    inputs = np.array(data.inputs)
    for unit in range(inputs.shape[1]):
        inputs[example - 1, unit] = state.get(f"h_0_{unit + 1}", inputs[example - 1, unit])
    if np.array_equal(inputs, data.inputs):
        return {}
    task = Examples(inputs=tuple(map(tuple, inputs.tolist())), targets=tuple(map(tuple, data.targets.tolist())))
    return {"task": task, "training": msgspec.structs.replace(experiment.training, held_out=0.0)}
