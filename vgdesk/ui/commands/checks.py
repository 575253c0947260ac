"""Menu Derivation: the three-way check in full, and the search for a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.records.learned_names import learned_names
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def show_check(window: Window) -> None:
    """Lists what each of three routes gives for every gradient; one list is enough."""
    from vgdesk.ui.panels.check_dialog import CheckDialog

    dialog = window.findChild(CheckDialog) or CheckDialog(window, window.desk.formulas, window.desk.themes)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _movable(experiment: Experiment) -> list[str]:
    """Returns what the search may move: every parameter, and inputs that are the example's own."""
    network, names = experiment.network, learned_names(experiment.network)
    if not isinstance(network, FeedForward) or any(layer.normalisation == "batch" for layer in network.layers):
        return names
    return [*names, *network.input_labels]


def find_state(window: Window) -> None:
    """Asks for values of the factors on show and searches for numbers that give them."""
    from vgdesk.ui.panels.find_state_dialog import FindStateDialog

    desk = window.desk
    experiment, derivation = desk.session.formula, desk.formulas.derivation
    if derivation is None or derivation.experiment != experiment.name:
        desk.messages.post("The derivation is still being made; ask again when it is on show.", "state")
    else:
        desk.messages.settle("state")
        FindStateDialog(window, derivation, _movable(experiment), desk.state_search).open()
