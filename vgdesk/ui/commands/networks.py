"""What draws a network of one's own: the new one, the drawing board, the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.ui.state.view import Role

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def new_network(window: Window) -> None:
    """Lays the smallest network on the desk and turns its diagram into a drawing board."""
    window.desk.editor.begin_anew()
    _show_diagram(window)


def turn_editor(window: Window) -> None:
    """Turns the diagram into a drawing board, or back."""
    editor = window.desk.editor
    editor.turn(not editor.is_on)
    if editor.is_on:
        _show_diagram(window)


def choose_activation(window: Window) -> None:
    """Lists the activations at the unit that is chosen or lit in the diagram."""
    from vgdesk.ui.panels.diagram_editor import DiagramEditor

    _show_diagram(window)
    view = window.cards["network"].view
    if isinstance(view, DiagramEditor):
        view.ask_activation(view.place_at_hand)


def ask_own_activation(window: Window) -> None:
    """Asks for a formula of one's own for the hidden layers of the network that the panel in use speaks of."""
    is_upper = window.stage.current in ("network", "derivation")
    window.toolbar.ask_for_formula(window.desk.view.diagram.role if is_upper else Role.TRAINING)


def open_table(window: Window) -> None:
    """Opens the table of the derived network."""
    from vgdesk.ui.panels.network_table import NetworkTable

    if window.desk.editor.is_ready:
        table = NetworkTable(window, window.desk.editor)
        # what was refused in the table is over with it
        table.finished.connect(lambda _: window.desk.messages.settle("edit"))
        table.addActions([window.actions_by_id[name] for name in ("undo", "redo")])
        table.show()


def _show_diagram(window: Window) -> None:
    card = window.cards["network"]
    if not card.isVisible():
        window.stage.show_workspace("derive")
        window.stage.show_panel("network")
    card.focus_view()
