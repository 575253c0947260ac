"""Actions of the Tools menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import help, views

TOOLS_ACTIONS = (
    Action(
        "palette", "T&ools", "&Commands…", help.open_palette, "Find any command by typing",
        "Type a few letters of what you want to do.", "Ctrl+Shift+P", "command", "Commands",
    ),
    Action(
        "test_claims", "T&ools", "&Test all claims", views.test_claims, "Run the experiments of all popular claims",
        "Opens the claims and tests them one after the other on all cores; verdicts appear as they are found.",
        "Ctrl+Alt+6", "play", "Test all",
    ),
    Action(
        "stop_claims", "T&ools", "&Stop testing claims", lambda window: window.desk.claims.stop(),
        "End the tests of claims that are still going on", "What has been found stays.", "", "stop", "Stop",
        enabled=lambda now: now.is_testing_claims,
    ),
)  # fmt: skip
