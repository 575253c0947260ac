"""What an action is, and the situation its rules look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from vgdesk.ui.chrome.twins import DERIVATION_TREE, LAYER_TABLE
from vgdesk.ui.commands.unfolding import is_unfolded
from vgdesk.ui.state.edits import has_free_activation
from vgdesk.ui.state.run_state import RunState

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


@dataclass(frozen=True)
class Situation:
    """Is what the enabled rules look at."""

    run: RunState
    workspace: str
    is_maximised: bool
    is_pinned: bool
    is_dark: bool
    has_message: bool
    has_sheet: bool
    has_rows: bool
    has_settings: bool
    has_numbers: bool
    has_changes: bool
    can_be_critical: bool
    critical_words: str
    can_undo: bool
    can_redo: bool
    is_editing: bool
    has_lessons: bool
    has_lesson: bool
    is_testing_claims: bool
    is_asking_seeds: bool
    is_racing: bool
    has_race: bool
    has_lane: bool
    can_apply: bool
    is_counterexample: bool
    is_sweeping: bool
    can_go_on: bool
    has_last_run: bool
    has_comparison: bool
    has_layer_table: bool
    has_derivation_tree: bool
    is_unfolded: bool = False
    can_choose_activation: bool = False


def first_situation_of(window: Window) -> Situation:
    """Returns the situation of a window that nobody has seen yet: nothing runs and nothing is there."""
    nothing: dict[str, Any] = dict.fromkeys((field.name for field in fields(Situation)), False)
    is_dark = window.desk.themes.current.name == "dark"
    known = {"run": RunState.IDLE, "workspace": window.stage.workspace, "is_dark": is_dark, "critical_words": ""}
    return Situation(**nothing | known)


def situation_of(window: Window) -> Situation:
    """Returns the situation a window is in."""
    desk = window.desk
    if not desk.is_complete:
        return first_situation_of(window)
    return Situation(
        run=desk.runs.state,
        workspace=window.stage.workspace,
        is_maximised=bool(window.stage.maximised),
        is_pinned=desk.selection.pinned is not None,
        is_dark=desk.themes.current.name == "dark",
        has_message=bool(desk.messages.sentence),
        has_sheet=window.cards["derivation"].scene is not None,
        has_rows=desk.runs.steps > 0,
        has_settings=window.side.is_open,
        has_numbers=window.numbers.is_open,
        has_changes=bool(desk.what_if.changes),
        can_be_critical=desk.plans.can_make_critical,
        critical_words=desk.plans.critical_words,
        can_undo=bool(desk.history.undo_words),
        can_redo=bool(desk.history.redo_words),
        is_editing=desk.editor.is_on,
        has_lessons=window.lessons.is_open,
        has_lesson=window.lessons.has_step,
        is_testing_claims=bool(desk.claims.running),
        is_asking_seeds=desk.diagnoses.is_asking,
        is_racing=desk.races.is_running,
        has_race=desk.races.race is not None,
        has_lane=bool(desk.races.selected) and not desk.races.is_stale,
        can_apply=desk.remedies.can_apply,
        is_counterexample=desk.spectra.is_counterexample,
        is_sweeping=desk.maps.is_running,
        can_go_on=desk.maps.can_go_on,
        has_last_run=desk.comparisons.has_last,
        has_comparison=bool(desk.comparisons.runs),
        has_layer_table=window.twins.is_open(LAYER_TABLE),
        has_derivation_tree=window.twins.is_open(DERIVATION_TREE),
        is_unfolded=is_unfolded(window),
        can_choose_activation=any(map(has_free_activation, (desk.session.formula, desk.session.training))),
    )


def always(_: Situation) -> bool:
    """Is the rule of actions that always work."""
    return True


@dataclass(frozen=True)
class Action:
    """Is one action.

    Attributes
    ----------
    text
        Words of the menu entry with its mnemonic (&).
    short
        Words on a button; "" for the same as `text`.
    keys
        Shortcut as Qt writes it. One without Ctrl, Alt or F-number is given up while a control that needs the key has
        the keyboard.
    help
        Tooltip: what it does, in one line.
    more
        What's this: what it is good for.
    checked
        Rule for the mark of a two-state action; None for the others.
    told
        Rule for what it would do now, or while it is greyed, why it cannot; None where neither changes.
    also
        Other words by which the palette finds it.
    """

    id: str
    menu: str
    text: str
    run: Callable[[Window], object]
    help: str
    more: str
    keys: str = ""
    icon: str = ""
    short: str = ""
    enabled: Callable[[Situation], bool] = always
    checked: Callable[[Situation], bool] | None = None
    told: Callable[[Situation], str] | None = None
    also: str = ""

    @property
    def words(self) -> str:
        """The text without mnemonic and dots."""
        return self.text.replace("&", "").removesuffix("…")
