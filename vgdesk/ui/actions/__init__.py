"""Every action of the window, declared once: menus, toolbar, rail, palette and the shortcuts page come from this table.

An action that cannot work in the present situation is greyed by its `enabled` rule; only what works is listed.
"""

from vgdesk.ui.actions.action import Action, Situation, situation_of
from vgdesk.ui.actions.derivation_menu import DERIVATION_ACTIONS
from vgdesk.ui.actions.diagnosis_actions import DIAGNOSIS_ACTIONS
from vgdesk.ui.actions.edit_menu import EDIT_ACTIONS
from vgdesk.ui.actions.file_menu import FILE_ACTIONS
from vgdesk.ui.actions.help_menu import HELP_ACTIONS
from vgdesk.ui.actions.network_menu import NETWORK_ACTIONS
from vgdesk.ui.actions.tools_menu import TOOLS_ACTIONS
from vgdesk.ui.actions.training_menu import TRAINING_ACTIONS
from vgdesk.ui.actions.view_menu import VIEW_ACTIONS

__all__ = ["ACTIONS", "MENUS", "Action", "Situation", "situation_of"]

MENUS = ("&File", "&Edit", "&View", "&Network", "&Derivation", "&Training", "T&ools", "&Help")

ACTIONS = (
    *FILE_ACTIONS,
    *EDIT_ACTIONS,
    *VIEW_ACTIONS,
    *NETWORK_ACTIONS,
    *DERIVATION_ACTIONS,
    *TRAINING_ACTIONS,
    *TOOLS_ACTIONS,
    *DIAGNOSIS_ACTIONS,
    *HELP_ACTIONS,
)
