"""Arcs of skip connections and bars of normalised layers stand clear of the circles, and are seen."""

import pytest
from PySide6.QtCore import QPointF

from tests.ui.drawing import shown
from vgdesk.present.diagram import diagram_scene
from vgdesk.spec.library import example
from vgdesk.ui.panels.diagram_layout import lay_out
from vgdesk.ui.panels.diagram_view import DiagramView

SIZES = [(260, 160), (640, 340), (1400, 700)]


@pytest.mark.parametrize("size", SIZES)
def test_arcs_stay_inside_and_above_the_circles(size: tuple[int, int]):
    scene = diagram_scene(example("digits-resnet-50"))
    layout = lay_out(scene, *size)
    highest = layout.centres[:, 1].min() - layout.radius
    for arc in scene.bypasses:
        bounds = layout.arc(arc.start, arc.end).boundingRect()
        assert 0 <= bounds.top() <= bounds.bottom() <= highest


@pytest.mark.parametrize("size", SIZES)
def test_marks_lie_between_the_circles_and_the_numbers(size: tuple[int, int]):
    scene = diagram_scene(example("digits-bn-relu-20"))
    layout = lay_out(scene, *size)
    lowest = layout.centres[:, 1].max() + layout.radius
    assert all(lowest < layout.mark(x).y1() < layout.area.bottom() + 4 for x in scene.normalised)


def test_an_arc_is_painted(qtbot):
    scene = diagram_scene(example("digits-resnet-50"))
    view, _, _ = shown(qtbot, DiagramView, scene, (1400, 700))
    layout = lay_out(scene, view.width(), view.height())
    arc = scene.bypasses[9]
    top: QPointF = layout.arc(arc.start, arc.end).pointAtPercent(0.5)
    colour = view.grab().toImage().pixelColor(top.toPoint())
    assert colour.blueF() - colour.redF() > 0.2
