"""The scene of a network's diagram: units, connections, and the ways around them."""

from dataclasses import dataclass

from vgdesk.records.derivation import Place


@dataclass(frozen=True)
class Node:
    """Is one circle of the diagram. x and y are in [0, 1], y downwards; `value` is h at the shown example."""

    place: Place
    x: float
    y: float
    label: str
    value: float | None
    text: str
    """Sentence for hover and screen reader."""
    note: str = ""
    """The unit's activation, where units of the network differ in it."""


@dataclass(frozen=True)
class Wire:
    """Is one connection of the diagram. `strength` in [0, 1] scales the pen; `hot` lies on the derived path."""

    place: Place
    start: int
    end: int
    """Indexes into the scene's nodes."""
    label: str
    value: float | None
    strength: float
    hot: bool
    text: str


@dataclass(frozen=True)
class Bypass:
    """Is a skip connection past a layer: from the column at `start` to the layer's own at `end`, x in [0, 1]."""

    layer: int
    start: float
    end: float
    kind: str
    """"residual" or "highway"."""


@dataclass(frozen=True)
class DiagramScene:
    """Is the network: nodes by layer from left to right, wires between them."""

    experiment: str
    title: str
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    layers: int
    """Number of layers with weights."""
    layer_labels: tuple[tuple[float, str], ...] = ()
    """(x, text) under the columns of a deep network."""
    bypasses: tuple[Bypass, ...] = ()
    normalised: tuple[float, ...] = ()
    """x of the columns whose layers are normalised."""
    note: str = ""
    """What the picture leaves out, e.g. that each column shows its first 8 units."""
    column_word: str = "layer"
    """What a column is: a layer or a time step."""
