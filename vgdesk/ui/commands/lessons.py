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
    """Turns to the workspace of the step on the desk and marks the panel to look at; without a step marks none.

    Closing the lessons leads back to the workspace in which they were begun, unless somebody has left the one that the
    last step asked for: that one is wanted now.
    """
    side, state = window.lessons, window.lessons.state
    step = state.step if state is not None else None
    if step is not None:
        side.way_back = side.way_back or window.stage.workspace
        side.led_to = step.workspace
        window.stage.show_workspace(step.workspace)
        window.stage.show_panel(step.panel)
    elif not side.is_open and side.way_back:
        if window.stage.workspace == side.led_to:
            window.stage.show_workspace(side.way_back)
        side.way_back = ""
    for key, card in window.cards.items():
        card.point_out(step is not None and step.panel == key)
