"""Menu Help, lessons: the panel, its steps, and turning the window to what a step speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vgdesk.ui.window import Window


def turn_lessons(window: Window) -> None:
    """Opens or closes the lessons."""
    window.lessons.turn()


def next_step(window: Window) -> None:
    """Goes to the next step of the lesson."""
    if window.lessons.state is not None:
        window.lessons.state.next()


def previous_step(window: Window) -> None:
    """Goes to the step before."""
    if window.lessons.state is not None:
        window.lessons.state.back()


def follow_lesson(window: Window) -> None:
    """Turns to the workspace of the step on the desk and marks the panel to look at; without a step marks none."""
    state = window.lessons.state
    step = state.step if state is not None else None
    if step is not None:
        window.stage.show_workspace(step.workspace)
        window.stage.show_panel(step.panel)
    for key, card in window.cards.items():
        card.point_out(step is not None and step.panel == key)
