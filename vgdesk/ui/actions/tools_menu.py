"""Actions of the Tools menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import help

TOOLS_ACTIONS = (
    Action(
        "palette", "T&ools", "&Commands…", help.open_palette, "Find any command by typing",
        "Type a few letters of what you want to do.", "Ctrl+Shift+P", "command", "Commands",
    ),
)  # fmt: skip
