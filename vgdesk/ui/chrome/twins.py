"""The twins: docks below the panels that say in words what pictures show, made when first opened.

The layer table says what bars and heat map draw, the tree what the equations say. A twin follows its picture's own
scene a few times a second, and only while it is open; the panel of an open twin is drawn even where it is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QWidget

if TYPE_CHECKING:
    from vgdesk.present.layer_table import LayerTable
    from vgdesk.ui.panels.derivation_tree_view import DerivationTreeView
    from vgdesk.ui.panels.layer_table_view import LayerTableView
    from vgdesk.ui.window import Window

FOLLOW_MS = 250
"""A voice reads a cell in a second: more often would help nobody."""
LAYER_TABLE, DERIVATION_TREE = "layer_table", "derivation_tree"
_TITLES = {LAYER_TABLE: "Layer table", DERIVATION_TREE: "Derivation as a tree"}
_PANELS = {LAYER_TABLE: "profile", DERIVATION_TREE: "derivation"}
_HEIGHT = 210


class Twins(QObject):
    """Opens and closes the twins of a window; `turned` tells that one was."""

    turned = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self.table: LayerTableView | None = None
        self.tree: DerivationTreeView | None = None
        self._timer = QTimer(self, interval=FOLLOW_MS)
        self._timer.timeout.connect(self._follow)

    def is_open(self, name: str) -> bool:
        """Says whether a twin is on show."""
        return name in self._docks and not self._docks[name].isHidden()

    def turn(self, name: str) -> None:
        """Opens a twin and gives it the keyboard, or closes it."""
        if self.is_open(name):
            self._docks[name].close()
            return
        make: dict[str, Callable[[], QWidget]] = {LAYER_TABLE: self._table, DERIVATION_TREE: self._tree}
        view = make[name]()
        dock = self._docks.get(name) or self._dock(name, view)
        dock.show()
        dock.raise_()
        self._note()
        self._follow()
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _dock(self, name: str, view: QWidget) -> QDockWidget:
        dock = QDockWidget(_TITLES[name], self._window)
        dock.setObjectName(name)
        dock.setAccessibleName(_TITLES[name])
        dock.setWidget(view)
        dock.visibilityChanged.connect(lambda _: self._note())
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        for other in self._docks.values():
            self._window.tabifyDockWidget(other, dock)
        self._docks[name] = dock
        self._window.resizeDocks([dock], [_HEIGHT], Qt.Orientation.Vertical)
        return dock

    def _table(self) -> LayerTableView:
        from vgdesk.ui.panels.layer_table_view import LayerTableView

        self.table = self.table or LayerTableView(self._window.desk.selection)
        return self.table

    def _tree(self) -> DerivationTreeView:
        from vgdesk.ui.panels.derivation_tree_view import DerivationTreeView

        self.tree = self.tree or DerivationTreeView(self._window.desk.selection)
        return self.tree

    def _note(self) -> None:
        """Keeps what an open twin speaks of up to date, and looks at it only then."""
        for name, panel in _PANELS.items():
            self._window.cards[panel].is_followed = self.is_open(name)
        if any(map(self.is_open, _PANELS)):
            self._timer.start()
        else:
            self._timer.stop()
        if self._window.views.presenter is not None:
            self._window.views.presenter.refresh()
        self.turned.emit()

    def _follow(self) -> None:
        if self.table is not None and self.is_open(LAYER_TABLE):
            self.table.render(self._layer_table())
        if self.tree is not None and self.is_open(DERIVATION_TREE):
            self.tree.render(self._window.cards["derivation"].scene)

    def _layer_table(self) -> LayerTable | None:
        """Returns the table of the bars on show, with steps of the run where the bars are a step of it."""
        from vgdesk.present.heatmap import heatmap_scene
        from vgdesk.present.layer_table import STEPS_SHOWN, layer_table

        profile, desk = self._window.cards["profile"].scene, self._window.desk
        if profile is None:
            return None
        history = desk.runs.history
        if not history.rows or history.experiment != profile.experiment:
            return layer_table(profile)
        return layer_table(profile, heatmap_scene(history, profile.title, profile.quantity, STEPS_SHOWN))
