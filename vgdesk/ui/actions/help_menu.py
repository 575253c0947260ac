"""Actions of the Help menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import help

HELP_ACTIONS = (
    Action(
        "shortcuts", "&Help", "&Keyboard shortcuts", help.show_shortcuts, "List all keyboard shortcuts",
        "Everything in vgdesk works without a mouse.", "Ctrl+Alt+/", "keyboard",
    ),
    Action(
        "system_information", "&Help", "&System information", help.show_system_information,
        "Show versions, for a report", "Text that you can copy; nothing is sent anywhere.", "", "info",
    ),
    Action(
        "about", "&Help", "&About vgdesk", help.show_about, "Say what vgdesk is", "Version and licence.", "", "help",
    ),
)  # fmt: skip
