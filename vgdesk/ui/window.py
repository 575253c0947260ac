"""The window: menus, toolbar, message line, rail, stage and status bar in one frame, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QPaintEvent, QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QToolBar, QVBoxLayout, QWidget

from vgdesk.spec.experiment import Experiment
from vgdesk.ui import style
from vgdesk.ui.actions import situation_of
from vgdesk.ui.actions.action_set import ActionSet
from vgdesk.ui.actions.quantity_menu import QuantityMenu
from vgdesk.ui.actions.undo_words import UndoWords
from vgdesk.ui.chrome.banner import Banner
from vgdesk.ui.chrome.lesson_side import LessonSide
from vgdesk.ui.chrome.offers import Offers
from vgdesk.ui.chrome.rail import Rail
from vgdesk.ui.chrome.side import NumbersSide, Side
from vgdesk.ui.chrome.stage import Stage
from vgdesk.ui.chrome.status import Status
from vgdesk.ui.chrome.toolbar import Toolbar
from vgdesk.ui.chrome.twins import Twins
from vgdesk.ui.chrome.verdict_button import VerdictButton
from vgdesk.ui.chrome.workspaces import BESIDE_NUMBERS, NARROW, TIGHT, WORKSPACES
from vgdesk.ui.commands.claims import show_claim
from vgdesk.ui.commands.copying import copy_program
from vgdesk.ui.commands.files import show_imported
from vgdesk.ui.commands.lessons import follow_lesson
from vgdesk.ui.commands.writing import finish_writing
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.start.cards import Cards
from vgdesk.ui.start.startup import ENGINE, STATES_AND_VIEWS, Startup, class_makers
from vgdesk.ui.start.views import Views
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.links import Links
from vgdesk.ui.theme import Theme
from vgdesk.ui.turns import take_turns

SMALLEST, FIRST_SIZE = (960, 640), (1440, 900)


class Window(QMainWindow):
    """Shows a desk. `painted` fires once, after the first paint; `ready` when every panel has its view."""

    painted = Signal()
    ready = Signal()

    def __init__(self, desk: Desk, workspace: str | None = None) -> None:
        super().__init__()
        self.desk = desk
        self._dress(desk.themes.current)
        self.setMinimumSize(*SMALLEST)
        self._is_painted = False
        self._actions = ActionSet(self)
        menus = self._actions.fill_menus(self)
        self.quantities = QuantityMenu(menus["&View"], desk)
        self.cards = Cards(self)
        chosen = workspace or desk.memory.choice("workspace", WORKSPACES, "derive")
        self.stage = Stage(self.cards, desk.memory, desk.themes.current, chosen)
        self.toolbar = Toolbar(desk, self.actions_by_id)
        self.toolbar.let_go.connect(self.stage.focus_current)
        self.side = Side(desk, self.actions_by_id)
        self.numbers = NumbersSide(desk, self.actions_by_id)
        self.lessons = LessonSide(desk, self.actions_by_id)
        for side in (self.side, self.numbers, self.lessons):
            side.let_go.connect(self.stage.focus_current)
        self._build()
        self.views = Views(self)
        self.twins = Twins(self)
        self._links = Links(desk.session, desk.selection, self)
        self._startup = Startup(
            [ENGINE, self._start_engine, *class_makers(), STATES_AND_VIEWS, *self._card_makers(), desk.complete,
             *self.views.steps],
            self,
        )  # fmt: skip
        self._startup.finished.connect(self.ready)
        self.ready.connect(self.side.open_as_remembered)
        self.ready.connect(self.numbers.open_as_remembered)
        self.ready.connect(self.lessons.open_as_remembered)
        self.ready.connect(lambda: desk.kept_files.begin())  # made after the first paint
        self.painted.connect(self._startup.begin, Qt.ConnectionType.QueuedConnection)
        self._actions.tint(desk.themes.current)
        self.follow_situation()
        self._name_after(desk.session.training)
        Offers(self.stage, desk, self)
        desk.when_complete(self._connect)

    @property
    def actions_by_id(self) -> dict[str, QAction]:
        """Every action of the table, by its id."""
        return self._actions.by_id

    @property
    def weights(self) -> Choice:
        """The choice of the weight that is derived by."""
        card = self.cards["derivation"]
        assert isinstance(card, DerivationCard)
        return card.weights

    def event(self, event: QEvent) -> bool:
        """Lets only menus say in the status bar what they do: a mouse rests on a button while one looks elsewhere."""
        is_menu = isinstance(QApplication.activePopupWidget(), QMenu)
        if isinstance(event, QStatusTipEvent) and event.tip() and not is_menu:
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.setFocus()
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.toolbar.fit(self.width())
        self._fit_stage()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stage.remember()
        self.desk.memory.write("workspace", self.stage.workspace)
        self.desk.memory.write_state("geometry", self.saveGeometry())
        self._startup.stop()
        self.hide()
        finish_writing(self)
        if "kept_files" in vars(self.desk):
            self.desk.kept_files.finish()
        if "jobs" in vars(self.desk):  # closed before it was ever seen, a window has no processes
            self.desk.jobs.close()
        super().closeEvent(event)

    def restore_geometry(self) -> None:
        """Takes the remembered place and size; Qt refuses what is not one, and the first size stands."""
        self.resize(*FIRST_SIZE)
        self.restoreGeometry(self.desk.memory.state("geometry"))

    def follow_situation(self) -> None:
        """Greys and marks the actions as the state asks."""
        self._actions.follow(situation_of(self))

    def _fit_stage(self) -> None:
        """Gives the stage the form for the width that the settings leave it."""
        # Beside numbers and lessons diagram and derivation should both be seen, even if they are narrower than usual.
        needed = BESIDE_NUMBERS if self.numbers.is_open or self.lessons.is_open else NARROW
        room = self.width() - self.side.pixels - self.numbers.pixels - self.lessons.pixels
        self.stage.set_narrow(room < needed, room < TIGHT)

    def _fit_soon(self) -> None:
        """Rebuilds the stage in a turn of its own and paints in the next; nobody sees what lies in between."""
        self.setUpdatesEnabled(False)
        take_turns(self, self._fit_stage, self._paint_again)

    def _name_after(self, experiment: Experiment) -> None:
        self.setWindowTitle(f"{experiment.title} – vgdesk")

    def _build(self) -> None:
        bar = QToolBar("Training")
        bar.setMovable(False)
        bar.toggleViewAction().setEnabled(False)
        bar.addWidget(self.toolbar)
        self.addToolBar(bar)
        centre = QWidget()
        column, row = QVBoxLayout(), QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(Rail([self.actions_by_id[f"workspace_{name}"] for name in WORKSPACES]))
        column.addWidget(Banner(self.desk.messages, self.desk.themes))
        column.addWidget(self.stage, 1)
        row.addLayout(column, 1)
        row.addWidget(self.numbers)
        row.addWidget(self.side)
        row.addWidget(self.lessons)
        self.setCentralWidget(centre)
        self.status = Status(self.desk, self._verdict_button())
        self.setStatusBar(self.status)

    def _verdict_button(self) -> VerdictButton:
        button, desk = VerdictButton(self.actions_by_id["diagnose"]), self.desk
        desk.when_complete(
            lambda: desk.diagnoses.changed.connect(lambda: button.show_diagnosis(desk.diagnoses.diagnosis))
        )
        return button

    def _start_engine(self) -> None:
        self.desk.jobs.start_workers()
        self.desk.jobs.begin()

    def _card_makers(self) -> list[Callable[[], None]]:
        """Returns what makes the panels that are not on show, one per step."""
        return [partial(self.stage.keep, key) for key in self.cards.missing()]

    def _connect(self) -> None:
        """Follows the states, once all are there."""
        desk = self.desk
        UndoWords(desk.history, self.actions_by_id, self)
        for signal in (
            desk.runs.state_changed, desk.selection.pinned_changed, desk.messages.changed, self.stage.arranged,
            desk.themes.changed, self.views.sheet_changed, self.ready, self.side.turned,
            self.numbers.turned, desk.what_if.changed, desk.what_if.offered, desk.plans.changed,
            desk.history.changed, desk.editor.changed, desk.claims.changed,
            desk.diagnoses.changed, desk.remedies.changed, desk.races.changed, desk.spectra.changed,
            desk.maps.turned, desk.comparisons.changed, self.twins.turned,
        ):  # fmt: skip
            signal.connect(self.follow_situation)
        self.side.turned.connect(self._fit_soon)
        self.numbers.turned.connect(self._fit_soon)
        self.stage.arranged.connect(lambda: desk.sheet_route.follow_workspace(self.stage.workspace))
        desk.sheet_route.follow_workspace(self.stage.workspace)

        desk.programs.written.connect(partial(copy_program, self))
        desk.tables.opened.connect(lambda _: show_imported(self))
        desk.claims.opened.connect(lambda number, experiment: show_claim(self, number, experiment))

        for signal in (self.lessons.turned, self.lessons.step_changed):
            signal.connect(self._fit_stage)
            signal.connect(self._follow_lesson, Qt.ConnectionType.QueuedConnection)
            signal.connect(self.follow_situation)
        desk.session.training_changed.connect(self._name_after)
        desk.themes.changed.connect(self._change_looks)
        desk.themes.changed.connect(self._actions.tint_anew)
        self.follow_situation()

    def _change_looks(self, theme: Theme) -> None:
        """Dresses what is on show in a turn of its own, paints it in the next, then dresses the panels put away.

        Several short waits in place of a long one. Nothing is painted meanwhile, so that nobody sees a window half in
        one theme and half in the other.
        """

        self.setUpdatesEnabled(False)
        take_turns(
            self,
            lambda: self._dress(theme),
            self._paint_again,
            *self.stage.attic.dressing(theme),
        )

    def _paint_again(self) -> None:
        self.setUpdatesEnabled(True)
        # A request to paint that was delivered while nothing was painted is lost, and as long as Qt believes it to be
        # on its way it sends no other: waiting for one, the window would stand still until somebody resizes it.
        self.repaint()

    def _dress(self, theme: Theme) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            style.apply(application, theme)
        style.dress(self, theme)

    def _follow_lesson(self) -> None:
        """Comes a turn after the step was laid on the desk: two short waits in place of a long one."""
        follow_lesson(self)
