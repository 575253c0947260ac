"""Paints a network diagram: wires behind, circles with values before them, names under them.

The gradient's path is told by colour, by width and by its labels; a negative value has a minus sign and a grey fill.
"""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from vgdesk.present.diagram_scene import DiagramScene, Node, Wire
from vgdesk.present.formula.numbers import number_text
from vgdesk.records.derivation import PlaceKind
from vgdesk.ui.fonts import text_font
from vgdesk.ui.painting import LABEL_PIXELS, TICK_PIXELS, draw_text, text_size
from vgdesk.ui.panels.diagram_layout import LABEL_HEIGHT, DiagramLayout
from vgdesk.ui.style import blend
from vgdesk.ui.theme import Theme

_HOT_WIDTH = 3.0
_LABEL_SPOTS = (12, 8, 16, 5, 19)
"""Sample of the wire where its label goes, best first; the next one is tried where another label already stands."""


class DiagramPainter:
    """Paints chosen nodes and wires of a scene."""

    def __init__(self, painter: QPainter, scene: DiagramScene, layout: DiagramLayout, theme: Theme) -> None:
        self._painter, self._scene, self._layout, self._theme = painter, scene, layout, theme
        self._hot_ends = {wire.end for wire in scene.wires if wire.hot and wire.place.kind is PlaceKind.EDGE}
        self._largest = max((abs(n.value) for n in scene.nodes if n.value is not None), default=0.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def wires(self, indices: Iterable[int], is_lit: bool = False) -> None:
        """Paints wires, those of the gradient's path last and so on top."""
        chosen = [self._scene.wires[index] for index in indices]
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._layout.is_overview:
            self._straight_wires([wire for wire in chosen if not wire.hot], is_lit)
            chosen = [wire for wire in chosen if wire.hot]
        for wire in sorted(chosen, key=lambda wire: wire.hot):
            self._painter.setPen(self._wire_pen(wire, is_lit))
            self._painter.drawPath(self._layout.wire(wire.start, wire.end))

    def _straight_wires(self, wires: list[Wire], is_lit: bool) -> None:
        """Paints the many wires of an overview in one call: curves would take five times as long."""
        if wires:
            self._painter.setPen(self._wire_pen(wires[0], is_lit))
            rim = QPointF(self._layout.radius, 0.0)
            centre = self._layout.centre
            self._painter.drawLines([QLineF(centre(wire.start) + rim, centre(wire.end) - rim) for wire in wires])

    def bypasses(self, indices: Iterable[int], is_lit: bool = False) -> None:
        """Paints skip connections as arcs over the columns."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(self._theme.accent), 2.8 if is_lit else 1.4))
        for index in indices:
            bypass = self._scene.bypasses[index]
            self._painter.drawPath(self._layout.arc(bypass.start, bypass.end))

    def normalised(self) -> None:
        """Paints a short bar under each normalised column."""
        self._painter.setPen(QPen(QColor(self._theme.measured), 2.4))
        for x in self._scene.normalised:
            self._painter.drawLine(self._layout.mark(x))

    def _wire_pen(self, wire: Wire, is_lit: bool) -> QPen:
        if self._layout.is_overview:
            width = 1.0
            colour = self._theme.accent if is_lit else blend(self._theme.wire, self._theme.panel, 0.6)
        else:
            width = 1.0 + 2.5 * wire.strength + (1.0 if is_lit else 0.0)
            colour = self._theme.accent if is_lit else self._theme.wire
        if wire.hot:
            width, colour = max(width, _HOT_WIDTH + is_lit), self._theme.alert
        return QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)

    def wire_labels(self, indices: Iterable[int]) -> None:
        """Paints the names of wires on small plates of the panel's colour, none upon another, a circle or its name."""
        if self._layout.is_overview:
            return
        taken = [self._layout.circle_rect(i) for i in range(len(self._scene.nodes))]
        taken += [self._layout.caption_rect(i, node.label) for i, node in enumerate(self._scene.nodes)]
        taken += [self._layout.note_rect(i, node.note) for i, node in enumerate(self._scene.nodes)]
        for index in indices:
            if self._scene.wires[index].label:
                taken.append(self._wire_label(index, taken))

    def _wire_label(self, index: int, taken: list[QRectF]) -> QRectF:
        wire = self._scene.wires[index]
        plates = self._plates(index, wire.label)
        plate = next((p for p in plates if not any(p.intersects(other) for other in taken)), plates[0])
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._theme.panel))
        self._painter.drawRoundedRect(plate, 4, 4)
        self._text(
            plate,
            wire.label,
            self._theme.alert if wire.hot else self._theme.text,
            text_font(LABEL_PIXELS, QFont.Weight.DemiBold),
        )
        return plate

    def _plates(self, index: int, label: str) -> list[QRectF]:
        """Returns the places for a label, best first: on the wire, beside its middle, clear of the circles."""
        width, height = text_size(label)
        spots = self._layout.samples[index][list(_LABEL_SPOTS)].tolist()
        x, y = spots[0]
        clear = self._layout.radius + height / 2 + 1
        spots += [[x, y + offset] for offset in (-height, height, -clear, clear)]
        return [QRectF(x - width / 2 - 3, y - height / 2, width + 6, height) for x, y in spots]

    def nodes(self, indices: Iterable[int], is_lit: bool = False) -> None:
        """Paints circles with what belongs to them."""
        for index in indices:
            node, centre = self._scene.nodes[index], self._layout.centre(index)
            self._circle(node, centre, is_lit, index in self._hot_ends)
            if not self._layout.is_overview:
                self._caption(index, node)

    def _circle(self, node: Node, centre: QPointF, is_lit: bool, is_hot: bool) -> None:
        radius = self._layout.radius
        rim = self._theme.alert if is_hot else self._theme.text if is_lit else self._theme.accent
        width = min(radius * 0.35, 3.0 if is_lit else 1.8)
        self._painter.setPen(QPen(QColor(rim), width))
        self._painter.setBrush(QColor(self._fill(node, is_lit)))
        self._painter.drawEllipse(centre, radius, radius)
        if self._layout.value_pixels:
            inside = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            text = number_text(node.value) if node.value is not None else ""
            self._text(inside, text, self._theme.text, text_font(self._layout.value_pixels))

    def _fill(self, node: Node, is_lit: bool) -> str:
        if node.value is None or not self._largest > 0.0:
            return self._theme.accent if is_lit and self._layout.is_overview else self._theme.panel
        colour = self._theme.measured if node.value >= 0 else self._theme.dim
        return blend(colour, self._theme.panel, 0.32 * min(1.0, abs(node.value) / self._largest))

    def _caption(self, index: int, node: Node) -> None:
        """Writes the name of a circle, and below it the value where the circle is too small for it."""
        rect = self._layout.caption_rect(index, node.label)
        if rect.isEmpty():
            return
        self._text(rect, node.label, self._theme.text, text_font(self._layout.label_pixels))
        note = self._layout.note_rect(index, node.note)
        if not note.isEmpty():
            self._text(note, node.note, self._theme.accent, text_font(TICK_PIXELS))
        if self._layout.value_below and node.value is not None:
            below = rect.translated(0, LABEL_HEIGHT * (1 + self._layout.has_notes) - 2)
            self._text(below, number_text(node.value), self._theme.dim, text_font(TICK_PIXELS))

    def layer_labels(self, lit_layer: int | None = None) -> None:
        """Writes the row of layer numbers under an overview, as dense as it fits."""
        if not self._layout.is_overview:
            return
        ends = [(node.x, node.label) for node in self._scene.nodes if node.place.kind is PlaceKind.LOSS]
        ends = [self._label_rect(*end) for end in (*self._scene.layer_labels[:1], *ends)]
        numbers = [self._label_rect(*label) for label in self._scene.layer_labels[1:]]
        for rect, text in [*ends, *_sparse(numbers, [rect for rect, _ in ends])]:
            colour = self._theme.accent if text == str(lit_layer) else self._theme.dim
            draw_text(self._painter, rect, text, colour, Qt.AlignmentFlag.AlignHCenter, TICK_PIXELS)

    def _label_rect(self, x: float, text: str) -> tuple[QRectF, str]:
        area, width = self._layout.area, text_size(text, TICK_PIXELS)[0] + 1
        return QRectF(area.left() + x * area.width() - width / 2, area.bottom() + 4, width, LABEL_HEIGHT), text

    def _text(self, rect: QRectF, text: str, colour: str, font: QFont) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)


def _sparse(numbers: list[tuple[QRectF, str]], ends: list[QRectF]) -> list[tuple[QRectF, str]]:
    """Returns the numbers divisible by the smallest stride at which none touches another or an end."""
    for stride in (1, 2, 5, 10, 20, 50):
        kept = [
            (rect, text)
            for rect, text in numbers
            if int(text) % stride == 0 and not any(_touch(rect, end) for end in ends)
        ]
        if not any(_touch(one[0], other[0]) for one, other in pairwise(kept)):
            return kept
    return []


def _touch(one: QRectF, other: QRectF) -> bool:
    return one.adjusted(-3, 0, 3, 0).intersects(other)
