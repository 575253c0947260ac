"""The diagram: hot path, values, pointing at circles, wires and columns, names that are never cut."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from tests.ui.drawing import click, colour_at, count_colour, insurance, point_at, shown
from vgdesk.present.diagram import diagram_scene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.spec.library import example
from vgdesk.ui.panels.diagram_layout import lay_out
from vgdesk.ui.panels.diagram_view import DiagramView
from vgdesk.ui.state.selection import Reference
from vgdesk.ui.theme import DARK, LIGHT

NAMED = ["insurance", "insurance-sparse", "mazur", "classic-chain"]


def deep(name="digits-sigmoid-20"):
    return diagram_scene(example(name))


def place_of(scene, layer, unit):
    return next(i for i, node in enumerate(scene.nodes) if node.place == Place(PlaceKind.UNIT, layer, unit))


def middle_of_wire(view, scene, place):
    layout = lay_out(scene, view.width(), view.height())
    index = next(i for i, wire in enumerate(scene.wires) if wire.place == place)
    return QPointF(*layout.samples[index][12])


def test_pointing_at_a_circle_points_at_its_unit(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    layout = lay_out(scene, 640, 340)
    point_at(qtbot, view, layout.centre(place_of(scene, 1, 2)))
    assert selection.current == Reference(scene.experiment, Place(PlaceKind.UNIT, 1, 2))


def test_pointing_at_a_wire_points_at_its_weight_and_a_click_pins_it(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    edge = Place(PlaceKind.EDGE, 2, 1, 2)
    click(qtbot, view, middle_of_wire(view, scene, edge))
    assert selection.pinned == Reference(scene.experiment, edge)


def test_the_path_of_the_gradient_has_the_alert_colour(qtbot):
    scene = insurance()
    view, _, _ = shown(qtbot, DiagramView, scene, (640, 340))
    layout = lay_out(scene, 640, 340)
    hot = next(i for i, wire in enumerate(scene.wires) if wire.hot)
    cold = next(i for i, wire in enumerate(scene.wires) if not wire.hot)
    assert colour_at(view, QPointF(*layout.samples[hot][3])) == LIGHT.alert
    assert colour_at(view, QPointF(*layout.samples[cold][3])) != LIGHT.alert


def test_what_is_not_lit_steps_back(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    before = count_colour(view, LIGHT.alert)
    selection.hover(Reference(scene.experiment, Place(PlaceKind.UNIT, 0, 4)))
    assert count_colour(view, LIGHT.alert) < before / 3
    selection.hover(Reference("another", Place(PlaceKind.UNIT, 0, 4)))
    assert count_colour(view, LIGHT.alert) == before


def test_a_lit_layer_lights_its_circles_and_the_wires_into_it(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    view.clearFocus()  # whose frame has the same colour
    before = count_colour(view, LIGHT.accent)
    selection.hover(Reference(scene.experiment, Place(PlaceKind.LAYER, 2)))
    one_wire = count_colour(view, LIGHT.accent)
    selection.hover(Reference(scene.experiment, Place(PlaceKind.LAYER, 1)))
    assert before < count_colour(view, LIGHT.accent), "seven of the eight wires; the eighth is hot"
    assert one_wire < count_colour(view, LIGHT.accent) / 2


def test_a_column_of_a_deep_network_points_at_its_layer(qtbot):
    scene = deep("digits-sigmoid-100")
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    layout = lay_out(scene, 640, 340)
    centre = layout.centre(place_of(scene, 40, 1))
    point_at(qtbot, view, centre + QPointF(0, 30))
    assert selection.current == Reference(scene.experiment, Place(PlaceKind.LAYER, 40))


def test_a_unit_that_is_not_drawn_lights_its_layer(qtbot):
    scene = deep()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    view.clearFocus()  # whose frame has the same colour
    before = count_colour(view, LIGHT.accent)
    selection.hover(Reference(scene.experiment, Place(PlaceKind.UNIT, 7, 16)))
    layout = lay_out(scene, 640, 340)
    assert colour_at(view, layout.centre(place_of(scene, 7, 1))) == LIGHT.accent
    assert count_colour(view, LIGHT.accent) != before


def test_the_whole_diagram_can_be_walked_by_keys(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    view.setFocus()
    seen = []
    for _ in range(7):
        QTest.keyClick(view, Qt.Key.Key_Right)
        seen.append(selection.current.place)
    assert seen[:4] == [
        Place(PlaceKind.UNIT, 0, 1),
        Place(PlaceKind.EDGE, 1, 1, 1),
        Place(PlaceKind.UNIT, 1, 1),
        Place(PlaceKind.EDGE, 2, 1, 1),
    ]
    assert seen[-1].kind is PlaceKind.LOSS


def test_up_and_down_walk_within_a_column(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
    assert selection.current.place == Place(PlaceKind.UNIT, 0, 2)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("width", range(300, 1001, 100))
@pytest.mark.parametrize("height", [200, 340])
def test_names_and_circles_lie_inside_the_panel_and_apart(qapp, name, width, height):
    scene = diagram_scene(example(name))
    layout = lay_out(scene, width, height)
    panel = QRectF(0, 0, width, height)
    circles = [layout.circle_rect(i) for i in range(len(scene.nodes))]
    names = [layout.caption_rect(i, node.label) for i, node in enumerate(scene.nodes)]
    assert all(panel.contains(rect) for rect in circles)
    assert all(rect.isEmpty() or panel.contains(rect) for rect in names)
    boxes = [circle | name if not name.isEmpty() else circle for circle, name in zip(circles, names, strict=True)]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("name", NAMED)
def test_every_name_is_written_in_a_panel_of_usual_size(qapp, name):
    scene = diagram_scene(example(name))
    assert lay_out(scene, 640, 340).label_pixels >= 11


@pytest.mark.parametrize(("name", "width"), [("digits-sigmoid-20", 300), ("digits-sigmoid-100", 440)])
def test_circles_of_a_deep_network_do_not_touch(qapp, name, width):
    scene = deep(name)
    layout = lay_out(scene, width, 220)
    columns = np.unique(layout.centres[:, 0])
    assert np.diff(columns).min() >= 2 * layout.radius
    assert layout.centres[:, 1].max() + layout.radius < 220


def test_the_description_names_the_path(qtbot):
    view, _, _ = shown(qtbot, DiagramView, insurance())
    assert "the gradient's path runs over w₁, w₉" in view.accessibleDescription()


def test_a_change_of_theme_repaints(qtbot):
    scene = insurance()
    view, _, themes = shown(qtbot, DiagramView, scene, (640, 340))
    themes.choose("dark")
    hot = next(i for i, wire in enumerate(scene.wires) if wire.hot)
    assert colour_at(view, QPointF(*lay_out(scene, 640, 340).samples[hot][3])) == DARK.alert


def test_without_a_scene_nothing_can_be_pointed_at(qtbot):
    view, selection, _ = shown(qtbot, DiagramView, None)
    point_at(qtbot, view, QPointF(200, 150))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert selection.current is None


def test_tag_of_a_circle_leaves_the_names_of_its_neighbours_readable(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    selection.hover(Reference(scene.experiment, Place(PlaceKind.UNIT, 1, 1)))
    layout = lay_out(scene, 640, 340)
    name = layout.caption_rect(place_of(scene, 0, 1), "age").toRect()
    alone = view.grab(name).toImage()
    selection.hover(Reference(scene.experiment, Place(PlaceKind.UNIT, 0, 2)))
    assert view.grab(name).toImage() == alone


def test_a_lit_layer_leaves_the_name_of_the_gradients_wire_readable(qtbot):
    scene = insurance()
    view, selection, _ = shown(qtbot, DiagramView, scene, (640, 340))
    selection.hover(Reference(scene.experiment, Place(PlaceKind.LAYER, 2)))
    layout = lay_out(scene, 640, 340)
    index = next(i for i, wire in enumerate(scene.wires) if wire.place == Place(PlaceKind.EDGE, 2, 1, 1))
    (x, y), (right, below) = layout.samples[index][[11, 13]].tolist()
    along = [QPointF(x + share * (right - x), y + share * (below - y)) for share in np.linspace(0.2, 0.8, 13)]
    colours = [colour_at(view, point) for point in along]
    assert colours.count(LIGHT.alert) < 7, "the wire goes behind the plate of its name"
