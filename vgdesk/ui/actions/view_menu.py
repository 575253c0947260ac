"""Actions of the View menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import views

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def _workspace(name: str) -> Callable[[Window], object]:
    return lambda window: window.stage.show_workspace(name)


VIEW_ACTIONS = (
    Action(
        "workspace_derive", "&View", "&Derive", _workspace("derive"), "Workspace: derivation beside the network",
        "Shows the network and the derivation above, and the measured gradients below.", "Ctrl+1", "derive", "Derive",
        checked=lambda now: now.workspace == "derive",
    ),
    Action(
        "workspace_train", "&View", "&Train", _workspace("train"), "Workspace: training with a large gradient plot",
        "Gives most of the room to the gradient per layer, the heat map and the loss.", "Ctrl+2", "train", "Train",
        checked=lambda now: now.workspace == "train",
    ),
    Action(
        "workspace_theory", "&View", "T&heory", _workspace("theory"), "Workspace: phase diagram and depth planner",
        "Shows where gradients vanish or explode, how deep your network may be, and what theory predicts.",
        "Ctrl+3", "theory", "Theory", checked=lambda now: now.workspace == "theory",
    ),
    Action(
        "workspace_compare", "&View", "&Compare", _workspace("compare"), "Workspace: runs side by side",
        "Lays kept runs on common axes: gradients, losses, heat maps, and a table of what differs.", "Ctrl+4",
        "compare", "Compare", checked=lambda now: now.workspace == "compare",
    ),
    Action(
        "workspace_diagnose", "&View", "Dia&gnose", _workspace("diagnose"), "Workspace: what is wrong, and what to do",
        "Shows the verdict on the gradient with its evidence, and lets you try remedies against each other.",
        "Ctrl+5", "diagnose", "Diagnose", checked=lambda now: now.workspace == "diagnose",
    ),
    Action(
        "workspace_claims", "&View", "C&laims", _workspace("claims"), "Workspace: popular claims, put to the test",
        "Thirty-one things people say about gradients, each with an experiment that takes seconds and a verdict.",
        "Ctrl+6", "claims", "Claims", checked=lambda now: now.workspace == "claims",
    ),
    Action(
        "workspace_maps", "&View", "Map&s", _workspace("maps"), "Workspace: sweeps, trainability maps, number formats",
        "Shows where many networks train, and which number formats keep the gradient of yours.", "Ctrl+7", "heatmap",
        "Maps", checked=lambda now: now.workspace == "maps",
    ),
    Action(
        "spectrum", "&View", "Spectr&um", views.show_spectrum, "Show the spectrum of the network",
        "Singular values of a feed-forward network's Jacobian; of a recurrent one the eigenvalues of Wₕₕ beside the "
        "unit circle.", "Ctrl+Shift+J", "theory",
    ),
    Action(
        "counterexample", "&View", "&Eigenvalue counterexample", views.turn_counterexample,
        "A Wₕₕ whose eigenvalues are all 0, and whose gradients explode",
        "Shows that the spectral radius decides nothing; once more brings the network's own spectrum back.",
        "Ctrl+Alt+J", "compare", "Counterexample",
        checked=lambda now: now.is_counterexample,
    ),
    Action(
        "layer_table", "&View", "La&yer table", views.turn_layer_table, "Show or hide bars and heat map as a table",
        "Layer, gradient, prediction and ratio, and recorded steps, for screen readers and to be copied.",
        "Ctrl+Alt+L", "table", checked=lambda now: now.has_layer_table,
    ),
    Action(
        "derivation_tree", "&View", "Derivati&on as tree", views.turn_derivation_tree,
        "Show or hide the derivation in words",
        "Steps, lines and factors as a tree with words to be read aloud, for screen readers and classes.",
        "Ctrl+Alt+W", "derive", checked=lambda now: now.has_derivation_tree,
    ),
    Action(
        "maximise", "&View", "&Maximise panel", lambda window: window.stage.toggle_maximised(),
        "Give the whole room to one panel, or give it back",
        "Enlarges the panel that has the keyboard; the same keys bring the others back.", "Ctrl+Shift+M", "maximise",
        checked=lambda now: now.is_maximised,
    ),
    Action(
        "next_panel", "&View", "&Next panel",
        lambda window: window.stage.focus_next(1), "Move the keyboard to the next panel",
        "Walks through the visible panels.", "F6",
    ),
    Action(
        "previous_panel", "&View", "&Previous panel", lambda window: window.stage.focus_next(-1),
        "Move the keyboard to the previous panel", "Walks through the visible panels, backwards.", "Shift+F6",
    ),
    Action(
        "theme", "&View", "Light or d&ark theme", views.switch_theme, "Switch between light and dark",
        "The choice is remembered.", "Ctrl+Shift+T", "moon",
        told=lambda now: "dark; this makes it light" if now.is_dark else "light; this makes it dark",
    ),
    Action(
        "full_screen", "&View", "&Full screen", views.switch_full_screen, "Fill the screen, or give it back",
        "Hides the frame of the window.", "F11", "fit",
    ),
    Action(
        "reset_layout", "&View", "&Reset layout", lambda window: window.stage.reset(), "Put all panel borders back",
        "Forgets the borders you moved, in all workspaces.", "Ctrl+Alt+0", "layout",
    ),
)  # fmt: skip
