"""The network as circles and wires; what is lit stays bright, everything else steps back.

The whole diagram is painted once into a pixmap and kept until scene, size or theme change; pointing only lays that
pixmap down faded and paints the few lit parts over it, so that hover costs a millisecond even for 100 layers.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from vgdesk.present.diagram_scene import DiagramScene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.ui.painting import draw_empty, draw_focus_ring, draw_tag
from vgdesk.ui.panels.diagram_layout import DiagramLayout, lay_out
from vgdesk.ui.panels.diagram_painter import DiagramPainter
from vgdesk.ui.panels.diagram_parts import Parts, column_place, neighbour, parts_of
from vgdesk.ui.pointing import Pointing
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import Theme, ThemeState

EMPTY = "The network appears here"
_FADED = 0.45
"""Opacity of what is not lit: clearly behind, and still to be read."""


class DiagramView(Pointing, QWidget):
    """Shows a `DiagramScene`; pointing at a circle, a wire or a column points at its place."""

    def __init__(self, selection: Selection, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._scene: DiagramScene | None = None
        self._known_layout: DiagramLayout | None = None
        self._picture: QPixmap | None = None
        self.start_pointing(selection)
        selection.current_changed.connect(self._follow)
        themes.changed.connect(self._paint_like)
        self.setAccessibleName("Network diagram")
        self.render(None)

    def render(self, scene: DiagramScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene, or an empty panel for None."""
        self._scene = scene if scene is not None and scene.nodes else None
        self.setAccessibleDescription(_description(self._scene))
        self._forget_picture()

    def reference_at(self, position: QPointF) -> Reference | None:
        """Returns the circle, else the wire, else the column under the position."""
        if self._scene is None or self._layout is None:
            return None
        node = self._layout.node_at(position)
        if node is not None:
            return self._reference(self._scene.nodes[node].place)
        wire = self._layout.wire_at(position)
        if wire is not None:
            return self._reference(self._scene.wires[wire].place)
        return self._reference(column_place(self._scene, self._layout, position))

    def walked(self, right: int, up: int) -> Reference | None:
        """Returns the next circle or wire in the direction of an arrow key."""
        if self._scene is None or self._layout is None:
            return None
        return self._reference(neighbour(self._scene, self._layout, self._lit_place(), right, up))

    def minimumSizeHint(self) -> QSize:
        """Says how small the diagram is still readable."""
        return QSize(260, 160)

    @property
    def room_below(self) -> int:
        """Pixels at the bottom that are kept free of the diagram."""
        return 0

    def sizeHint(self) -> QSize:
        """Says how large the diagram likes to be."""
        return QSize(640, 340)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the diagram out anew."""
        super().resizeEvent(event)
        self._forget_picture()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the kept picture and over it what is lit."""
        painter = QPainter(self)
        if self._scene is None or self._layout is None:
            draw_empty(painter, self._themes.current, QRectF(self.rect()), EMPTY)
        else:
            self._paint_scene(painter, self._scene, self._layout)
        if self.hasFocus():
            draw_focus_ring(painter, self._themes.current, QRectF(self.rect()))
        painter.end()

    def _paint_scene(self, painter: QPainter, scene: DiagramScene, layout: DiagramLayout) -> None:
        place = self._lit_place()
        parts = parts_of(scene, place)
        painter.setOpacity(_FADED if parts else 1.0)
        painter.drawPixmap(0, 0, self._whole_picture(scene, layout))
        painter.setOpacity(1.0)
        if place is None or not parts:
            return
        drawing = DiagramPainter(painter, scene, layout, self._themes.current)
        drawing.bypasses(parts.bypasses, is_lit=True)
        drawing.wires(parts.wires, is_lit=True)
        drawing.nodes(parts.nodes, is_lit=True)
        drawing.wire_labels(_labelled(scene, parts.wires, place))
        drawing.layer_labels(place.layer)
        self._draw_tag(painter, parts, scene, layout)

    def _draw_tag(self, painter: QPainter, parts: Parts, scene: DiagramScene, layout: DiagramLayout) -> None:
        """Tells what is lit, beside it: what is pointed at must stay visible."""
        avoid = _taken(scene, layout, parts.nodes)
        arcs = _arcs(parts, scene, layout)
        avoid += arcs
        others = () if layout.is_overview else range(len(scene.nodes))
        if len(parts.wires) == 1 and len(layout.samples):
            avoid += [QRectF(x - 2, y - 2, 4, 4) for x, y in layout.samples[parts.wires[0]].tolist()]
        bounds = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        anchor, gap = self._tag_anchor(parts, layout)
        gap = max([gap, *(anchor.y() - arc.top() + 2.0 for arc in arcs)])
        spare = _taken(scene, layout, others)
        draw_tag(painter, self._themes.current, anchor, parts.text, bounds, gap, avoid, spare)

    def _tag_anchor(self, parts: Parts, layout: DiagramLayout) -> tuple[QPointF, float]:
        """Returns the middle of a single wire, else of the uppermost circle, and how far from it the tag keeps."""
        if len(parts.wires) == 1 and len(layout.samples):
            return QPointF(*layout.samples[parts.wires[0]][12].tolist()), 10.0
        top = min(parts.nodes, key=lambda node: layout.centres[node][1])
        return layout.centre(top), layout.radius + 6.0

    def _whole_picture(self, scene: DiagramScene, layout: DiagramLayout) -> QPixmap:
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = QPixmap(self.size() * self.devicePixelRatioF())
            self._picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            drawing = DiagramPainter(painter, scene, layout, self._themes.current)
            drawing.bypasses(range(len(scene.bypasses)))
            drawing.normalised()
            drawing.wires(range(len(scene.wires)))
            drawing.nodes(range(len(scene.nodes)))
            drawing.wire_labels(index for index, wire in enumerate(scene.wires) if wire.hot)
            drawing.layer_labels()
            painter.end()
        return self._picture

    @property
    def _layout(self) -> DiagramLayout | None:
        """Where everything is; worked out when asked for, because a window may resize its panels several times."""
        if self._scene is not None and self._known_layout is None:
            self._known_layout = lay_out(self._scene, self.width(), self.height() - self.room_below)
        return self._known_layout

    def _forget_picture(self) -> None:
        self._picture = self._known_layout = None
        self.update()

    def _follow(self, _reference: Reference | None) -> None:
        self.update()

    def _paint_like(self, _theme: Theme) -> None:
        self._forget_picture()

    def _lit_place(self) -> Place | None:
        lit = self._selection.current
        return lit.place if lit and self._scene and lit.experiment == self._scene.experiment else None

    def _reference(self, place: Place | None) -> Reference | None:
        return Reference(self._scene.experiment, place) if self._scene and place else None


