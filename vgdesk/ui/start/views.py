"""Fills the panels with their views after the first paint, and starts what the first sight shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from vgdesk.ui.start.later_views import LaterViews
from vgdesk.ui.state.selection import Reference

if TYPE_CHECKING:
    from vgdesk.ui.equations.sheet_copy import CopyKind
    from vgdesk.ui.equations.sheet_view import SheetView
    from vgdesk.ui.presenter import Presenter
    from vgdesk.ui.window import Window

NETWORK_ACTIONS = ("edit_network", "network_table", "unit_activation", "undo", "redo", "maximise")
FIGURE_ACTIONS = ("export_figure", "maximise")
SHEET_ACTIONS = (
    "unfold_factor", "unfold_layer", "unfold_everything", "fold_everything",
    "copy_latex", "copy_typst", "copy_mathml", "copy_svg", "copy_image", "copy_text", "copy_numpy", "copy_sympy",
    "copy_spoken", "export_equations", "maximise",
)  # fmt: skip


class Views(QObject):
    """Makes diagram, plots and equation sheet, one per step; modules are imported when their step runs."""

    sheet_changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.presenter: Presenter | None = None
        self.sheet: SheetView | None = None
        self.begins_training = True

    @property
    def steps(self) -> list[Callable[[], None]]:
        """What is done after the first paint, in order."""
        return [
            self._add_diagram, self._begin_presenting, self._begin_work, self._add_sheet, self._add_profile,
            self._add_heatmap, self._add_loss, self._add_lag,
        ]  # fmt: skip

    @property
    def has_theory(self) -> bool:
        """Whether the Theory workspace has been opened."""
        return self._window.cards["phase"].view is not None

    def copy_derivation(self, kind: CopyKind) -> None:
        """Puts the derivation on show on the clipboard."""
        if self.sheet is not None:
            self.sheet.copy(kind)

    def _begin_work(self) -> None:
        desk = self._window.desk
        desk.formulas.derivation_changed.connect(self._light_first_factor, Qt.ConnectionType.SingleShotConnection)
        desk.formulas.derive()
        desk.formulas.verify()
        desk.predictions.ask()
        if self.begins_training:
            desk.runs.train()

    def _light_first_factor(self) -> None:
        """Shows a newcomer that factor, connection and node belong together, until the pointer says otherwise."""
        from vgdesk.present.sheet import STEPS_KIND
        from vgdesk.present.sheet_scene import telling

        derivation = self._window.desk.formulas.derivation
        if derivation and derivation.factors:
            first, selection = derivation.factors[0], self._window.desk.selection
            told = telling(derivation.wrt, STEPS_KIND)
            selection.hover(Reference(derivation.experiment, first.place, first.id, telling=told))
            selection.pinned_changed.connect(lambda _: selection.hover(None), Qt.ConnectionType.SingleShotConnection)

    def _begin_presenting(self) -> None:
        from vgdesk.ui.presenter import Presenter

        window = self._window
        self.presenter = Presenter(window.desk, window.cards, self)
        self.presenter.status_changed.connect(window.status.show_run)
        self.presenter.sheet_changed.connect(self.sheet_changed)
        LaterViews(window, self.place, self)

    def _add_diagram(self) -> None:
        from vgdesk.ui.panels.diagram_editor import DiagramEditor

        desk = self._window.desk
        self.place("network", DiagramEditor(desk.selection, desk.themes, desk.editor, desk.what_if), NETWORK_ACTIONS)

    def _add_sheet(self) -> None:
        from vgdesk.ui.equations.sheet_view import SheetView

        self.sheet = SheetView(self._window.desk.selection, self._window.desk.themes)
        self.sheet.unfolding_changed.connect(self._window.follow_situation)
        self.place("derivation", self.sheet, SHEET_ACTIONS)

    def _add_profile(self) -> None:
        from vgdesk.ui.plots.profile_plot import ProfilePlot

        self.place("profile", ProfilePlot(self._window.desk.selection, self._window.desk.themes), FIGURE_ACTIONS)

    def _add_heatmap(self) -> None:
        from vgdesk.ui.plots.heatmap_plot import HeatmapPlot

        self.place("heatmap", HeatmapPlot(self._window.desk.selection, self._window.desk.themes), FIGURE_ACTIONS)

    def _add_loss(self) -> None:
        from vgdesk.ui.plots.loss_plot import LossPlot

        self.place("loss", LossPlot(self._window.desk.selection, self._window.desk.themes), FIGURE_ACTIONS)

    def _add_lag(self) -> None:
        from vgdesk.ui.plots.lag_plot import LagPlot

        self.place("lag", LagPlot(self._window.desk.selection, self._window.desk.themes), FIGURE_ACTIONS)

    def place(self, key: str, view: QWidget, actions: tuple[str, ...]) -> None:
        """Puts a view into its panel, with the actions of its context menu."""
        if isinstance(view, QAbstractScrollArea):
            view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a screen reader would find it nameless
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        view.addActions([self._window.actions_by_id[name] for name in actions])
        self._window.cards[key].set_view(view)
