"""Where the parts of a network diagram lie in a rectangle of the screen: pure geometry, no painting.

Two manners. *Detailed*: few units, circles large enough for a value, names under them. *Overview*: many columns of
small circles, layer numbers in one row at the bottom; single wires cannot be pointed at, only units and columns.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from vgdesk.present.diagram_scene import DiagramScene
from vgdesk.present.formula.numbers import number_text
from vgdesk.ui.painting import LABEL_PIXELS, TICK_PIXELS, text_size

LARGEST_RADIUS = 25.0
WIDEST_COLUMN = 230.0
PICKABLE_WIRES = 400
LABEL_HEIGHT = 17.0
SMALLEST_TEXT = 9
_EDGE = 12.0
_SAMPLES = 25


@dataclass(frozen=True)
class DiagramLayout:
    """Is the geometry of a scene in widget pixels.

    Attributes
    ----------
    centres
        Centre of each node, shape (nodes, 2).
    radius
        Of every circle.
    label_pixels
        Size of the names under the circles; 0 where they do not fit.
    value_pixels
        Size of the values inside the circles; 0 where they stand below the names instead, or nowhere.
    value_below
        Whether values stand below the names.
    samples
        Points along each wire for hit testing, shape (wires, points, 2).
    names_left
        x of the column whose names stand at its left instead of below; None for all below.
    has_notes
        Whether the nodes' notes stand in a row of their own below the names.
    """

    area: QRectF
    centres: np.ndarray
    radius: float
    label_pixels: int
    value_pixels: int
    value_below: bool
    is_overview: bool
    samples: np.ndarray
    names_left: float | None = None
    has_notes: bool = False

    def centre(self, node: int) -> QPointF:
        """Returns the centre of a node."""
        return QPointF(*self.centres[node].tolist())

    def wire(self, start: int, end: int) -> QPainterPath:
        """Returns the smooth curve between the rims of two nodes."""
        controls = _controls(self.centres[start], self.centres[end], self.radius)
        path = QPainterPath(QPointF(*controls[0]))
        path.cubicTo(QPointF(*controls[1]), QPointF(*controls[2]), QPointF(*controls[3]))
        return path

    def arc(self, start: float, end: float) -> QPainterPath:
        """Returns the arc over the circles from one column to another, x in [0, 1]."""
        left, right = (self.area.left() + x * self.area.width() for x in (start, end))
        foot, lift = self._top() - self.radius - 1, min(12.0, (right - left) / 2)
        path = QPainterPath(QPointF(left, foot))
        path.cubicTo(QPointF(left, foot - lift), QPointF(right, foot - lift), QPointF(right, foot))
        return path

    def mark(self, x: float) -> QLineF:
        """Returns the short bar below the circles of a normalised column."""
        half, y = max(2.0, 0.7 * self.radius), float(self.centres[:, 1].max()) + self.radius + 3
        centre = self.area.left() + x * self.area.width()
        return QLineF(centre - half, y, centre + half, y)

    def _top(self) -> float:
        return float(self.centres[:, 1].min())

    def circle_rect(self, node: int) -> QRectF:
        """Returns the square around a circle."""
        centre, r = self.centre(node), self.radius
        return QRectF(centre.x() - r, centre.y() - r, 2 * r, 2 * r)

    def caption_rect(self, node: int, text: str) -> QRectF:
        """Returns where the name of a circle is written; empty where names do not fit."""
        if not self.label_pixels or not text:
            return QRectF()
        centre, width = self.centre(node), text_size(text, self.label_pixels)[0]
        if self.names_left is not None and abs(centre.x() - self.names_left) < 1.0:
            return QRectF(centre.x() - self.radius - 6 - width, centre.y() - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)
        return QRectF(centre.x() - width / 2, centre.y() + self.radius + 2, width, LABEL_HEIGHT)

    def note_rect(self, node: int, text: str) -> QRectF:
        """Returns where the note of a circle is written; empty where there is none or no room."""
        if not self.has_notes or not text:
            return QRectF()
        centre, width = self.centre(node), text_size(text, TICK_PIXELS)[0]
        return QRectF(centre.x() - width / 2, centre.y() + self.radius + LABEL_HEIGHT, width, LABEL_HEIGHT)

    def node_at(self, position: QPointF) -> int | None:
        """Returns the node under the position; small circles catch a little beyond their rim."""
        if not len(self.centres):
            return None
        distance = np.hypot(*(self.centres - (position.x(), position.y())).T)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= max(self.radius + 2, 5.0) else None

    def wire_at(self, position: QPointF) -> int | None:
        """Returns the wire within six pixels of the position; in an overview there are too many to tell apart."""
        if self.is_overview or not len(self.samples):
            return None
        distance = np.hypot(*np.moveaxis(self.samples - (position.x(), position.y()), -1, 0)).min(axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 6.0 else None


def lay_out(scene: DiagramScene, width: float, height: float) -> DiagramLayout:
    """Returns the geometry of a scene in a widget of the given size in pixels.

    Names stand under the circles; where a crowded input column would make all circles small and there is room at the
    left, its names stand there instead.
    """
    if scene.layer_labels or len(scene.wires) > PICKABLE_WIRES:
        return _overview(scene, width, height)
    under, beside = (_detailed(scene, width, height, names_left) for names_left in (False, True))
    is_better = beside.radius > 1.15 * under.radius and beside.label_pixels >= under.label_pixels
    return beside if is_better else under


def _overview(scene: DiagramScene, width: float, height: float) -> DiagramLayout:
    rows = _rows(scene)
    left, right = _EDGE + 20.0, _EDGE + 12.0
    area = QRectF(left, _EDGE, max(10.0, width - left - right), max(10.0, height - 2 * _EDGE - LABEL_HEIGHT))
    pitch_x, pitch_y = area.width() / max(1, len(rows) - 1), area.height() / max(rows.values(), default=1)
    return DiagramLayout(
        area=area,
        centres=_centres(scene, area, dict.fromkeys(rows, 0.0)),
        radius=max(1.5, min(10.0, 0.36 * pitch_y, 0.32 * pitch_x)),
        label_pixels=0,
        value_pixels=0,
        value_below=False,
        is_overview=True,
        samples=np.empty((0, _SAMPLES, 2)),
    )


def _detailed(scene: DiagramScene, width: float, height: float, names_left: bool) -> DiagramLayout:
    rows = _rows(scene)
    area = _detailed_area(scene, width, height, names_left)
    pitch_x = area.width() / max(1, len(rows) - 1)
    under = [x for x in rows if not (names_left and x == min(rows))]
    pitch_y = area.height() / max((rows[x] for x in under), default=1)
    notes = _note_rows(scene, pitch_x, pitch_y)
    label_pixels, value_rows = _label_size(scene, pitch_x, pitch_y - LABEL_HEIGHT * notes)
    notes = notes if label_pixels else 0
    below = {x: LABEL_HEIGHT * ((label_pixels > 0) + notes + value_rows) if x in under else 0.0 for x in rows}
    room_y = min((area.height() / rows[x] - below[x] for x in rows), default=height)
    radius = _radius(pitch_x, room_y)
    centres = _centres(scene, area, below)
    value_pixels = _value_size(scene, radius)
    return DiagramLayout(
        area=area,
        centres=centres,
        radius=radius,
        label_pixels=label_pixels,
        value_pixels=value_pixels,
        value_below=value_rows > 0 and not value_pixels,
        is_overview=False,
        samples=_samples(scene, centres, radius),
        names_left=float(centres[:, 0].min()) if names_left else None,
        has_notes=notes > 0,
    )


def _rows(scene: DiagramScene) -> dict[float, int]:
    """Returns the number of circles in each column by its x."""
    return dict(sorted(Counter(node.x for node in scene.nodes).items()))


def _detailed_area(scene: DiagramScene, width: float, height: float, names_left: bool) -> QRectF:
    """Returns the rectangle between the first and the last column's centres, full height."""
    columns = list(_rows(scene))
    first, last = (max(text_size(n.label)[0] for n in scene.nodes if n.x == x) for x in (columns[0], columns[-1]))
    left = _EDGE + (first + 6 + LARGEST_RADIUS if names_left else max(first / 2, LARGEST_RADIUS))
    right = _EDGE + max(last / 2, LARGEST_RADIUS)
    inner = max(10.0, width - left - right)
    used = min(inner, WIDEST_COLUMN * max(1, len(columns) - 1))
    return QRectF(left + (inner - used) / 2, _EDGE, used, max(10.0, height - 2 * _EDGE))


