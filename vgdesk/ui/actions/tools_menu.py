"""Actions of the Tools menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import comparisons, help

TOOLS_ACTIONS = (
    Action(
        "palette", "T&ools", "&Commands…", help.open_palette, "Find any command by typing",
        "Type a few letters of what you want to do.", "Ctrl+Shift+P", "command", "Commands",
    ),
    Action(
        "compare_with_last", "T&ools", "Compare with &last", comparisons.compare_with_last,
        "Lay this run and the one before it side by side",
        "Keeps both runs and opens the Compare workspace.", "Ctrl+Alt+D", "compare",
        enabled=lambda now: now.has_last_run and now.has_rows,
    ),
    Action(
        "duplicate_with_change", "T&ools", "&Duplicate with one change…", comparisons.duplicate_with_change,
        "Train the network as it is and with one change, on the same seed",
        "You choose the change; both are trained side by side, and the Compare workspace shows what it does.",
        "Ctrl+Shift+B", "copy", "Duplicate",
    ),
    Action(
        "remove_run", "T&ools", "&Remove run from comparison", comparisons.remove_run,
        "Let go of the run that the table's cursor is on",
        "The others move up and keep their pictures; Delete does the same in the table.", "", "x", "Remove",
        enabled=lambda now: now.has_comparison,
    ),
    Action(
        "clear_comparison", "T&ools", "Clear c&omparison", lambda window: window.desk.comparisons.clear(),
        "Let go of all kept runs", "Empties the Compare workspace; the run on the desk goes on.", "", "reset", "Clear",
        enabled=lambda now: now.has_comparison,
    ),
)  # fmt: skip
