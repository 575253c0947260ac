"""The room of the lessons at the right of the stage. Opening it changes nothing on the desk until a lesson begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from vgdesk.ui.chrome.side import Side

if TYPE_CHECKING:
    from vgdesk.ui.panels.lesson_card import LessonCard
    from vgdesk.ui.state.lessons import Lessons


class LessonSide(Side):
    """Shows or hides the lessons; `step_changed` tells that another step, or none, stands on the desk."""

    memory_key = "lessons/panel"
    step_changed = Signal()
    state: Lessons | None = None
    way_back, led_to = "", ""
    """The workspace in which a lesson was begun, and that of the step on the desk; "" before any lesson."""

    @property
    def has_step(self) -> bool:
        """Whether a step of a lesson stands on the desk."""
        return self.is_open and self.state is not None and self.state.step is not None

    def open_lesson(self, number: int, step: int = 1) -> None:
        """Opens the panel with a lesson."""

        def begin() -> None:
            self._show(True)
            if self.state is not None:
                self.state.show(number, step)

        self._after_making(begin)

    def resume_lesson(self, number: int) -> None:
        """Opens the panel where a lesson was left, in this or an earlier session."""

        def begin() -> None:
            self._show(True)
            if self.state is not None:
                self.state.resume(number)

        self._after_making(begin)

    def _make_card(self) -> LessonCard:
        from vgdesk.ui.panels.lesson_card import LessonCard
        from vgdesk.ui.state.lessons import Lessons

        self.state = Lessons(self._desk, self)
        self.state.changed.connect(self.step_changed)
        return LessonCard(self.state, *(self._actions[name] for name in ("lessons", "lesson_back", "lesson_next")))

    def _show(self, is_open: bool, takes_keyboard: bool = False) -> None:
        if not is_open and self.state is not None:
            self.state.close()
        if is_open and not self.is_open:
            self.way_back = ""
        super()._show(is_open, takes_keyboard)
