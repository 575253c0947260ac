"""Why an action cannot work now, for the palette, where it stands greyed; and which entries of a menu begin a group."""

NOT_NOW = "not now"
_DERIVED = "no derivation is on show"
_RACE = "no race has been run"
_COPIES = ("latex", "svg", "image", "text", "spoken", "typst", "mathml", "numpy", "sympy")

REASONS = {
    "undo": "nothing to undo",
    "redo": "nothing to redo",
    "export_figure": "nothing is drawn yet",
    "export_equations": _DERIVED,
    **{f"copy_{kind}": _DERIVED for kind in _COPIES},
    "reset_numbers": "no number was changed",
    "release": "nothing is pinned",
    "ask_seeds": "seeds are being asked",
    "cancel_race": "no race is running",
    "apply_lane": "no lane of a race is selected",
    "export_race": _RACE,
    "race_ticked": "no remedy is ticked, or a race is running",
    "apply_remedies": "no remedy is ticked",
    "own_activation": "the cell's gates fix the activation",
    "lesson_next": "no lesson is open",
    "lesson_back": "no lesson is open",
    "stop_claims": "no claim is being tested",
    "stop_sweep": "no sweep is running",
    "go_on_sweep": "no sweep rests before its end",
    "compare_with_last": "there is no run before this one",
    "remove_run": "no run is kept",
    "clear_comparison": "no run is kept",
    "keep_run": "no step is recorded yet",
    "pause": "nothing is training",
    "stop": "nothing is training",
    "try_remedies": "a race is running",
    "step": "the run is over; Reset goes back to step 0",
}
"""By the action's id; where one is missing, `NOT_NOW` is said."""

BEGINS_GROUP = frozenset(
    {
        "open", "save", "export_figure", "quit",
        "copy_latex",
        "spectrum", "layer_table", "maximise", "theme",
        "test_claims", "sweep", "number_formats", "compare_with_last", "diagnose",
        "shortcuts",
    }
)  # fmt: skip
"""Entries with a line above them."""
