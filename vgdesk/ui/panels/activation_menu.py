"""The list of activations that opens at a unit of the drawing board."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from vgdesk.spec.activation import ACTIVATION_FACTS, FORMULA, facts_of


def activation_menu(
    parent: QWidget, present: str, choose: Callable[[str], None], ask_for_formula: Callable[[], None]
) -> QMenu:
    """Returns the list of all activations, by families, the present one marked; it goes away when it closes.

    Parameters
    ----------
    choose
        Called with the name of the activation that a person takes.
    ask_for_formula
        Called where the person wants a formula of their own.
    """
    menu = QMenu("Activation of the unit", parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for family in dict.fromkeys(facts.family for facts in ACTIVATION_FACTS.values()):
        for name, facts in ACTIVATION_FACTS.items():
            if facts.family == family:
                _add(menu, facts.words, name == present, lambda name=name: choose(name))
        menu.addSeparator()
    if present not in ACTIVATION_FACTS and not present.startswith(FORMULA):
        _add(menu, facts_of(present).words, True, lambda: choose(present))  # with a number of its own, as elu(0.5)
    _add(menu, "Your own formula…", present.startswith(FORMULA), ask_for_formula)
    return menu


def _add(menu: QMenu, words: str, is_present: bool, react: Callable[[], None]) -> None:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(is_present)
    action.triggered.connect(lambda: react())
    if is_present:
        menu.setActiveAction(action)
