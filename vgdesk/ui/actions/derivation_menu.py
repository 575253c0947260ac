"""Actions of the Derivation menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import checks, views

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
        "release", "&Derivation", "&Release", views.release, "Let go of what is pinned, the message or the lesson",
        "Panels that turned to the pinned network turn back.", "Esc", "x", "Back",
        enabled=lambda now: now.is_pinned or now.has_message or now.has_lessons,
    ),
)  # fmt: skip
