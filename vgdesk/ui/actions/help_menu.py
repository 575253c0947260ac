"""Actions of the Help menu."""

from __future__ import annotations

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands import help, lessons

HELP_ACTIONS = (
    Action(
        "lessons", "&Help", "&Lessons…", lessons.turn_lessons, "Show or hide the guided lessons",
        "Eight short lessons from the chain rule to your own training; each step sets the network it speaks of.",
        "Ctrl+F1", "library", checked=lambda now: now.has_lessons,
    ),
    Action(
        "lesson_next", "&Help", "&Next step of the lesson", lessons.next_step, "Go to the next step of the lesson",
        "Lays its network on the desk and shows where to look.", "Alt+Right", enabled=lambda now: now.has_lesson,
    ),
    Action(
        "lesson_back", "&Help", "&Previous step of the lesson", lessons.previous_step, "Go back one step of the lesson",
        "From the first step: to the end of the lesson before, or the list.", "Alt+Left",
        enabled=lambda now: now.has_lesson,
    ),
    Action(
        "reference", "&Help", "&Reference…", help.show_reference, "Say what an experiment may hold",
        "Networks, activations, initialisations, training, recording, theory, files and window, a page each.",
        "F1", "library",
    ),
    Action(
        "shortcuts", "&Help", "&Keyboard shortcuts", help.show_shortcuts, "List all keyboard shortcuts",
        "Everything in vgdesk works without a mouse.", "Ctrl+Alt+/", "keyboard",
    ),
    Action(
        "system_information", "&Help", "&System information", help.show_system_information,
        "Show versions, for a report", "Text that you can copy; nothing is sent anywhere.", "", "info",
    ),
    Action(
        "about", "&Help", "&About vgdesk", help.show_about, "Say what vgdesk is", "Version and licence.", "", "help",
    ),
)  # fmt: skip
