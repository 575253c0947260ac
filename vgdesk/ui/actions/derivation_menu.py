"""Actions of the Derivation menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import bounds, checks, patience, unfolding, views

DERIVATION_ACTIONS = (
    Action(
        "choose_weight", "&Derivation", "Choose &weight…", views.choose_weight, "Choose the weight to derive by",
        "Opens the list of all weights and biases of the small network.", "Ctrl+G", "function",
    ),
    Action(
        "show_check", "&Derivation", "&Three-way check…", checks.show_check, "List the gradients of three routes",
        "Symbolic, back-propagated and central difference of every weight, and the slope of the Taylor remainder.",
        "Ctrl+Shift+G", "circle-check",
    ),
    Action(
        "find_state", "&Derivation", "&Find a state…", checks.find_state, "Choose values of factors, find the numbers",
        "Looks for inputs, weights and biases of the small network that give the factors the values you type.",
        "Ctrl+Shift+F", "search",
    ),
    Action(
        "show_bounds", "&Derivation", "Bounds of a &chain…", bounds.show_bounds,
        "How large can the product of a chain's factors be at most?",
        "(max|φ′| |w|)^L for any activation, weight and depth: its limit, the |w| that keeps a gradient, and the depth "
        "from which float16, 32 and 64 lose it.", "Ctrl+Shift+U", "chart-line",
    ),
    Action(
        "time_limit", "&Derivation", "Ti&me limit…", patience.ask_time_limit, "Choose how long a derivation may take",
        "A derivation, a view or the examination of a formula that takes longer is stopped and says what to simplify.",
        icon="speed",
    ),
    Action(
        "edit_numbers", "&Derivation", "Edit &numbers", views.turn_numbers, "Show or hide the numbers to be changed",
        "Inputs, targets, weights, biases and learning rate with sliders; every number on show follows.", "F2",
        "pencil", checked=lambda now: now.has_numbers,
    ),
    Action(
        "reset_numbers", "&Derivation", "Put numbers &back", lambda window: window.desk.what_if.reset(),
        "Put all changed numbers back", "Shows the chosen network with its own numbers again.", "Shift+F2", "reset",
        enabled=lambda now: now.has_changes,
    ),
    Action(
        "unfold_factor", "&Derivation", "&Unfold factor", unfolding.unfold_factor,
        "Show where the chosen factor comes from",
        "Puts the factor's closed form and numbers below its equation; a click, Enter or Space on it does the same.",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "unfold_layer", "&Derivation", "Unfold &layer", unfolding.unfold_layer, "Show the chosen factor's layer",
        "Puts all factors of the layer, or time step, below their equations and shows the layer's backward rule.",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "unfold_everything", "&Derivation", "Unfold &everything", unfolding.unfold_everything,
        "Show every term and all details", "Writes long products term by term and shows all steps behind the numbers.",
        "Ctrl+Alt+U", enabled=lambda now: now.has_sheet,
    ),
    Action(
        "fold_everything", "&Derivation", "F&old everything", unfolding.fold, "Fold the derivation to its main steps",
        "Takes away what was unfolded.", "Ctrl+Alt+F", enabled=lambda now: now.is_unfolded,
    ),
    Action(
        "release", "&Derivation", "&Release", views.release, "Let go of what is pinned, the message or the lesson",
        "Panels that turned to the pinned network turn back.", "Esc", "x", "Back",
        enabled=lambda now: now.is_pinned or now.has_message or now.has_lessons,
    ),
)  # fmt: skip
