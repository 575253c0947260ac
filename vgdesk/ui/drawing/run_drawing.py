"""Draws the pictures of the run: profile, heat map, loss, lag, and its sentence in the status bar."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from vgdesk.present.heatmap import heatmap_scene
from vgdesk.present.lag import lag_scene
from vgdesk.present.loss import loss_scene
from vgdesk.present.profile import EMPTY_HEADING, profile_heading, profile_scene
from vgdesk.present.scenes import ProfileScene
from vgdesk.present.status import status_sentence
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.words import LOSS_WORDS
from vgdesk.ui.drawing.moment import shown_row
from vgdesk.ui.painting import PART
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.quantity_card import QuantityCard
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.runs import RunState
from vgdesk.ui.state.view import Role


class RunDrawing(QObject):
    """Draws "profile", "heatmap", "loss", "lag" and "status"; `status_changed` carries the sentence of the last."""

    status_changed = Signal(str)

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {
            "profile": self._draw_profile,
            "heatmap": self._draw_heatmap,
            "loss": self._draw_loss,
            "lag": self._draw_lag,
            "status": self._draw_status,
        }

    def _draw_profile(self) -> None:
        role = self._desk.view.profile.role
        scene, subject = self._profile(role)
        self._cards["profile"].show_scene(scene, subject, role is Role.FORMULA)
        if isinstance(card := self._cards["profile"], QuantityCard):
            card.show_choice(scene is not None and role is not Role.FORMULA)
            card.show_heading(profile_heading(scene.quantity, scene.places) if scene else EMPTY_HEADING)

    def _profile(self, role: Role) -> tuple[ProfileScene | None, str]:
        profile, history = self._desk.formulas.profile, self._desk.runs.history
        formula, training = self._desk.session.formula, self._desk.session.training
        is_own = profile is not None and profile.experiment == formula.name
        if (
            profile is not None
            and is_own
            and (role is Role.FORMULA or (self._desk.session.is_shared and not history.rows))
        ):
            predictions, quantity = self._desk.predictions, profile.quantity
            told = predictions.of_formula(quantity), predictions.words(quantity, of_formula=True)
            return profile_scene(profile, formula.title, "symbolic", *told), f"{formula.title} · symbolic"
        if history.rows == 0:
            return None, f"{training.title} · no step yet"
        row = shown_row(self._desk)
        moment = f"step {history.step_numbers[row]}"
        profile_shown = history.profile(row, self._desk.quantity.shown(history))
        predictions, quantity = self._desk.predictions, profile_shown.quantity
        told = predictions.profile(quantity), predictions.words(quantity)
        scene = profile_scene(profile_shown, training.title, moment, *told, self._exact())
        return scene, f"{training.title} · {moment}"

    def _exact(self) -> GradientProfile | None:
        """Returns the symbolic gradients where they are of the network that is trained, with the numbers it had."""
        desk, profile = self._desk, self._desk.formulas.profile
        is_same = desk.session.is_shared and not desk.what_if.changes
        return profile if is_same and profile and profile.experiment == desk.session.training.name else None

    def _draw_heatmap(self) -> None:
        history, title = self._desk.runs.history, self._desk.session.training.title
        scene = heatmap_scene(history, title, self._desk.quantity.shown(history)) if history.rows else None
        subject = f"{title} · {scene.subtitle}" if scene else title
        brief = f"{title} · {steps_shown(scene.subtitle)}" if scene else ""
        self._cards["heatmap"].show_scene(scene, subject, brief=brief)

    def _draw_loss(self) -> None:
        history, experiment = self._desk.runs.history, self._desk.session.training
        words = LOSS_WORDS[experiment.loss]
        scene = loss_scene(history, words, experiment.title) if history.rows else None
        explanation = scene.subtitle if scene else ""
        self._cards["loss"].show_scene(scene, experiment.title, explanation=explanation)

    def _draw_lag(self) -> None:
        history, title = self._desk.runs.history, self._desk.session.training.title
        scene = lag_scene(history, shown_row(self._desk), title) if history.rows else None
        self._cards["lag"].show_scene(scene, f"{title} · {scene.subtitle}" if scene else "recurrent networks only")

    def _draw_status(self) -> None:
        history, state = self._desk.runs.history, self._desk.runs.state
        words = {RunState.PAUSED: " · paused", RunState.FINISHED: f" · {self._desk.runs.ending}"}.get(state, "")
        self.status_changed.emit(f"{status_sentence(history, with_gain=False)}{words}")


def steps_shown(subtitle: str) -> str:
    """Returns how many steps a heat map shows, of the words that also say which ones and what is blank."""
    return subtitle.partition(PART)[0].partition(": ")[0]