def _labelled(scene: DiagramScene, wires: Sequence[int], place: Place) -> list[int]:
    """Returns the lit wires whose names are written: the one pointed at, and those whose name a lit wire hides."""
    return [index for index in wires if place.kind is PlaceKind.EDGE or scene.wires[index].hot]


def _taken(scene: DiagramScene, layout: DiagramLayout, nodes: Sequence[int]) -> list[QRectF]:
    """Returns what circles and their names cover."""
    circles = [layout.circle_rect(node) for node in nodes]
    return circles + [layout.caption_rect(node, scene.nodes[node].label) for node in nodes]


def _arcs(parts: Parts, scene: DiagramScene, layout: DiagramLayout) -> list[QRectF]:
    """Returns what the lit skip connections cover."""
    lit = (scene.bypasses[index] for index in parts.bypasses)
    return [layout.arc(bypass.start, bypass.end).boundingRect().adjusted(-2, -2, 2, 2) for bypass in lit]


def _description(scene: DiagramScene | None) -> str:
    """Returns what is shown in one sentence, for screen readers."""
    if scene is None:
        return EMPTY
    hot = ", ".join(wire.label for wire in scene.wires if wire.hot and wire.label)
    path = f"; the gradient's path runs over {hot}" if hot else ""
    count = f"{scene.layers} {'layer' if scene.layers == 1 else 'layers'}"
    return f"Network diagram of {scene.title}: {count}, {len(scene.nodes)} circles, {len(scene.wires)} wires{path}."
