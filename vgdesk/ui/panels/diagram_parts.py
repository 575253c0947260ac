"""Which circles and wires belong to a place of the network, and which place lies next to another.

A unit lights its circle; a weight its wire and both ends; a layer its circles, the wires into them and the skip
connection that leads past it; the loss its circle and wires. A unit or weight that the diagram leaves out (wide layers
are drawn in part) lights its layer.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from vgdesk.present.diagram_scene import DiagramScene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.panels.diagram_layout import DiagramLayout


@dataclass(frozen=True)
class Parts:
    """Is what lights up: indexes of nodes, wires and skip connections, and the tag's sentence. False for nothing."""

    nodes: tuple[int, ...] = ()
    wires: tuple[int, ...] = ()
    text: str = ""
    bypasses: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.wires)


def parts_of(scene: DiagramScene, place: Place | None) -> Parts:
    """Returns what belongs to a place; nothing for None."""
    if place is None:
        return Parts()
    if place.kind is PlaceKind.LOSS:
        return _loss(scene, place)
    found = Parts()
    if place.kind is PlaceKind.EDGE:
        found = _edge(scene, place)
    elif place.kind in (PlaceKind.UNIT, PlaceKind.BIAS):
        found = _unit(scene, place)
    return found or _layer(scene, place.layer)


def _unit(scene: DiagramScene, place: Place) -> Parts:
    index = _node_index(scene, Place(PlaceKind.UNIT, place.layer, place.unit))
    if index is None:
        return Parts()
    text = scene.nodes[index].text
    return Parts((index,), (), f"bias of {text}" if place.kind is PlaceKind.BIAS else text)


def _edge(scene: DiagramScene, place: Place) -> Parts:
    for index, wire in enumerate(scene.wires):
        if wire.place == place:
            return Parts((wire.start, wire.end), (index,), wire.text)
    return Parts()


def _layer(scene: DiagramScene, layer: int) -> Parts:
    nodes = tuple(i for i, n in enumerate(scene.nodes) if n.place.kind is PlaceKind.UNIT and n.place.layer == layer)
    wires = tuple(i for i, w in enumerate(scene.wires) if w.place.kind is PlaceKind.EDGE and w.place.layer == layer)
    past = tuple(i for i, bypass in enumerate(scene.bypasses) if bypass.layer == layer)
    return Parts(nodes, wires, f"{scene.column_word} {layer}" if layer else "input", past)


def _loss(scene: DiagramScene, place: Place) -> Parts:
    nodes = tuple(i for i, node in enumerate(scene.nodes) if node.place.kind is PlaceKind.LOSS)
    wires = tuple(
        index
        for index, wire in enumerate(scene.wires)
        if wire.place.kind is PlaceKind.LOSS and place.unit in (0, wire.place.unit)
    )
    return Parts(nodes, wires, scene.nodes[nodes[0]].text if nodes else "")


def _node_index(scene: DiagramScene, place: Place) -> int | None:
    return next((index for index, node in enumerate(scene.nodes) if node.place == place), None)


def column_place(scene: DiagramScene, layout: DiagramLayout, position: QPointF) -> Place | None:
    """Returns the layer whose column of circles lies above or below the position; the input is no layer."""
    distances = [(abs(x - position.x()), index) for index, (x, _) in enumerate(layout.centres.tolist())]
    distance, nearest = min(distances)
    place = scene.nodes[nearest].place
    if place.kind is not PlaceKind.UNIT or place.layer == 0:
        return None
    pitch = layout.area.width() / max(1, scene.layers + 1)
    is_near = distance <= (pitch / 2 if layout.is_overview else layout.radius)
    return Place(PlaceKind.LAYER, place.layer) if is_near else None


def neighbour(scene: DiagramScene, layout: DiagramLayout, lit: Place | None, right: int, up: int) -> Place | None:
    """Returns where an arrow key leads: circle - wire - circle from left to right, up and down among their like.

    In an overview, where wires are too many to walk, left and right lead from column to column.
    """
    parts = parts_of(scene, lit)
    if not parts:
        return scene.nodes[0].place
    if lit and lit.kind is PlaceKind.EDGE and len(parts.wires) == 1 and not layout.is_overview:
        return _from_wire(scene, parts.wires[0], right, up)
    node = parts.nodes[0]
    if right == 0:
        return _vertical(scene, layout, node, up)
    if not layout.is_overview and abs(right) == 1:
        return _wire_beside(scene, node, right)
    return _column_beside(scene, layout, node, right)


def _from_wire(scene: DiagramScene, index: int, right: int, up: int) -> Place:
    wire = scene.wires[index]
    if right:
        return scene.nodes[wire.end if right > 0 else wire.start].place
    alike = [i for i, other in enumerate(scene.wires) if other.place.kind is PlaceKind.EDGE]
    at = max(0, min(alike.index(index) - up, len(alike) - 1))
    return scene.wires[alike[at]].place


def _vertical(scene: DiagramScene, layout: DiagramLayout, node: int, up: int) -> Place:
    column = [i for i, other in enumerate(scene.nodes) if other.x == scene.nodes[node].x]
    column.sort(key=lambda i: layout.centres[i][1])
    return scene.nodes[column[max(0, min(column.index(node) - up, len(column) - 1))]].place


def _wire_beside(scene: DiagramScene, node: int, right: int) -> Place:
    """Returns the first wire on that side, one of the gradient's path before others; the node itself at the end."""
    beside = [wire for wire in scene.wires if (wire.start if right > 0 else wire.end) == node]
    if not beside:
        return scene.nodes[node].place
    wire = max(beside, key=lambda wire: wire.hot)
    far = wire.end if right > 0 else wire.start
    return wire.place if wire.place.kind is PlaceKind.EDGE else scene.nodes[far].place


def _column_beside(scene: DiagramScene, layout: DiagramLayout, node: int, right: int) -> Place:
    columns = sorted({other.x for other in scene.nodes})
    x = columns[max(0, min(columns.index(scene.nodes[node].x) + right, len(columns) - 1))]
    there = [i for i, other in enumerate(scene.nodes) if other.x == x]
    return scene.nodes[min(there, key=lambda i: abs(layout.centres[i][1] - layout.centres[node][1]))].place
