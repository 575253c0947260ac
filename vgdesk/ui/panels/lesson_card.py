"""The panel of lessons at the right of the window: the list of them, or the step that stands on the desk."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vgdesk.present.profile import EMPTY_HEADING, profile_heading
from vgdesk.records.places import places_of, signal_places
from vgdesk.spec.lesson import Lesson, LessonStep
from vgdesk.spec.lessons import LESSONS, experiment_of, lessons
from vgdesk.ui.panels.scroller import scrolling
from vgdesk.ui.panels.side_header import SideHeader
from vgdesk.ui.state.lessons import Lessons
from vgdesk.ui.state.quantity import FIRST
from vgdesk.ui.typeset import unbroken

WIDTH, PROGRESS_PIXELS, LIST_GAP = 336, 6, 4
PANEL_WORDS = {
    "network": "Network",
    "derivation": "Derivation",
    "profile": EMPTY_HEADING,
    "heatmap": "Heat map",
    "loss": "Loss",
    "lag": "Lag",
}
_BEGIN, _END = "\x02", "\x03"


class LessonCard(QFrame):
    """Shows the lessons and leads through them."""

    def __init__(self, state: Lessons, close: QAction, back: QAction, forward: QAction) -> None:
        super().__init__()
        self._state = state
        self.setProperty("card", True)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Lessons panel")
        self.pages = QStackedWidget()
        self.pages.addWidget(self._list_page())
        self.pages.addWidget(self._step_page(back, forward))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 10)
        header = SideHeader("Lessons", close, "Close the lessons")
        self._title = header.title
        column.addLayout(header)
        column.addWidget(self.pages, 1)
        state.changed.connect(self._follow)
        self._follow()

    def focus_first(self) -> None:
        """Gives the keyboard to the list, or to the button that goes on."""
        target = self.list if self._state.step is None else self.forward
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _list_page(self) -> QWidget:
        page, self.list, self._about, self.begin = QWidget(), QListWidget(), _dim(QLabel()), QPushButton()
        self.list.setAccessibleName("Lessons")
        self.list.setSpacing(LIST_GAP)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._describe())
        self.list.itemActivated.connect(lambda _: self._begin())
        self.begin.setProperty("primary", True)
        self.begin.clicked.connect(self._begin)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self._about)
        column.addWidget(self.begin)
        return page

    def _step_page(self, back: QAction, forward: QAction) -> QWidget:
        page, self._place, self.progress = QWidget(), _dim(QLabel()), QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(PROGRESS_PIXELS)
        self.progress.setAccessibleName("Progress in this lesson")
        self.heading, self.text, self.place = _title(QLabel()), QLabel(), _dim(QLabel())
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self._place, self.progress, self.heading):
            column.addWidget(part)
            column.addSpacing(4)
        column.addSpacing(8)
        column.addWidget(_scroller(self.text, self.place), 1)
        column.addLayout(self._buttons(back, forward))
        return page

    def _buttons(self, back: QAction, forward: QAction) -> QHBoxLayout:
        row, self.back, self.contents, self.forward = QHBoxLayout(), QPushButton(), QPushButton(), QPushButton()
        self.contents.setText("All lessons")
        self.contents.clicked.connect(self._state.leave)
        self.back.setText("Back")
        self.back.setToolTip(back.toolTip())
        self.back.clicked.connect(back.trigger)
        self.forward.setToolTip(forward.toolTip())
        self.forward.clicked.connect(forward.trigger)
        self.forward.setProperty("primary", True)
        for button in (self.contents, self.back, self.forward):
            row.addWidget(button)
        return row

    def _follow(self) -> None:
        lesson, step = self._state.lesson, self._state.step
        had_keyboard = self.isAncestorOf(self.window().focusWidget() or self) and self.isVisible()
        if lesson is None or step is None:
            self._title.setText("Lessons")
            self._fill_list()
            self.pages.setCurrentIndex(0)
        else:
            self._title.setText(f"{self._state.number}  {lesson.title}")
            self._show_step(lesson, step)
            self.pages.setCurrentIndex(1)
        if had_keyboard:
            self.focus_first()

    def _show_step(self, lesson: Lesson, step: LessonStep) -> None:
        number, count = self._state.step_number, len(lesson.steps)
        self._place.setText(f"Step {number} of {count}")
        self.progress.setRange(0, count)
        self.progress.setValue(number)
        self.heading.setText(step.title)
        self.text.setText(_rich(step))
        self.text.setAccessibleName(step.words)
        self.place.setText(f"Look at: {_panel_words(step)}")
        is_last = self._state.number == len(LESSONS)
        self.forward.setText("Next" if number < count else "End" if is_last else "Next lesson")

    def _fill_list(self) -> None:
        """Writes each lesson with how far it was followed; the one that was followed last is chosen."""
        self.list.clear()
        for number, lesson in enumerate(lessons(), start=1):
            reached, count = self._state.reached(number), len(lesson.steps)
            self.list.addItem(f"{number}  {lesson.title}\n    {_progress_words(reached, count)}")
        self.list.setCurrentRow(self._state.last_number - 1)

    def _describe(self) -> None:
        if self.list.currentRow() < 0:
            return
        number = self.list.currentRow() + 1
        lesson = lessons()[number - 1]
        self._about.setText(lesson.about)
        reached = self._state.reached(number)
        is_under_way = 0 < reached < len(lesson.steps)
        self.begin.setText(f"Go on with step {reached}" if is_under_way else f"Begin lesson {number}")

    def _begin(self) -> None:
        self._state.resume(self.list.currentRow() + 1)


def _panel_words(step: LessonStep) -> str:
    """Returns the heading of the panel that a step speaks of; the bars' one says what they are bars of."""
    if step.panel != "profile":
        return PANEL_WORDS[step.panel]
    network = experiment_of(step).network
    quantity = step.quantity or FIRST[signal_places(network)[0]]
    return profile_heading(quantity, places_of(quantity, network)[0])


def _progress_words(reached: int, count: int) -> str:
    if reached == count:
        return f"✓ all {count} steps"
    return f"{reached} of {count} steps" if reached else f"{count} steps"


def _rich(step: LessonStep) -> str:
    """Returns the sentences as paragraphs with their numbers in bold."""
    marked = escape(unbroken("\n".join(step.sentences(f"{_BEGIN}{{}}{_END}"))))
    bold = marked.replace(_BEGIN, "<b>").replace(_END, "</b>")
    return "".join(f'<p style="margin: 0 0 9px 0; line-height: 135%">{line}</p>' for line in bold.split("\n"))


def _dim(label: QLabel) -> QLabel:
    label.setProperty("role", "dim")
    label.setWordWrap(True)
    return label


def _title(label: QLabel) -> QLabel:
    label.setProperty("role", "title")
    label.setWordWrap(True)
    return label


def _scroller(*parts: QWidget) -> QScrollArea:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 8, 0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    scroller = scrolling(column)
    scroller.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    scroller.setAccessibleName("Text of the step")
    scroller.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroller
