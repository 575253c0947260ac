"""Actions of the Diagnose workspace, in the Tools menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import diagnosis

DIAGNOSIS_ACTIONS = (
    Action(
        "diagnose", "T&ools", "&Diagnose", diagnosis.show_diagnosis, "Say what is wrong with the gradient, and why",
        "Opens the Diagnose workspace: verdict, findings with their evidence, and remedies.", "Ctrl+Shift+D",
        "diagnose",
    ),
    Action(
        "ask_seeds", "T&ools", "Ask more &seeds", lambda window: window.desk.diagnoses.ask_seeds(),
        "Train five seeds and count their verdicts",
        "Says how far the verdict depends on the draw of the weights.", "Ctrl+Alt+5", "dice",
        enabled=lambda now: now.has_rows and not now.is_asking_seeds,
    ),
    Action(
        "try_remedies", "T&ools", "&Try remedies", diagnosis.try_remedies, "Race all remedies on the same seed",
        "Trains the experiment as it is and with every remedy that applies, and ranks them by the loss they reach.",
        "Ctrl+Alt+R", "play", enabled=lambda now: not now.is_racing,
    ),
    Action(
        "race_ticked", "T&ools", "&Race ticked remedies", lambda window: window.desk.races.begin_with_ticked(),
        "Race every remedy, and the ticked ones together",
        "What is ticked in the list of remedies takes part in the race as one combination.", "", "play",
        "Race ticked too", enabled=lambda now: now.can_apply,
    ),
    Action(
        "cancel_race", "T&ools", "Cancel t&he race", lambda window: window.desk.races.cancel(),
        "End the race; lanes that are through stay", "Ends the processes that train for the race.", "", "stop",
        "Cancel", enabled=lambda now: now.is_racing,
    ),
    Action(
        "apply_lane", "T&ools", "Appl&y lane", lambda window: window.desk.races.apply_selected(),
        "Train the raced experiment with the selected lane's remedy",
        "Puts the changed experiment on the desk as one edit that can be undone, and trains it.", "", "check",
        "Apply selected", enabled=lambda now: now.has_lane,
    ),
    Action(
        "apply_remedies", "T&ools", "&Apply ticked remedies", lambda window: window.desk.remedies.apply_ticked(),
        "Train the experiment with the ticked remedies",
        "Puts the changed experiment on the desk as one edit that can be undone, and trains it.", "", "check",
        "Apply ticked", enabled=lambda now: now.can_apply,
    ),
    Action(
        "export_race", "T&ools", "&Export race…", diagnosis.export_race, "Write the race's table as CSV",
        "One row per remedy and seed, with gains, verdicts, losses and times at full precision.", "", "export",
        "Export", enabled=lambda now: now.has_race,
    ),
)  # fmt: skip
