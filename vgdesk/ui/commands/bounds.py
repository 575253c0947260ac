"""Menu Derivation: the bound of a chain's product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent, VanillaCell

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def show_bounds(window: Window) -> None:
    """Opens the dialog at the derived network's activation and depth; one dialog is enough."""
    from vgdesk.ui.panels.bounds_dialog import BoundsDialog

    dialog = window.findChild(BoundsDialog)
    if dialog is None:
        desk = window.desk
        dialog = BoundsDialog(window, *_first_question(desk.session.formula), desk.jobs, desk.themes)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _first_question(experiment: Experiment) -> tuple[str, int]:
    """Returns activation and depth; of a recurrent network the cell's, tanh in an LSTM or GRU, and its time steps."""
    network = experiment.network
    if isinstance(network, Recurrent):
        return network.cell.activation if isinstance(network.cell, VanillaCell) else "tanh", network.steps
    return network.layers[0].activation, network.depth
