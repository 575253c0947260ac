"""Builders for the tests of drawn widgets: scenes, a widget on the screen, its pixels."""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from vgdesk.present.diagram import diagram_scene
from vgdesk.present.diagram_scene import DiagramScene
from vgdesk.present.scenes import Bar, HeatmapScene, LossScene, Mark, ProfileScene, Tone
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec.library import example
from vgdesk.study.derive import derive
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.theme import LIGHT, ThemeState

EXPERIMENT = "study"


def layer_reference(layer: int, step: int | None = None) -> Reference:
    return Reference(EXPERIMENT, Place(PlaceKind.LAYER, layer), step=step)


def shown(qtbot, widget_type, scene, size=(440, 300), theme=LIGHT):
    """Returns (widget, selection, themes) with the scene on the (offscreen) screen."""
    selection, themes = Selection(), ThemeState(theme)
    widget = widget_type(selection, themes)
    qtbot.addWidget(widget)
    widget.resize(*size)
    widget.render(scene)
    with qtbot.waitExposed(widget):
        widget.show()
    selection.setParent(widget)
    themes.setParent(widget)
    return widget, selection, themes


def surface(widget):
    """Returns what receives the mouse: the viewport of a graphics view, else the widget itself."""
    return widget.viewport() if hasattr(widget, "viewport") else widget


def point_at(qtbot, widget, position: QPointF) -> None:
    qtbot.mouseMove(surface(widget), position.toPoint())


def click(qtbot, widget, position: QPointF) -> None:
    qtbot.mouseClick(surface(widget), Qt.MouseButton.LeftButton, pos=position.toPoint())


def colour_at(widget, position: QPointF) -> str:
    """Returns the colour of the pixel that covers the position."""
    image = widget.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(int(position.x() * ratio), int(position.y() * ratio)).name()


def count_colour(widget, colour: str, tolerance: int = 12) -> int:
    """Returns how many pixels of the widget have about that colour."""
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., 2::-1].astype(int)
    wanted = np.array(QColor(colour).getRgb()[:3])
    return int((abs(pixels - wanted).max(axis=-1) <= tolerance).sum())


def profile(layers: int = 10, marks: dict[int, Mark] | None = None, guide: float | None = None) -> ProfileScene:
    """Returns bars that rise from 10^-9 at layer 1 to 10^-1 at the last one."""
    heights = np.linspace(-9.0, -1.0, layers)
    bars = tuple(_bar(layer, float(height), (marks or {}).get(layer)) for layer, height in enumerate(heights, start=1))
    return ProfileScene(
        experiment=EXPERIMENT,
        title="Gradient per layer",
        subtitle="",
        quantity="weight",
        y_label="gradient norm |∂L/∂W|",
        bars=bars,
        y_range=(-10.0, 0.0),
        y_ticks=(-10.0, -8.0, -6.0, -4.0, -2.0, 0.0),
        guide=guide,
        guide_label="10⁻⁷ of the output layer" if guide is not None else "",
        step=3,
    )


def _bar(layer: int, log10: float, mark: Mark | None) -> Bar:
    words = {None: f"{10**log10:.17g}", Mark.ZERO: "exactly 0", Mark.NAN: "not a number", Mark.INFINITE: "infinite"}
    tone = Tone.ALERT if mark or log10 < -7.0 else Tone.MEASURED
    return Bar(layer, None if mark else log10, mark, tone, f"layer {layer}: {words[mark]}")


def heatmap(layers: int = 5, columns: int = 20, steps: np.ndarray | None = None) -> HeatmapScene:
    """Returns rows of one value each, from 10^-8 at layer 1 to 1 at the last one."""
    return HeatmapScene(
        experiment=EXPERIMENT,
        title="Heat map",
        subtitle="",
        values=np.tile(np.linspace(-8.0, 0.0, layers)[:, None], (1, columns)),
        columns=np.arange(columns) if steps is None else steps,
        colour_range=(-8.0, 0.0),
        colour_ticks=(-8.0, -6.0, -4.0, -2.0, 0.0),
        colour_label="gradient norm |∂L/∂W|",
    )


def loss(steps: int = 101) -> LossScene:
    """Returns a loss that falls in a straight line from 1 to 0.5."""
    values = np.linspace(1.0, 0.5, steps)
    return LossScene(
        experiment=EXPERIMENT,
        title="Loss",
        subtitle="",
        steps=np.arange(steps),
        raw=values,
        smoothed=values,
        y_range=(0.0, 1.0),
        y_label="mean squared error",
        note="the axis starts at 0; the loss lies between 0.5 and 1",
    )


def insurance() -> DiagramScene:
    """Returns the diagram of the bundled insurance network with the path of dL/dw1."""
    experiment = example("insurance")
    return diagram_scene(experiment, derive(experiment, "w1"))
