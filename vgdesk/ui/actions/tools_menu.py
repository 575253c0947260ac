"""Actions of the Tools menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import claims, comparisons, help, studies, views

TOOLS_ACTIONS = (
    Action(
        "palette", "T&ools", "&Commands…", help.open_palette, "Find any command by typing",
        "Type a few letters of what you want to do.", "Ctrl+Shift+P", "command", "Commands",
    ),
    Action(
        "test_claims", "T&ools", "Test all cla&ims", views.test_claims, "Run the experiments of all popular claims",
        "Opens the claims and tests them one after the other on all cores; verdicts appear as they are found.",
        "Ctrl+Alt+6", "play", "Test all",
    ),
    Action(
        "stop_claims", "T&ools", "Sto&p testing claims", lambda window: window.desk.claims.stop(),
        "End the tests of claims that are still going on", "What has been found stays.", "", "stop", "Stop",
        enabled=lambda now: now.is_testing_claims,
    ),
    Action(
        "open_claim", "T&ools", "Open a claim's e&xperiment…", claims.ask_claim,
        "Lay an experiment by which a claim is tested on the desk",
        "You choose claim and experiment; it can be trained, changed and undone like any other.", "Ctrl+Alt+X",
        "claims",
    ),
    Action(
        "sweep", "T&ools", "S&weep…", studies.ask_sweep, "Train the network with many values of some fields",
        "Depth, width, initialisation, seed or any other field; the table fills while the trainings go on.",
        "Ctrl+Alt+S", "heatmap", "Sweep",
    ),
    Action(
        "trainability", "T&ools", "Trainability &map…", studies.ask_trainability,
        "Map where the network trains, over depth and weight scale σ",
        "Trains it at many depths and scales of the weights, under the line that theory predicts.", "Ctrl+Alt+M",
        "theory",
    ),
    Action(
        "stop_sweep", "T&ools", "St&op the sweep", lambda window: window.desk.maps.stop(),
        "End the trainings of the map",
        "What is trained stays in the table, and the sweep can go on from there.", "", "stop", "Stop",
        enabled=lambda now: now.is_sweeping,
    ),
    Action(
        "go_on_sweep", "T&ools", "&Go on with the sweep", lambda window: window.desk.maps.go_on(),
        "Train what the map still lacks", "Repeats nothing that is in the table.", "", "play", "Go on",
        enabled=lambda now: now.can_go_on,
    ),
    Action(
        "number_formats", "T&ools", "Number &formats…", studies.show_formats,
        "Show which number formats keep the gradient",
        "Where float16, bfloat16, float32 and float64 would store 0, predicted and measured.", "Ctrl+Alt+N",
        "chart-line",
    ),
    Action(
        "saturation", "T&ools", "Histogram of &z in a layer…", studies.show_saturation,
        "Show where the units of a layer stand on their activation",
        "The arguments of a layer's activation as a histogram, and how steep the activation is there.", "",
        "chart-line",
    ),
    Action(
        "compare_with_last", "T&ools", "Compare with &last", comparisons.compare_with_last,
        "Lay this run and the one before it side by side",
        "Keeps both runs and opens the Compare workspace.", "Ctrl+Alt+D", "compare",
        enabled=lambda now: now.has_last_run and now.has_rows,
    ),
    Action(
        "duplicate_with_change", "T&ools", "D&uplicate with one change…", comparisons.duplicate_with_change,
        "Train the network as it is and with one change, on the same seed",
        "You choose the change; both are trained side by side, and the Compare workspace shows what it does.",
        "Ctrl+Shift+B", "copy", "Duplicate",
    ),
    Action(
        "remove_run", "T&ools", "Remo&ve run from comparison", comparisons.remove_run,
        "Let go of the run that the table's cursor is on",
        "The others move up and keep their pictures; Delete does the same in the table.", "", "x", "Remove",
        enabled=lambda now: now.has_comparison,
    ),
    Action(
        "clear_comparison", "T&ools", "Clear compariso&n", lambda window: window.desk.comparisons.clear(),
        "Let go of all kept runs", "Empties the Compare workspace; the run on the desk goes on.", "", "reset", "Clear",
        enabled=lambda now: now.has_comparison,
    ),
)  # fmt: skip
