"""The depth plan of the training experiment: asked for once somebody looks, and then whenever either changes.

While a *draft* is being moved about, a brief plan of it, of the network as it is, is shown in place of the plan.
"""

import msgspec
from PySide6.QtCore import QObject, Signal

from vgdesk.engine.events import JobFailed, PlanReady
from vgdesk.present.depth_plan import off_critical_words
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.start_edits import with_sigmas

LIMITS: dict[str, tuple[float | str, str]] = {
    "1e-3": (1e-3, "a factor 10⁻³"),
    "1e-6": (1e-6, "a factor 10⁻⁶"),
    "1e-12": (1e-12, "a factor 10⁻¹²"),
    "float16": ("float16", "float16"),
    "bfloat16": ("bfloat16", "bfloat16"),
    "float32": ("float32", "float32"),
    "float64": ("float64", "float64"),
}
"""By key: the limit, and its words in the list."""
FIRST_LIMIT = "1e-6"


class Plans(QObject):
    """Holds the limit and what the planner says; nothing is asked before `begin`."""

    changed = Signal()
    previewed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._limit = FIRST_LIMIT
        self._plan: DepthPlan | None = None
        self._asked: Experiment | None = None
        self._told: Experiment | None = None
        self._wanted = -1
        self._has_begun = False
        self._preview: DepthPlan | None = None
        self._next_draft: Experiment | None = None
        self._drafted = -1
        jobs.answered.connect(self._take)
        session.training_changed.connect(lambda _: self._ask())

    @property
    def plan(self) -> DepthPlan | None:
        """The latest plan; while another is made, that of the network before."""
        return self._plan

    @property
    def shown(self) -> DepthPlan | None:
        """The brief plan of the draft where there is one, else the plan."""
        return self._preview or self._plan

    @property
    def title(self) -> str:
        """Title of the network that is told of; while another one is planned, that of the one before."""
        told = self._told if self.is_awaited and self._told is not None else self._session.training
        return told.title

    @property
    def limit(self) -> str:
        """Key of the limit in `LIMITS`."""
        return self._limit

    @property
    def is_awaited(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted >= 0

    @property
    def can_make_critical(self) -> bool:
        """Whether the plan is of the network on the desk and knows a critical start other than its own."""
        return not self.is_awaited and self._plan is not None and bool(self._plan.off_critical)

    @property
    def critical_words(self) -> str:
        """What making it critical will change; where that cannot be done, why."""
        plan = self._plan
        if self.is_awaited or plan is None:
            return "the planner has not answered yet" if self._has_begun else "the Theory workspace asks for it"
        if plan.is_critical:
            return "the network is at its critical point"
        if not self.can_make_critical:
            return plan.reason or plan.critical_note or "no critical start is known"
        return f"draws {off_critical_words(plan)} anew, and the output layer alike"

    def begin(self) -> None:
        """Begins to follow the desk: somebody looks."""
        if not self._has_begun:
            self._has_begun = True
            self._ask()

    def choose_limit(self, key: str) -> None:
        """Plans for another limit of `LIMITS`."""
        if key != self._limit:
            self._limit = key
            self._ask()

    def preview(self, draft: Experiment) -> None:
        """Asks for the brief plan of a draft; the one before stays until it comes. The latest draft wins."""
        if self.is_awaited:  # of plans only the one asked for last is made
            return
        if self._drafted >= 0:
            self._next_draft = draft
        else:
            self._send_draft(draft)
        self._jobs.hurry()

    def end_preview(self) -> None:
        """Shows the plan of what is on the desk again."""
        self._drafted, self._next_draft, self._preview = -1, None, None
        self.previewed.emit()

    def make_critical(self) -> None:
        """Draws the network on the desk so that chi_1 = 1; does nothing where no such start is known."""
        plan = self._plan
        if self.can_make_critical and plan and plan.critical_sigma_w is not None and plan.critical_sigma_b is not None:
            self._session.choose_training(
                with_sigmas(self._session.training, plan.critical_sigma_w, plan.critical_sigma_b)
            )

    def _send_draft(self, draft: Experiment) -> None:
        self._next_draft = None
        self._drafted = self._jobs.ask().plan(draft, LIMITS[self._limit][0], is_brief=True)

    def _ask(self) -> None:
        self._drafted, self._next_draft = -1, None
        if self._has_begun:
            self._asked = self._session.training
            self._wanted = self._jobs.ask().plan(self._asked, LIMITS[self._limit][0])
            self.changed.emit()

    def _take(self, event: object) -> None:
        if self._drafted >= 0 and getattr(event, "generation", None) == self._drafted:
            self._take_brief(event)
            return
        if getattr(event, "generation", None) != self._wanted:
            return
        match event:
            case PlanReady():
                self._plan, self._wanted, self._preview = event.plan, -1, None
                self._told = self._asked
            case JobFailed():
                experiment, reason = self._session.training, event.sentence.removesuffix(".")
                empty = DepthPlan(experiment=experiment.name, limit=LIMITS[self._limit][0], depth=0)
                self._plan, self._wanted = msgspec.structs.replace(empty, reason=reason), -1
                self._preview, self._told = None, self._asked
            case _:
                return
        self.changed.emit()

    def _take_brief(self, event: object) -> None:
        """Shows the plan of a draft; one that failed leaves what is shown."""
        self._drafted = -1
        if isinstance(event, PlanReady):
            self._preview = event.plan
        if self._next_draft is not None:
            self._send_draft(self._next_draft)
            self._jobs.hurry()
        self.previewed.emit()
