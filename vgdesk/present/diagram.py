"""Network (and, when known, one example's forward and backward pass) -> diagram scene.

Columns from left to right: input, layers, loss; a recurrent network is unrolled, a column for each time step. Small
networks show every unit with its value; in large ones each column shows its first few units, because 20 x 16 circles
are still a picture and 100 x 1024 are not.
"""

import math
from collections.abc import Iterator
from itertools import accumulate

from vgdesk.present.diagram_scene import DiagramScene, Node, Wire
from vgdesk.present.formula.numbers import hover_text
from vgdesk.present.skips import bypasses, normalised_layers
from vgdesk.records.derivation import Derivation, NetworkState, Place, PlaceKind
from vgdesk.spec.activation import facts_of, own_formula
from vgdesk.spec.digits import lowered, raised
from vgdesk.spec.experiment import Experiment, Network
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import CELL_WORDS, Recurrent
from vgdesk.symbolic.notation import activations_of
from vgdesk.symbolic.own_formula import own_subscript

DETAILED_UNITS = 60
"""Up to this many units (inputs included) every unit is drawn with its name and value."""
DECADES_SHOWN = 6.0
"""A wire whose gradient is this many decades below the largest one has strength 0."""


def diagram_scene(experiment: Experiment, derivation: Derivation | None = None) -> DiagramScene:
    """Returns the diagram; with a derivation it shows values, wire strengths and the path of its gradient."""
    columns = _Columns(experiment.network)
    network = columns.network
    state = derivation.state if derivation else None
    nodes = [_unit_node(columns, place, state) for place in columns.units()]
    hot = frozenset(derivation.hot_path if derivation else ())
    largest = max((float(abs(layer).max()) for layer in state.weight_gradients), default=0.0) if state else 0.0
    wires = [_edge_wire(columns, place, name, state, hot, largest) for place, name in columns.edges()]
    wires += [_loss_wire(columns, unit, len(nodes), hot) for unit in range(1, columns.shown[-1] + 1)]
    return DiagramScene(
        experiment=experiment.name,
        title=experiment.title,
        bypasses=bypasses(experiment.network),
        normalised=tuple(columns.x(layer) for layer in normalised_layers(experiment.network)),
        nodes=(*nodes, _loss_node(columns.network, state)),
        wires=tuple(wires),
        layers=network.depth,
        layer_labels=() if columns.detailed else tuple(columns.labels()),
        note=columns.note,
        column_word="time step" if columns.cell else "layer",
    )


def units_per_column(depth: int) -> int:
    """Returns how many units of each layer a large network shows: fewer, the more columns share the picture."""
    return 8 if depth <= 30 else 3 if depth <= 150 else 1


class _Columns:
    """Says which units of each column are drawn, and where."""

    def __init__(self, network: Network) -> None:
        self.cell = CELL_WORDS[network.cell_kind] if isinstance(network, Recurrent) else ""
        self.options = "" if isinstance(network, Recurrent) else _options(network)
        self.network = network = unrolled(network) if isinstance(network, Recurrent) else network
        self.is_mixed = network.is_mixed
        self.detailed = sum(network.widths) <= DETAILED_UNITS
        limit = DETAILED_UNITS if self.detailed else units_per_column(network.depth)
        self.shown = [min(width, limit) for width in network.widths]
        self._first = [0, *accumulate(self.shown)]

    @property
    def note(self) -> str:
        """Says what is left out of the picture, or ""."""
        told = [f"{self.cell} unrolled: a column is a time step"] if self.cell else []
        told += [self.options] if self.options else []
        if self.shown != list(self.network.widths) or (self.cell and not self.detailed):
            most = max(self.shown)
            told.append(f"each column shows its first {most} units" if most > 1 else "each column shows its first unit")
        return ", ".join(told)

    def units(self) -> Iterator[Place]:
        for layer, count in enumerate(self.shown):
            yield from (Place(PlaceKind.UNIT, layer, unit) for unit in range(1, count + 1))

    def index(self, layer: int, unit: int) -> int:
        """Index of a unit's node in the scene."""
        return self._first[layer] + unit - 1

    def x(self, layer: int) -> float:
        return layer / (self.network.depth + 1)

    def edges(self) -> Iterator[tuple[Place, str]]:
        """Yields the drawn edges with their names."""
        shown = self.shown
        if self.detailed and not self.cell:
            yield from ((Place(PlaceKind.EDGE, e.layer, e.unit, e.source), e.name) for e in self.network.edges())
            return
        for layer in range(1, self.network.depth + 1):
            for unit in range(1, shown[layer] + 1):
                sources = self.network.layers[layer - 1].sources
                drawn = range(1, shown[layer - 1] + 1)
                for source in drawn if sources is None else set(drawn).intersection(sources[unit - 1]):
                    yield Place(PlaceKind.EDGE, layer, unit, source), ""

    def labels(self) -> Iterator[tuple[float, str]]:
        """Yields (x, layer number) under the columns, at most about ten of them."""
        depth = self.network.depth
        stride = max(1, round(depth / 10 / 5) * 5) if depth > 10 else 1
        yield self.x(0), "input"
        yield from ((self.x(layer), str(layer)) for layer in range(1, depth + 1) if layer % stride == 0 or layer == 1)


