"""Actions of the Training menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import views
from vgdesk.ui.state.run_state import LIVE, RunState

TRAINING_ACTIONS = (
    Action(
        "train", "&Training", "&Train", lambda window: window.desk.runs.train(), "Train the network",
        "Starts from the beginning, or goes on where the run was paused.", "F5", "play", "Train",
        enabled=lambda now: now.run not in (RunState.STARTING, RunState.RUNNING),
    ),
    Action(
        "pause", "&Training", "&Pause or resume",
        lambda window: window.desk.runs.toggle(), "Pause or resume the training",
        "Rests between two steps; nothing is lost.", "Space", "pause", "Pause", enabled=lambda now: now.run in LIVE,
    ),
    Action(
        "step", "&Training", "Make one &step",
        lambda window: window.desk.runs.step(), "Make one training step and rest",
        "Shows the gradients of every single update.", "F10", "step", "Step",
        enabled=lambda now: now.run is not RunState.FINISHED,  # it would begin anew, in place of the finished run
    ),
    Action(
        "stop", "&Training", "St&op", lambda window: window.desk.runs.stop(), "End the training",
        "What was recorded stays on show.", "Shift+F5", "stop", enabled=lambda now: now.run in LIVE,
    ),
    Action(
        "restart", "&Training", "&Restart", lambda window: window.desk.runs.restart(), "Train again from the beginning",
        "Draws the same weights and makes the same steps.", "Ctrl+F5", "refresh",
    ),
    Action(
        "reset", "&Training", "R&eset",
        lambda window: window.desk.runs.restart(paused=True), "Go back to step 0 and rest",
        "Shows the gradients of the untrained network.", "Ctrl+Shift+F5", "reset", "Reset",
    ),
    Action(
        "slower", "&Training", "S&lower", lambda window: window.desk.runs.faster(-4), "Train more slowly",
        "Moves the speed down its scale, to one step per second at least.", "[",
    ),
    Action(
        "faster", "&Training", "&Faster", lambda window: window.desk.runs.faster(4), "Train faster",
        "Moves the speed up its scale, at last to as fast as the machine can.", "]", "speed",
    ),
    Action(
        "settings", "&Training", "Settin&gs", views.turn_settings, "Show or hide all training settings",
        "Optimiser, schedule, clipping, batch size, pre-training and what is recorded, beside the panels.", "Ctrl+T",
        "settings", checked=lambda now: now.has_settings,
    ),
    Action(
        "keep_run", "&Training", "&Keep this run", lambda window: window.desk.comparisons.keep(),
        "Keep the run, as far as it is, to compare it with others",
        "Adds it to the Compare workspace; kept again later, the same run takes the place of its shorter self.", "B",
        "bookmark", "Keep", enabled=lambda now: now.has_rows,
    ),
)  # fmt: skip
