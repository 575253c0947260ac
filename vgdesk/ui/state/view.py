"""Which network each panel speaks of: one pure function from what is on the desk to a frozen answer.

Nothing pinned: diagram and derivation show the formula experiment, the profile shows the training run. Pinning a place
of the training experiment turns the upper panels to that network and that layer's formula; pinning a place of the
formula experiment turns the profile to its own symbolic gradients. Releasing the pin turns them back.
"""

from dataclasses import dataclass
from enum import StrEnum

from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.selection import Reference
from vgdesk.ui.state.session import Session


class Role(StrEnum):
    """Which of the two experiments a panel shows."""

    FORMULA = "formula"
    TRAINING = "training"


@dataclass(frozen=True)
class Subject:
    """Is what a panel speaks of; `layer` (counting from 1) is the one whose formula is asked for, 0 for none."""

    role: Role
    experiment: Experiment
    layer: int = 0


@dataclass(frozen=True)
class View:
    """Says what diagram and derivation show, and what the profile shows."""

    diagram: Subject
    profile: Subject


def resolve(session: Session, pinned: Reference | None) -> View:
    """Returns what the panels show."""
    formula = Subject(Role.FORMULA, session.formula)
    training = Subject(Role.TRAINING, session.training)
    if pinned is None or session.is_shared:
        return View(formula, training)
    if pinned.experiment == session.training.name and pinned.layer > 0:
        return View(Subject(Role.TRAINING, session.training, pinned.layer), training)
    if pinned.experiment == session.formula.name:
        return View(formula, formula)
    return View(formula, training)
