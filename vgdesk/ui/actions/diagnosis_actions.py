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
        "Says how far the verdict depends on the draw of the weights.", "Ctrl+Alt+S", "dice",
        enabled=lambda now: now.has_rows and not now.is_asking_seeds,
    ),
)  # fmt: skip
