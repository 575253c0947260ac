"""Which networks can be given a formula of one's own as activation, and how each of them takes it.

The derived and the trained network may be two different ones. A formula is for one of them, and one must see which.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.activation import FORMULA
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.edits import has_free_activation, hidden_activation, with_activation
from vgdesk.ui.state.view import Role


class FormulaUse(NamedTuple):
    """Is one thing that a formula can be used for.

    Attributes
    ----------
    title
        What people call it.
    formula
        The formula that it has now, "" where its activation is none of one's own.
    take
        Called with the text of a formula; raises `SpecError` where it cannot be used.
    """

    title: str
    formula: str
    take: Callable[[str], object]


def formula_uses(desk: Desk) -> dict[Role, FormulaUse]:
    """Returns the networks on the desk whose activation is free: one entry where both are the same network."""
    session = desk.session
    uses: dict[Role, FormulaUse] = {}
    if has_free_activation(session.formula):
        uses[Role.FORMULA] = _use(session.formula, lambda text: _derive_with(desk, text))
    if has_free_activation(session.training) and not session.is_shared:
        uses[Role.TRAINING] = _use(session.training, lambda text: _train_with(desk, text))
    return uses


def formula_of(activation: str) -> str:
    """Returns the text of one's own activation; "" for every other."""
    return activation.removeprefix(FORMULA).strip() if activation.startswith(FORMULA) else ""


def _use(experiment: Experiment, take: Callable[[str], object]) -> FormulaUse:
    return FormulaUse(experiment.title or experiment.name, formula_of(hidden_activation(experiment)), take)


def _train_with(desk: Desk, text: str) -> None:
    desk.session.choose_training(with_activation(desk.session.training, f"{FORMULA} {text}"))
    desk.messages.settle("edit")


def _derive_with(desk: Desk, text: str) -> None:
    """Edits the derived network like the drawing board does; its refusal goes to who asked."""

    def change(experiment: Experiment) -> Experiment:
        changed = with_activation(experiment, f"{FORMULA} {text}")
        return msgspec.structs.replace(changed, name=experiment.name, title=experiment.title)

    reason = desk.editor.attempt(change, "change activation")
    if reason:
        raise SpecError(reason)
