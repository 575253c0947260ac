"""Actions of the File menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import comparisons, exports, files, networks

FILE_ACTIONS = (
    Action(
        "new_network", "&File", "New net&work", networks.new_network, "Draw a network of your own from nothing",
        "Begins with one input and one unit in the network panel, ready to be edited; the rest is yours to add.",
        "Ctrl+N", "new",
    ),
    Action(
        "new_from_example", "&File", "&New from example…", files.new_from_example, "Open one of the bundled networks",
        "Lists the bundled networks. A small one is derived and trained; a large one is trained.", "Ctrl+Shift+N",
        "new",
    ),
    Action(
        "open", "&File", "&Open experiment…", files.open_experiment, "Open an experiment from a JSON file",
        "Reads network, task, initialisation and training from a file that vgdesk or you have written.", "Ctrl+O",
        "folder",
    ),
    Action(
        "open_run", "&File", "Open r&un…", comparisons.open_run, "Open a recorded run to compare it",
        "Reads what `vgdesk train --out` has written and adds it to the Compare workspace.", "Ctrl+Alt+O", "history",
    ),
    Action(
        "import_table", "&File", "&Import CSV…", files.import_table, "Train on columns of your own table",
        "Reads a CSV file: you choose inputs, target and hidden layers. A share of the rows is held out.",
        "Ctrl+Shift+I", "table",
    ),
    Action(
        "save", "&File", "&Save experiment as…", files.save_experiment, "Save the trained experiment as a JSON file",
        "Writes everything that is needed to repeat the training bit for bit.", "Ctrl+Shift+S", "save",
    ),
    Action(
        "export_figure", "&File", "Export &figure…", exports.export_figure, "Export the plot as PNG, SVG, PDF or CSV",
        "Exports the plot that has the keyboard, be it loss, phase diagram, spectrum or a ledger's waterfall, the "
        "comparison in its workspace; else the gradient per layer.",
        "Ctrl+Shift+E", "export", enabled=lambda now: now.has_rows or now.has_sheet,
        also="export waterfall of the ledger, running product of the factors",
    ),
    Action(
        "export_routes", "&File", "Export all three &routes…", exports.export_routes,
        "Export what theory, training and formula say of the gradient in one figure",
        "The gradient per layer or time step: predicted with its band, measured, and exact where it can be derived.",
        "", "export", enabled=lambda now: now.has_rows,
    ),
    Action(
        "export_equations", "&File", "Export &equations…", exports.export_equations,
        "Export the derivation as LaTeX, SVG, PNG or text",
        "Writes the steps on show to a file.", "Ctrl+Alt+E", "math", enabled=lambda now: now.has_sheet,
    ),
    Action(
        "quit", "&File", "&Quit", lambda window: window.close(), "Close the window", "Ends training and closes.",
        "Ctrl+Q",
    ),
)  # fmt: skip
