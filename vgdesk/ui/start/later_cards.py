"""The panels that the first workspace does not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vgdesk.ui.drawing.moment import shown_step
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.claims_card import ClaimsCard
from vgdesk.ui.panels.compared_card import ComparedCard
from vgdesk.ui.panels.formats_card import FormatsCard
from vgdesk.ui.panels.map_card import MapCard
from vgdesk.ui.panels.phase_card import PhaseCard
from vgdesk.ui.panels.planner_view import PlannerCard
from vgdesk.ui.panels.runs_card import RunsCard
from vgdesk.ui.panels.saturation_card import SaturationCard
from vgdesk.ui.state.run_state import RunState

if TYPE_CHECKING:
    from vgdesk.ui.state.asked import Asked
    from vgdesk.ui.state.desk import Desk
    from vgdesk.ui.window import Window


def later_card(key: str, window: Window) -> Card:
    """Makes a panel; raises KeyError for a key that no workspace has."""
    desk, actions = window.desk, window.actions_by_id
    makers: dict[str, Callable[[], Card]] = {
        "phase": lambda: PhaseCard(desk.phases),
        "planner": lambda: PlannerCard(desk.plans),
        "claims": lambda: ClaimsCard([actions[name] for name in ("test_claims", "stop_claims")]),
        "verdict": lambda: Card("verdict", "Verdict"),
        "remedies": lambda: Card("remedies", "Remedies"),
        "race": lambda: Card("race", "Remedy race"),
        "spectrum": lambda: Card("spectrum", "Jacobian spectrum"),
        "circle": lambda: _with_words(Card("circle", "Unit circle"), window, "counterexample"),
        "map": lambda: _with_words(MapCard(desk.maps), window, "sweep", "go_on_sweep", "stop_sweep"),
        "formats": lambda: _at_shown_step(FormatsCard(desk.formats), desk, desk.formats),
        "saturation": lambda: _at_shown_step(SaturationCard(desk.saturations), desk, desk.saturations),
        "compared_profiles": lambda: ComparedCard(desk.comparisons),
        "compared_losses": lambda: Card("compared_losses", "Losses side by side"),
        "compared_maps": lambda: Card("compared_maps", "Heat maps side by side"),
        "compared_runs": lambda: RunsCard(desk.comparisons, actions),
    }
    return makers[key]()


def _at_shown_step(card: Card, desk: Desk, asked: Asked) -> Card:
    """Has a panel ask about the step that the window shows: when it is opened, and when the run comes to rest."""

    def follow(_: object = None) -> None:
        if card.isVisible() and desk.runs.state is not RunState.RUNNING:
            asked.open_at(shown_step(desk))

    card.shown.connect(lambda _: asked.open_at(shown_step(desk)))
    desk.runs.rows_changed.connect(follow)
    desk.runs.state_changed.connect(follow)
    return card


def _with_words(card: Card, window: Window, *names: str) -> Card:
    for name in names:
        card.add_action(window.actions_by_id[name], has_words=True)
    return card
