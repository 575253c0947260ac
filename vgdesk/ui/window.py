"""The window: menus, toolbar, message line, rail, stage and status bar in one frame, and what it remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QMainWindow, QToolBar, QVBoxLayout, QWidget

from vgdesk.errors import ExportError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.ui import style
from vgdesk.ui.action_set import ActionSet
from vgdesk.ui.actions import situation_of
from vgdesk.ui.banner import Banner
from vgdesk.ui.commands.claims import show_claim
from vgdesk.ui.commands.lessons import follow_lesson
from vgdesk.ui.lesson_side import LessonSide
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.claims_card import ClaimsCard
from vgdesk.ui.panels.compared_card import ComparedCard
from vgdesk.ui.panels.derivation_card import DerivationCard
from vgdesk.ui.panels.formats_card import FormatsCard
from vgdesk.ui.panels.map_card import MapCard
from vgdesk.ui.panels.network_card import NetworkCard
from vgdesk.ui.panels.phase_card import PhaseCard
from vgdesk.ui.panels.planner_view import PlannerCard
from vgdesk.ui.panels.quantity_card import QuantityCard
from vgdesk.ui.panels.runs_card import RunsCard
from vgdesk.ui.quantity_menu import QuantityMenu
from vgdesk.ui.rail import Rail
from vgdesk.ui.side import NumbersSide, Side
from vgdesk.ui.stage import Stage
from vgdesk.ui.startup import Startup
from vgdesk.ui.state.desk import Desk
from vgdesk.ui.state.links import Links
from vgdesk.ui.status import Status
from vgdesk.ui.theme import Theme
from vgdesk.ui.toolbar import Toolbar
from vgdesk.ui.twins import Twins
from vgdesk.ui.undo_words import UndoWords
from vgdesk.ui.verdict_button import VerdictButton
from vgdesk.ui.views import Views
from vgdesk.ui.workspaces import BESIDE_NUMBERS, NARROW, WORKSPACES

if TYPE_CHECKING:
    from vgdesk.ui.equations.sheet_view import CopyKind

PROGRAM_WORDS = {"numpy": "NumPy", "sympy": "SymPy"}
SMALLEST, FIRST_SIZE = (960, 640), (1440, 900)


class Window(QMainWindow):
    """Shows a desk. `painted` fires once, after the first paint; `ready` when every panel has its view."""

    painted = Signal()
    ready = Signal()

    def __init__(self, desk: Desk, workspace: str | None = None) -> None:
        super().__init__()
        self.desk = desk
        _dress_application(desk.themes.current)
        self.setMinimumSize(*SMALLEST)
        self._is_painted = False
        self._actions = ActionSet(self)
        menus = self._actions.fill_menus(self)
        self.quantities = QuantityMenu(menus["&View"], desk.quantity, desk.runs)
        derivation = DerivationCard(desk.session, desk.formulas, desk.selection, desk.themes, desk.sheet_route)
        derivation.check_asked.connect(self.actions_by_id["show_check"].trigger)
        self.weights: QComboBox = derivation.weights
        self.cards: dict[str, Card] = {
            "network": NetworkCard(desk.session),
            "derivation": derivation,
            "profile": QuantityCard("profile", "Gradient per layer", desk.quantity, desk.runs),
            "heatmap": QuantityCard("heatmap", "Heat map", desk.quantity, desk.runs),
            "loss": Card("loss", "Loss"),
            "lag": Card("lag", "Lag"),
            "phase": PhaseCard(desk.phases),
            "planner": PlannerCard(desk.plans),
            "claims": ClaimsCard([self.actions_by_id[name] for name in ("test_claims", "stop_claims")]),
            "verdict": Card("verdict", "Verdict"),
            "remedies": Card("remedies", "Remedies"),
            "race": Card("race", "Remedy race"),
            "spectrum": Card("spectrum", "Jacobian spectrum"),
            "circle": Card("circle", "Unit circle"),
            "map": MapCard(desk.maps),
            "formats": FormatsCard(desk.formats),
            "compared_profiles": ComparedCard(desk.comparisons),
            "compared_losses": Card("compared_losses", "Losses side by side"),
            "compared_maps": Card("compared_maps", "Heat maps side by side"),
            "compared_runs": RunsCard(desk.comparisons, self.actions_by_id),
        }
        for name in ("network", "derivation", "profile"):
            self.cards[name].add_back(self.actions_by_id["release"])
        for name in ("go_on_sweep", "stop_sweep"):
            self.cards["map"].add_action(self.actions_by_id[name])
        for name in ("edit_network", "network_table"):
            self.cards["network"].add_action(self.actions_by_id[name])
        self.cards["circle"].add_action(self.actions_by_id["counterexample"], has_words=True)
        chosen = workspace or desk.memory.choice("workspace", WORKSPACES, "derive")
        self.stage = Stage(self.cards, desk.memory, chosen)
        self.toolbar = Toolbar(desk, self.actions_by_id)
        self.side = Side(desk, self.actions_by_id)
        self.numbers = NumbersSide(desk, self.actions_by_id)
        self.lessons = LessonSide(desk, self.actions_by_id)
        self._build()
        self.views = Views(self)
        self.twins = Twins(self)
        self._links = Links(desk.session, desk.selection, self)
        self._undo_words = UndoWords(desk.history, self.actions_by_id, self)
        self._startup = Startup([desk.jobs.start_workers, desk.jobs.begin], self.views.steps, self)
        self._startup.finished.connect(self.ready)
        self.ready.connect(self.side.open_as_remembered)
        self.ready.connect(self.numbers.open_as_remembered)
        self.ready.connect(self.lessons.open_as_remembered)
        self.ready.connect(desk.kept_files.begin)
        self.painted.connect(self._startup.begin, Qt.ConnectionType.QueuedConnection)
        self._connect()

    @property
    def actions_by_id(self) -> dict[str, QAction]:
        """Every action of the table, by its id."""
        return self._actions.by_id

    def copy_derivation(self, kind: CopyKind) -> None:
        """Puts the derivation on show on the clipboard: "latex", "svg", "image" or "text"."""
        try:
            self.views.copy_derivation(kind)
        except ExportError as error:
            self.desk.messages.post(str(error), "export")
        else:
            self.desk.messages.settle("export")
            self.desk.messages.tell("Copied the derivation")

    def _copy_program(self, language: str, source: str) -> None:
        """Puts a program that has been written on the clipboard."""
        QGuiApplication.clipboard().setText(source)
        self.desk.messages.tell(f"Copied the {PROGRAM_WORDS[language]} program")

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
        self.desk.kept_files.finish()
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
        self.stage.set_narrow(self.width() - self.side.pixels - self.numbers.pixels - self.lessons.pixels < needed)

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
        self.status = Status(self.desk.jobs, self.desk.messages, self._verdict_button())
        self.setStatusBar(self.status)

    def _verdict_button(self) -> VerdictButton:
        button = VerdictButton(self.actions_by_id["diagnose"], self.desk.themes)
        self.desk.diagnoses.changed.connect(lambda: button.show_diagnosis(self.desk.diagnoses.diagnosis))
        return button

    def _connect(self) -> None:
        desk = self.desk
        for signal in (
            desk.runs.state_changed, desk.selection.pinned_changed, desk.messages.changed, self.stage.arranged,
            desk.themes.changed, self.views.sheet_changed, self.ready, self.side.turned,
            self.numbers.turned, desk.what_if.changed, desk.what_if.offered, desk.plans.changed,
            desk.history.changed, desk.editor.changed, desk.claims.changed,
            desk.diagnoses.changed, desk.remedies.changed, desk.races.changed, desk.spectra.changed,
            desk.maps.turned, desk.comparisons.changed, self.twins.turned,
        ):  # fmt: skip
            signal.connect(self.follow_situation)
        self.side.turned.connect(self._fit_stage)
        self.numbers.turned.connect(self._fit_stage)
        self.stage.arranged.connect(lambda: desk.sheet_route.follow_workspace(self.stage.workspace))
        desk.sheet_route.follow_workspace(self.stage.workspace)

        desk.spectra.changed.connect(self._offer_spectra)
        desk.programs.written.connect(self._copy_program)
        desk.claims.opened.connect(lambda number, experiment: show_claim(self, number, experiment))

        for signal in (self.lessons.turned, self.lessons.step_changed):
            signal.connect(self._fit_stage)
            signal.connect(self._follow_lesson, Qt.ConnectionType.QueuedConnection)
            signal.connect(self.follow_situation)
        desk.session.training_changed.connect(self._follow_training)
        self._follow_training(desk.session.training)
        desk.themes.changed.connect(_dress_application)
        desk.themes.changed.connect(self._actions.tint)
        self._actions.tint(desk.themes.current)
        self.follow_situation()

    def _follow_lesson(self) -> None:
        """Comes a turn after the step was laid on the desk: two short waits in place of a long one."""
        follow_lesson(self)

    def _follow_training(self, experiment: Experiment) -> None:
        """Bears the name of what is trained, and offers the lag plot only where there is time."""
        self._name_after(experiment)
        self.stage.offer_panel("lag", isinstance(experiment.network, Recurrent))
        self._offer_spectra()

    def _offer_spectra(self) -> None:
        """Offers what there is to say of a feed-forward network, or the eigenvalues of a recurrent one's W_hh."""
        is_feed_forward = not isinstance(self.desk.session.training.network, Recurrent)
        self.stage.offer_panel("circle", self.desk.spectra.is_recurrent)
        self.stage.offer_panel("phase", is_feed_forward)
        self.stage.offer_panel("spectrum", is_feed_forward)


def _dress_application(theme: Theme) -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        style.apply(application, theme)
