"""What all drawn widgets promise alike: they go away without trace, can be focused, and need no heavy library."""

import gc
import subprocess
import sys
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from tests.ui.drawing import count_colour, heatmap, insurance, loss, profile, shown, surface
from vgdesk.ui.panels.diagram_view import DiagramView
from vgdesk.ui.plots.heatmap_plot import HeatmapPlot
from vgdesk.ui.plots.loss_plot import LossPlot
from vgdesk.ui.plots.profile_plot import ProfilePlot
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.theme import LIGHT, ThemeState

WIDGETS = [(ProfilePlot, profile), (HeatmapPlot, heatmap), (LossPlot, loss), (DiagramView, insurance)]
EACH = pytest.mark.parametrize(("widget_type", "scene"), WIDGETS, ids=lambda value: getattr(value, "__name__", ""))


@EACH
def test_a_closed_widget_is_freed_and_the_selection_goes_on(qapp, widget_type, scene):
    selection, themes = Selection(), ThemeState(LIGHT)
    widget = widget_type(selection, themes)
    widget.render(scene())
    widget.grab()
    trace = weakref.ref(widget)
    widget.deleteLater()
    del widget
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert trace() is None
    themes.choose("dark")
    selection.hover(None)


@EACH
def test_keyboard_focus_shows_a_ring(qtbot, widget_type, scene):
    widget, _, _ = shown(qtbot, widget_type, scene())
    widget.clearFocus()
    without = count_colour(widget, LIGHT.accent, tolerance=0)
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    assert count_colour(widget, LIGHT.accent, tolerance=0) > without + widget.width()


@EACH
def test_it_has_a_name_and_a_sentence_for_screen_readers(qtbot, widget_type, scene):
    widget, _, _ = shown(qtbot, widget_type, scene())
    assert widget.accessibleName()
    assert len(widget.accessibleDescription()) > 20
    assert widget.focusPolicy() == Qt.FocusPolicy.StrongFocus


@EACH
def test_rendering_the_same_scene_again_changes_no_pixel(qtbot, widget_type, scene):
    widget, _, _ = shown(qtbot, widget_type, scene())
    before = widget.grab().toImage()
    widget.render(scene())
    assert widget.grab().toImage() == before


@EACH
def test_when_the_pointer_leaves_nothing_is_lit(qtbot, widget_type, scene):
    widget, selection, _ = shown(qtbot, widget_type, scene())
    selection.hover(widget.walked(1, 0))
    assert selection.current
    QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
    assert selection.current is None


@EACH
def test_other_keys_and_the_context_menu_are_left_to_what_is_around(qtbot, widget_type, scene):
    widget, selection, _ = shown(qtbot, widget_type, scene())
    card = QWidget()
    qtbot.addWidget(card)
    card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.setParent(card)
    with qtbot.waitSignal(card.customContextMenuRequested):
        middle = widget.rect().center()
        QCoreApplication.sendEvent(surface(widget), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, middle))
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(widget, key)
    assert selection.current is None


def test_an_entering_pointer_lights_at_once(qtbot):
    plot, selection, _ = shown(qtbot, ProfilePlot, profile())
    position = QPointF(plot.plot_rect().center())
    QCoreApplication.sendEvent(plot, QEnterEvent(position, position, position))
    assert selection.current is not None


def test_plots_bring_neither_numba_nor_sympy():
    code = "import sys, vgdesk.ui.plots.profile_plot, vgdesk.ui.plots.heatmap_plot, vgdesk.ui.plots.loss_plot;"
    code += "print([name for name in ('numba', 'sympy', 'scipy', 'matplotlib', 'cupy') if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_diagram_does_not_wait_for_pyqtgraph():
    code = "import sys, vgdesk.ui.panels.diagram_view, vgdesk.ui.style; print('pyqtgraph' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
