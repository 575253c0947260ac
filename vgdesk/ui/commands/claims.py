"""Menu Tools, claims: put them to the test, and lay the experiment of one of them on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vgdesk.spec.experiment import Experiment

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def ask_claim(window: Window) -> None:
    """Asks which experiment of which claim is to be opened; proposes the one that was opened last."""
    from vgdesk.ui.panels.claim_dialog import ClaimDialog

    ClaimDialog(window, window.desk.claims.last_opened, window.desk.claims.open).open()


def show_claim(window: Window, number: int, experiment: Experiment) -> None:
    """Lays the experiment of a claim on the desk and turns to where it is trained."""
    window.desk.session.open(experiment, f"claim {number}", f"open claim {number}")
    window.stage.show_workspace("train")
