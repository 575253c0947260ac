"""Arcs of skip connections and bars of normalised layers stand clear of the circles, and are seen."""

import pytest
from PySide6.QtCore import QPointF

from tests.ui.drawing import shown
from vgdesk.present.diagram import diagram_scene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec.library import example
from vgdesk.ui.panels.diagram_layout import lay_out
from vgdesk.ui.panels.diagram_parts import parts_of
from vgdesk.ui.panels.diagram_view import DiagramView
from vgdesk.ui.state.selection import Reference

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


def test_a_layer_lights_its_own_arc_and_no_other():
    scene = diagram_scene(example("digits-resnet-50"))
    lit = parts_of(scene, Place(PlaceKind.LAYER, 12))
    assert [scene.bypasses[index].layer for index in lit.bypasses] == [12]
    assert parts_of(scene, Place(PlaceKind.LAYER, 50)).bypasses == ()


def test_a_lit_arc_stays_bright_while_the_others_step_back(qtbot):
    scene = diagram_scene(example("digits-resnet-50"))
    view, selection, _ = shown(qtbot, DiagramView, scene, (1400, 700))
    layout = lay_out(scene, view.width(), view.height())
    tops = {arc.layer: layout.arc(arc.start, arc.end).pointAtPercent(0.5).toPoint() for arc in scene.bypasses}
    selection.hover(Reference(scene.experiment, Place(PlaceKind.LAYER, 12)))
    picture = view.grab().toImage()
    lit, other = (picture.pixelColor(tops[layer]) for layer in (12, 40))
    assert lit.blueF() - lit.redF() > 0.5
    assert other.blueF() - other.redF() < 0.4
