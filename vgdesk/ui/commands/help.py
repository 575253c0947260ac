"""Menu Help and the command palette; palette and dialogs are loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def open_palette(window: Window) -> None:
    """Offers every action by its words, every recorded quantity and every example; what cannot work now is greyed."""
    from vgdesk.ui.actions import ACTIONS  # the table names this function
    from vgdesk.ui.actions.greyed import reason_of
    from vgdesk.ui.actions.palette import Entry, Palette
    from vgdesk.ui.commands.files import example_entries

    entries: list[Entry] = []
    for action in ACTIONS:
        made = window.actions_by_id[action.id]
        detail = action.keys if made.isEnabled() else reason_of(made)
        entries.append(
            Entry(
                f"{action.menu.replace('&', '')} · {action.words}", detail, made.trigger, made.isEnabled(), action.also
            )
        )
    examples = example_entries(window, "Example · ")
    Palette(window, "Type a command", [*entries, *window.quantities.entries(), *examples]).open_over(window)


def show_reference(window: Window) -> None:
    """Opens the pages of the reference; where they are open already they come to the front."""
    from vgdesk.ui.panels.reference_dialog import ReferenceDialog

    dialog = window.findChild(ReferenceDialog) or ReferenceDialog(window)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def show_shortcuts(window: Window) -> None:
    """Lists every action that has keys."""
    from vgdesk.ui.panels import help_dialogs

    help_dialogs.show_shortcuts(window)


def show_system_information(window: Window) -> None:
    """Shows versions and process numbers, as text to be copied into a report."""
    from vgdesk.ui.panels import help_dialogs

    help_dialogs.show_system_information(window)


def show_about(window: Window) -> None:
    """Says what vgdesk is."""
    from vgdesk.ui.panels import help_dialogs

    help_dialogs.show_about(window)
