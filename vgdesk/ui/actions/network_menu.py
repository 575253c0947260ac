"""Actions of the Network menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import networks, views

NETWORK_ACTIONS = (
    Action(
        "choose_network", "&Network", "&Choose network…", views.choose_network, "Choose the network that is trained",
        "Opens the list in the toolbar.", "Ctrl+Shift+L", "network",
    ),
    Action(
        "new_seed", "&Network", "New &seed", views.new_seed, "Draw the weights anew",
        "Takes the next seed; the same seed always gives the same weights and the same order of examples.", "Ctrl+R",
        "dice",
    ),
    Action(
        "make_critical", "&Network", "&Make critical", lambda window: window.desk.plans.make_critical(),
        "Draw the weights so that gradients neither vanish nor explode",
        "Takes sigma_w and sigma_b of the critical point at your sigma_b, where theory knows one.", "Ctrl+Shift+K",
        "theory", enabled=lambda now: now.can_be_critical, told=lambda now: now.critical_words,
    ),
    Action(
        "edit_network", "&Network", "&Edit network", networks.turn_editor, "Add, connect, rename and remove units",
        "Turns the network panel into a drawing board for the small network on show; the same keys turn it back.",
        "Ctrl+E", "pencil", "Edit", checked=lambda now: now.is_editing,
    ),
    Action(
        "network_table", "&Network", "Network &table…", networks.open_table, "Edit the derived network as a table",
        "Lists layers, weights and examples of the derived network; what you type counts at once.", "Ctrl+Alt+T",
        "table", "Table",
    ),
    Action(
        "unit_activation", "&Network", "&Activation of unit…", networks.choose_activation,
        "Choose the activation of one unit",
        "Lists the activations at the unit that is chosen or lit in the network panel; the others keep theirs.",
        "Ctrl+Alt+A",
    ),
    Action(
        "own_activation", "&Network", "&Own activation formula…", networks.ask_own_activation,
        "Type a formula φ(z) for the hidden layers",
        "The dialog names the network, the one in the panel at hand, and lets you take the other. Derivative, kinks, "
        "range and largest slope are found while you type; it is derived, predicted and trained like any other.",
        "Ctrl+Alt+G", "function", enabled=lambda now: now.can_choose_activation,
        also="own formula, your own activation function, custom activation, custom formula, user-defined activation, "
        "new activation, define activation, type a formula, phi",
    ),
    Action(
        "verify", "&Network", "&Verify numbers", lambda window: window.desk.formulas.verify(),
        "Compare the gradients of three routes",
        "Compares symbolic, back-propagated and finite-difference gradients of every weight of the small network.",
        "Ctrl+Shift+V", "check",
    ),
)  # fmt: skip
