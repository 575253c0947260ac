"""Feed-forward networks: what is connected to what, and through which activation.

Layers count from 1 at the input side; layer 0 is the input itself. Units and sources count from 1. Weights are named
`w1, w2, ...` and biases `b1, b2, ...` in the order layer by layer, unit by unit, source by source, absent connections
skipped: in the insurance network `w1..w4` lead to Awareness, `w5..w8` to Affordability, `w9, w10` to the output.
"""

from collections.abc import Iterator
from typing import NamedTuple

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_integer
from vgdesk.spec.layer import MAX_WIDTH, DenseLayer, require_names

MAX_DEPTH = 1000


class Edge(NamedTuple):
    """Is one weight: its name and the place it belongs to (layer, unit and source count from 1)."""

    name: str
    layer: int
    unit: int
    source: int


class Bias(NamedTuple):
    """Is one bias: its name and the unit it belongs to."""

    name: str
    layer: int
    unit: int


class FeedForward(Spec, frozen=True, tag="feed-forward", tag_field="kind"):
    """Describes a feed-forward network: inputs, then layers from the input to the output.

    Attributes
    ----------
    inputs
        Number of input values.
    layers
        From the input side to the output; the last one is the output layer.
    input_names
        A name per input, or empty.
    """

    inputs: int
    layers: tuple[DenseLayer, ...]
    input_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_integer("inputs", self.inputs, 1, MAX_WIDTH)
        require_integer("number of layers", len(self.layers), 1, MAX_DEPTH)
        require_names("input_names", self.input_names, self.inputs)
        for number, (layer, below) in enumerate(zip(self.layers, self.widths, strict=False), start=1):
            _require_sources(number, layer, below)
            _require_skip(number, layer, below)
        _require_plain_output(self.layers[-1])
        _require_distinct([*self.input_names, *(name for layer in self.layers for name in layer.unit_names)])

    @property
    def widths(self) -> tuple[int, ...]:
        """Number of inputs, then the width of each layer: length depth + 1."""
        return (self.inputs, *(layer.width for layer in self.layers))

    @property
    def outputs(self) -> int:
        """Number of output values."""
        return self.layers[-1].width

    @property
    def depth(self) -> int:
        """Number of layers with weights."""
        return len(self.layers)

    @property
    def is_plain(self) -> bool:
        """Whether every unit is h = phi(w h_below + b) and no more: no normalisation, dropout or skip, no PReLU."""
        return all(layer.is_plain for layer in self.layers)

    @property
    def is_mixed(self) -> bool:
        """Whether some layer has units of different activations."""
        return any(layer.unit_activations for layer in self.layers)

    @property
    def is_chain(self) -> bool:
        """Whether every layer has one unit, so that a single path leads from any weight to the loss."""
        return set(self.widths) == {1}

    @property
    def input_labels(self) -> tuple[str, ...]:
        """What the inputs are called where each needs a word: their own names, or x1, x2, ..."""
        return tuple(self.unit_name(0, unit) or f"x{unit}" for unit in range(1, self.inputs + 1))

    def layer_sources(self, layer: int, unit: int) -> tuple[int, ...]:
        """Returns the sources of a unit (counting from 1), in the order of the weights' names."""
        sources = self.layers[layer - 1].sources
        return tuple(range(1, self.widths[layer - 1] + 1)) if sources is None else sources[unit - 1]

    def edges(self) -> Iterator[Edge]:
        """Yields every weight in the order of its name."""
        number = 0
        for layer, width in enumerate(self.widths[1:], start=1):
            for unit in range(1, width + 1):
                for source in self.layer_sources(layer, unit):
                    number += 1
                    yield Edge(f"w{number}", layer, unit, source)

    def biases(self) -> Iterator[Bias]:
        """Yields every bias in the order of its name."""
        owners = (place for place in self.units() if self.layers[place[0] - 1].bias)
        for number, (layer, unit) in enumerate(owners, start=1):
            yield Bias(f"b{number}", layer, unit)

    def units(self) -> Iterator[tuple[int, int]]:
        """Yields layer and unit of every unit but the inputs."""
        for layer, width in enumerate(self.widths[1:], start=1):
            yield from ((layer, unit) for unit in range(1, width + 1))

    def activation_of(self, layer: int, unit: int) -> str:
        """Returns the activation of a unit; layers and units count from 1."""
        return self.layers[layer - 1].activation_of(unit)

    def unit_name(self, layer: int, unit: int) -> str:
        """Returns the given name of a unit or of an input (layer 0), or "" where it has none, or a `made_up_name`."""
        names = self.input_names if layer == 0 else self.layers[layer - 1].unit_names
        name = names[unit - 1] if names else ""
        return "" if layer and name == made_up_name(layer, unit) else name


def made_up_name(layer: int, unit: int) -> str:
    """Returns what a unit is called in a list of names in which it has none: by its place, which an edit may change.

    It is shown like every unit without a name, as h with its number below and its layer above.
    """
    return f"h{unit}({layer})" if layer else f"x{unit}"


def _require_distinct(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"names of inputs and units must differ from each other, got {name!r} twice")


def _require_sources(number: int, layer: DenseLayer, below: int) -> None:
    for unit, sources in enumerate(layer.sources or (), start=1):
        where = f"sources of unit {unit} of layer {number}"
        if not sources or len(set(sources)) != len(sources):
            raise SpecError(f"{where} must be distinct and at least one, got {list(sources)}")
        for source in sources:
            require_integer(where, source, 1, below)


def _require_skip(number: int, layer: DenseLayer, below: int) -> None:
    if layer.skip is not None and layer.width != below:
        raise SpecError(
            f"width of layer {number} must equal the {below} of the layer below it, because it has a skip connection; "
            f"got {layer.width}"
        )


def _require_plain_output(layer: DenseLayer) -> None:
    for field, value, allowed in (
        ("normalisation", layer.normalisation, "none"),
        ("dropout", layer.dropout, 0.0),
        ("skip", layer.skip, None),
    ):
        if value != allowed:
            raise SpecError(f"{field} of the output layer must be {'absent' if allowed is None else allowed}")