def _label_size(scene: DiagramScene, pitch_x: float, pitch_y: float) -> tuple[int, int]:
    """Returns the largest text size at which all names fit side by side, and the rows for values below the names."""
    if pitch_y < LABEL_HEIGHT + 14:
        return 0, 0
    widest = max((text_size(node.label)[0] for node in scene.nodes), default=0.0)
    if widest == 0.0:
        return 0, 0
    pixels = min(LABEL_PIXELS, int(LABEL_PIXELS * (pitch_x - 4) / widest))
    if pixels < SMALLEST_TEXT:
        return 0, 0
    radius = _radius(pitch_x, pitch_y - LABEL_HEIGHT)
    value_rows = int(not _value_size(scene, radius) and pitch_y > 2 * LABEL_HEIGHT + 24 and _value_fits(scene, pitch_x))
    return pixels, value_rows


def _note_rows(scene: DiagramScene, pitch_x: float, pitch_y: float) -> int:
    """Returns 1 where there are notes and all of them fit below the names, else 0."""
    notes = [node.note for node in scene.nodes if node.note]
    has_room = pitch_y > 2 * LABEL_HEIGHT + 14 and all(text_size(n, TICK_PIXELS)[0] <= pitch_x - 4 for n in notes)
    return int(bool(notes) and has_room)


