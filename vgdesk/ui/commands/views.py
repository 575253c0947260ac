"""Menu View, and what puts the keyboard somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.ui.chrome.twins import DERIVATION_TREE, LAYER_TABLE

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def switch_theme(window: Window) -> None:
    """Changes between light and dark."""
    themes = window.desk.themes
    themes.choose("dark" if themes.current.name == "light" else "light")
    window.desk.memory.write("theme", themes.current.name)


def switch_full_screen(window: Window) -> None:
    """Fills the screen, or gives it back."""
    if window.isFullScreen():
        window.showNormal()
    else:
        window.showFullScreen()


def show_spectrum(window: Window) -> None:
    """Brings the spectrum of the network to the front: of its Jacobian, or of W_hh."""
    panel = "circle" if window.desk.spectra.is_recurrent else "spectrum"
    window.stage.show_workspace("theory")
    window.stage.show_panel(panel)
    window.cards[panel].focus_view()


def turn_counterexample(window: Window) -> None:
    """Shows the counterexample to the eigenvalue rule, or the network's own spectrum again."""
    window.desk.spectra.turn_counterexample()
    show_spectrum(window)


def choose_network(window: Window) -> None:
    """Opens the list of networks to train."""
    window.toolbar.networks.setFocus()
    window.toolbar.networks.showPopup()


def choose_weight(window: Window) -> None:
    """Opens the list of weights to derive by; what was pinned is released, so that the formula network is shown."""
    window.desk.selection.pin(None)
    card = window.cards["derivation"]
    if not card.isVisible():
        window.stage.show_workspace("derive")
        window.stage.show_panel("derivation")
    window.weights.setFocus()
    window.weights.showPopup()


def turn_settings(window: Window) -> None:
    """Opens or closes the training settings."""
    window.side.turn()


def turn_numbers(window: Window) -> None:
    """Opens or closes the panel of numbers; opening it releases what is pinned, so that their network is shown."""
    if not window.numbers.is_open:
        window.desk.selection.pin(None)
    window.numbers.turn()


def test_claims(window: Window) -> None:
    """Shows the claims and tests all of them."""
    window.stage.show_workspace("claims")
    window.desk.claims.test()


def turn_layer_table(window: Window) -> None:
    """Opens or closes the table of what bars and heat map draw."""
    window.twins.turn(LAYER_TABLE)


def turn_derivation_tree(window: Window) -> None:
    """Opens or closes the derivation in words."""
    window.twins.turn(DERIVATION_TREE)


def release(window: Window) -> None:
    """Lets go of what is pinned, else dismisses the message, else closes the lessons."""
    if window.desk.selection.pinned is not None:
        window.desk.selection.pin(None)
    elif window.desk.messages.sentence:
        window.desk.messages.dismiss()
    elif window.lessons.is_open:
        window.lessons.turn()


def new_seed(window: Window) -> None:
    """Draws the training experiment's weights anew, with the next seed."""
    from vgdesk.ui.state.edits import with_seed

    experiment = window.desk.session.training
    # In words of its own: each draw is an edit of its own, unlike the steps of the toolbar's field.
    number = (experiment.seed + 1) % 2**31
    window.desk.session.edit_training(with_seed(experiment, number), f"draw seed {number}")