def _unit_node(columns: _Columns, place: Place, state: NetworkState | None) -> Node:
    network, layer, unit = columns.network, place.layer, place.unit
    value = float(state.activations[layer][unit - 1]) if state and len(state.activations[layer]) else None
    name = network.unit_name(layer, unit) or _letter(columns, layer, unit)
    column = f"time step {layer}" if columns.cell else f"layer {layer}"
    words = name if columns.detailed else f"input {unit}" if layer == 0 else f"unit {unit} of {column}"
    note = _activation_words(network, layer, unit) if columns.is_mixed and layer else ""
    told = words if value is None else f"{words} = {hover_text(value)}"
    return Node(
        place=place,
        x=columns.x(layer),
        y=(unit - 0.5) / columns.shown[layer],
        label=name if columns.detailed else "",
        value=value,
        text=f"{told} ({note})" if note else told,
        note=note if columns.detailed else "",
    )


def _activation_words(network: FeedForward, layer: int, unit: int) -> str:
    """Returns how the activation of a unit is called in few letters."""
    activation = network.activation_of(layer, unit)
    if own_formula(activation) is None:
        return facts_of(activation).words
    return f"φ{lowered(int(own_subscript(activation, activations_of(network)) or 0) or '')}"


def unrolled(network: Recurrent) -> FeedForward:
    """Returns a stand-in for the picture: the cell's first units as a layer for each time step."""
    width = min(network.width, DETAILED_UNITS)
    inputs = min(network.inputs, DETAILED_UNITS)
    return FeedForward(inputs=inputs, layers=(DenseLayer(width=width, activation="tanh"),) * network.steps)


def _options(network: FeedForward) -> str:
    """Says what layers have, or lack, beside weights and activation, or ""."""
    hidden = network.layers[:-1]
    kinds = {str(layer.skip.__struct_config__.tag) for layer in hidden if layer.skip is not None}
    words = ["activations unit by unit"] if network.is_mixed else []
    words += [f"{kind} connections" for kind in sorted(kinds)]
    words += [f"{kind} norm" for kind in ("batch", "layer") if any(layer.normalisation == kind for layer in hidden)]
    owners = [layer.bias for layer in network.layers]
    words += [] if all(owners) else ["some layers without bias" if any(owners) else "no biases"]
    dropouts = {layer.dropout for layer in hidden if layer.dropout}
    words += [f"dropout {min(dropouts):g}" if len(dropouts) == 1 else "dropout"] if dropouts else []
    return ", ".join(words)


def _letter(columns: _Columns, layer: int, unit: int) -> str:
    """Returns the name that the derivation gives a unit without one, unlike that of every other unit."""
    network = columns.network
    if layer == 0:
        return "x" if network.inputs == 1 else f"x{lowered(unit)}"
    if network.is_chain:
        return f"h{lowered(layer)}"
    return f"h{lowered(unit)}" + ("" if columns.cell else f"⁽{raised(layer)}⁾")


def _loss_node(network: FeedForward, state: NetworkState | None) -> Node:
    value = state.loss if state else None
    text = "the loss L" if value is None else f"the loss L = {hover_text(value)}"
    return Node(Place(PlaceKind.LOSS, network.depth), 1.0, 0.5, "L", value, text)


def _edge_wire(
    columns: _Columns, place: Place, name: str, state: NetworkState | None, hot: frozenset[Place], largest: float
) -> Wire:
    row, column = place.unit - 1, place.source - 1
    label = name[0] + lowered(int(name[1:])) if name else ""
    value = gradient = None
    if state and state.weights:
        value = float(state.weights[place.layer - 1][row, column])
        gradient = float(state.weight_gradients[place.layer - 1][row, column])
    return Wire(
        place=place,
        start=columns.index(place.layer - 1, place.source),
        end=columns.index(place.layer, place.unit),
        label=label,
        value=value,
        strength=_strength(gradient, largest),
        hot=place in hot,
        text=_edge_text(label, place, value, gradient),
    )


def _edge_text(name: str, place: Place, value: float | None, gradient: float | None) -> str:
    words = name or f"weight from unit {place.source} of layer {place.layer - 1} to unit {place.unit}"
    if value is None or gradient is None:
        return words
    return f"{words} = {hover_text(value)}, ∂L/∂{words} = {hover_text(gradient)}"


def _strength(gradient: float | None, largest: float) -> float:
    """Returns 1 for the largest gradient of the network, 0 from `DECADES_SHOWN` decades below it."""
    if not gradient or not math.isfinite(gradient) or not math.isfinite(largest):
        return 0.0
    return max(0.0, 1.0 + (math.log10(abs(gradient)) - math.log10(largest)) / DECADES_SHOWN)


def _loss_wire(columns: _Columns, unit: int, loss_index: int, hot: frozenset[Place]) -> Wire:
    depth = columns.network.depth
    return Wire(
        place=Place(PlaceKind.LOSS, depth, unit),
        start=columns.index(depth, unit),
        end=loss_index,
        label="",
        value=None,
        strength=0.0,
        hot=Place(PlaceKind.UNIT, depth, unit) in hot,
        text="from the output to the loss",
    )