def _value_fits(scene: DiagramScene, pitch_x: float) -> bool:
    return all(text_size(number_text(n.value), 11)[0] <= pitch_x - 4 for n in scene.nodes if n.value is not None)


def _radius(pitch_x: float, room_y: float) -> float:
    return max(4.0, min(LARGEST_RADIUS, (room_y - 8) / 2, 0.3 * pitch_x))


def _value_size(scene: DiagramScene, radius: float) -> int:
    """Returns the largest text size at which all values fit into their circles, or 0."""
    widest = max((text_size(number_text(n.value))[0] for n in scene.nodes if n.value is not None), default=0.0)
    pixels = LABEL_PIXELS if widest == 0.0 else min(LABEL_PIXELS, int(LABEL_PIXELS * (2 * radius - 6) / widest))
    return pixels if pixels >= SMALLEST_TEXT else 0


def _centres(scene: DiagramScene, area: QRectF, below: dict[float, float]) -> np.ndarray:
    """Returns the centres; circle and the text below it lie in the middle of their row."""
    unit = np.array([(node.x, node.y) for node in scene.nodes], dtype=np.float64).reshape(-1, 2)
    lift = np.array([(0.0, -below[node.x] / 2) for node in scene.nodes]).reshape(-1, 2)
    return unit * (area.width(), area.height()) + (area.left(), area.top()) + lift


def _controls(start: np.ndarray, end: np.ndarray, radius: float) -> np.ndarray:
    """Returns the four control points of a wire: it leaves and arrives horizontally."""
    rim = np.array((radius, 0.0))
    first, last = start + rim, end - rim
    reach = np.array((0.5 * (last[0] - first[0]), 0.0))
    return np.stack((first, first + reach, last - reach, last))


def _samples(scene: DiagramScene, centres: np.ndarray, radius: float) -> np.ndarray:
    t = np.linspace(0.0, 1.0, _SAMPLES)[:, None]
    weights = np.hstack(((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3))
    wires = [weights @ _controls(centres[wire.start], centres[wire.end], radius) for wire in scene.wires]
    return np.array(wires).reshape(-1, _SAMPLES, 2)
