"""Menu Derivation: the three-way check in full, and the search for a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def find_state(window: Window) -> None:
    """Asks for values of the factors on show and searches for numbers that give them."""
    from vgdesk.ui.panels.find_state_dialog import FindStateDialog

    desk = window.desk
    experiment, derivation = desk.session.formula, desk.formulas.derivation
    if not isinstance(experiment.network, FeedForward):
        desk.messages.post(f"{experiment.title}: a state is found for feed-forward networks only.", "state")
    elif derivation is None or derivation.experiment != experiment.name:
        desk.messages.post("The derivation is still being made; ask again when it is on show.", "state")
    else:
        desk.messages.settle("state")
        FindStateDialog(window, derivation, experiment.network, desk.state_search).open()
