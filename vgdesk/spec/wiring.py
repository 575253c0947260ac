"""A feed-forward experiment taken apart into units that know their sources, to be changed and put together again.

A `Unit` is a thing, not a number: where one is added or removed, nobody has to be renumbered, and weights that were
given as numbers stay with the connection they belong to. Layer 0 holds the inputs. What the numbers were given for is
told by the keys `WHOLE` (the experiment's rule) and `OWN` (the layer's own rule); a layer may have both.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.base import require_integer
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward, made_up_name

WHOLE, OWN = "whole", "own"
LARGEST_EDITED = 20_000
"""Connections of a network whose wiring can be edited unit by unit."""

Numbers = dict[str, float]


@dataclass(eq=False)
class Unit:
    """Is one unit: its name, its given biases, and its sources with their given weights, in the order of their names.

    A number is missing where none is given: the rule draws it, or `assembled` makes one up. An activation that is ""
    is its layer's.
    """

    name: str = ""
    sources: dict["Unit", Numbers] = field(default_factory=dict)
    biases: Numbers = field(default_factory=dict)
    activation: str = ""


@dataclass(eq=False)
class Layer:
    """Is one layer with its units; its spec tells everything but width, names, sources and given numbers."""

    spec: DenseLayer
    units: list[Unit]


class Wiring:
    """Is the network of an experiment in parts.

    Raises
    ------
    SpecError
        When the network is recurrent or has too many connections.
    """

    def __init__(self, experiment: Experiment) -> None:
        network = _editable(experiment)
        self.experiment = experiment
        self.task = experiment.task
        names = network.input_names or ("",) * network.inputs
        self.inputs = [Unit(name) for name in names]
        self.layers: list[Layer] = []
        for number, layer in enumerate(network.layers, start=1):
            self.layers.append(Layer(layer, _units(network, number, self.units(number - 1))))
        for number in range(1, network.depth + 1):
            _take_numbers(experiment, number, self.units(number))

    def units(self, layer: int) -> list[Unit]:
        """Returns the units of a layer (0: the inputs), to be read and changed."""
        return self.inputs if layer == 0 else self.layers[layer - 1].units

    def above(self, layer: int) -> list[Unit]:
        """Returns the units of the layer above; none above the output layer."""
        return self.units(layer + 1) if layer < len(self.layers) else []

    def unit(self, layer: int, unit: int) -> Unit:
        """Returns a unit by its place; raises `SpecError` where there is none."""
        self.require_layer(layer)
        units = self.units(layer)
        require_integer(f"unit of {self.layer_words(layer)}", unit, 1, len(units))
        return units[unit - 1]

    def ends(self, layer: int, unit: int, source: int) -> tuple[Unit, Unit]:
        """Returns where a connection starts and ends, whether or not there is one; raises what `unit` raises."""
        self.require_layer(layer, 1)
        return self.unit(layer - 1, source), self.unit(layer, unit)

    def require_layer(self, layer: int, low: int = 0) -> None:
        """Raises `SpecError` where there is no such layer from `low` on."""
        require_integer("layer", layer, low, len(self.layers))

    def layer_words(self, layer: int) -> str:
        """Returns what a layer is called: "the inputs", "layer 2", "the output layer"."""
        return "the inputs" if layer == 0 else "the output layer" if layer == len(self.layers) else f"layer {layer}"

    def assembled(self) -> Experiment:
        """Returns the experiment with the network as it is wired now; missing names and numbers are made up.

        Start values given by name are let go of: the names may be other connections' now.

        Raises
        ------
        SpecError
            When the network or the experiment would not be valid.
        """
        self._invent_numbers()
        layers = tuple(self._layer(number) for number in range(1, len(self.layers) + 1))
        names = completed_names([unit.name for unit in self.inputs], 0, self._others(0))
        network = FeedForward(inputs=len(self.inputs), layers=layers, input_names=names)
        rule = self.experiment.initialisation
        if isinstance(rule, Explicit):
            rule = _explicit([layer.units for layer in self.layers], [layer.spec.bias for layer in self.layers], WHOLE)
        return msgspec.structs.replace(
            self.experiment, network=network, task=self.task, initialisation=rule, start_values=()
        )

    def _layer(self, number: int) -> DenseLayer:
        layer, below = self.layers[number - 1], self.units(number - 1)
        place = {unit: index for index, unit in enumerate(below, start=1)}
        sources = tuple(tuple(place[source] for source in unit.sources) for unit in layer.units)
        is_full = all(row == tuple(range(1, len(below) + 1)) for row in sources)
        rule = layer.spec.initialisation
        if isinstance(rule, Explicit):
            rule = _explicit([layer.units], [layer.spec.bias], OWN)
        own = tuple(unit.activation or layer.spec.activation for unit in layer.units)
        return msgspec.structs.replace(
            layer.spec,
            width=len(layer.units),
            unit_activations=own if any(unit.activation for unit in layer.units) else (),
            unit_names=completed_names([unit.name for unit in layer.units], number, self._others(number)),
            sources=None if is_full else sources,
            initialisation=rule,
        )

    def _others(self, layer: int) -> set[str]:
        """Returns the names in all other layers."""
        numbers = (number for number in range(len(self.layers) + 1) if number != layer)
        return {unit.name for number in numbers for unit in self.units(number) if unit.name}

    def _invent_numbers(self) -> None:
        is_whole = isinstance(self.experiment.initialisation, Explicit)
        for number, layer in enumerate(self.layers, start=1):
            keys = [WHOLE] * is_whole + [OWN] * isinstance(layer.spec.initialisation, Explicit)
            fans = len(self.units(number - 1)) + len(layer.units)
            for key in keys:
                for weight, place in self._weights(number):
                    weight.setdefault(key, _invented(self.experiment.seed, place, fans))
                for unit in layer.units:
                    unit.biases.setdefault(key, 0.0)

    def _weights(self, layer: int) -> Iterator[tuple[Numbers, str]]:
        """Yields the given numbers of every weight of a layer, and its place."""
        below = self.units(layer - 1)
        for row, unit in enumerate(self.units(layer), start=1):
            for source, numbers in unit.sources.items():
                yield numbers, f"{layer} {row} {below.index(source)}"


def edge_words(layer: int, unit: int, source: int) -> str:
    """Returns what a connection is called, e.g. "the one from input 3 to unit 1 of layer 1"."""
    below = f"input {source}" if layer == 1 else f"unit {source} of layer {layer - 1}"
    return f"the one from {below} to unit {unit} of layer {layer}"


def completed_names(names: list[str], layer: int, taken: set[str]) -> tuple[str, ...]:
    """Returns names for all units where one has a name, else none at all; new ones differ from those taken."""
    if not any(names):
        return ()
    used = taken | set(names)
    whole: list[str] = []
    for number, name in enumerate(names, start=1):
        stem = given = name or made_up_name(layer, number)
        suffix = 1
        while not name and given in used:
            suffix += 1
            given = f"{stem}.{suffix}"
        used.add(given)
        whole.append(given)
    return tuple(whole)


def _editable(experiment: Experiment) -> FeedForward:
    if not isinstance(experiment.network, FeedForward):
        raise SpecError(f"{experiment.name} has a recurrent network; only feed-forward ones are edited unit by unit")
    network = experiment.network
    edges = sum(below * width for below, width in zip(network.widths, network.widths[1:], strict=False))
    if edges > LARGEST_EDITED:
        raise SpecError(
            f"a network edited unit by unit must have at most {LARGEST_EDITED:,} connections; "
            f"{experiment.name} has {edges:,}"
        )
    return network


def _units(network: FeedForward, number: int, below: list[Unit]) -> list[Unit]:
    units: list[Unit] = []
    for unit in range(1, network.widths[number] + 1):
        sources: dict[Unit, Numbers] = {below[source - 1]: {} for source in network.layer_sources(number, unit)}
        own = network.layers[number - 1].unit_activations
        units.append(Unit(network.unit_name(number, unit), sources, activation=own[unit - 1] if own else ""))
    return units


def _take_numbers(experiment: Experiment, number: int, units: list[Unit]) -> None:
    """Gives every weight and bias of a layer the numbers that are given for it."""
    own = experiment.feed_forward.layers[number - 1].initialisation
    for key, rule, place in ((WHOLE, experiment.initialisation, number - 1), (OWN, own, 0)):
        if not isinstance(rule, Explicit):
            continue
        for unit, row in zip(units, rule.weights[place], strict=True):
            for weight, value in zip(unit.sources.values(), row, strict=True):
                weight[key] = value
        for unit, bias in zip(units, rule.biases[place], strict=False):  # none where the layer has no bias
            unit.biases[key] = bias


def _explicit(layers: list[list[Unit]], owners: list[bool], key: str) -> Explicit:
    weights = tuple(tuple(tuple(w[key] for w in unit.sources.values()) for unit in units) for units in layers)
    biases = tuple(
        tuple(unit.biases[key] for unit in units) if has_bias else ()
        for units, has_bias in zip(layers, owners, strict=True)
    )
    return Explicit(weights=weights, biases=biases)


def _invented(seed: int, place: str, fans: int) -> float:
    """Returns a weight as Glorot's uniform rule draws it, with two decimals: a person reads and changes it."""
    bound = (6.0 / fans) ** 0.5
    return round(random.Random(f"{seed} {place}").uniform(-bound, bound), 2)
