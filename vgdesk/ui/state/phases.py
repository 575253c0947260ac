"""The phase diagram around the training network, and the network as a point in it that can be moved.

While the point is moved the spec on the desk stays: a *draft* with the point's sigmas is predicted, as often as answers
come. Letting go puts the draft on the desk, which starts its training.
"""

import math
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from vgdesk.engine.events import JobFailed, PhaseMapped
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.records.phase import PhaseRows
from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.plans import Plans
from vgdesk.ui.state.predictions import Predictions
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.start_edits import with_sigmas

SETTLE_MS = 350
"""A point moved by keys becomes the network's start when no key has come for so long."""
DIGITS = 4
_SAME = 1e-9


class Phases(QObject):
    """Holds the diagram as far as it has come, what is shown of it, and the point."""

    changed = Signal()
    moved = Signal()

    def __init__(
        self, session: Session, jobs: Jobs, predictions: Predictions, plans: Plans, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._predictions, self._plans = session, jobs, predictions, plans
        self._activity = ""
        self._wanted = -1
        self._rows: PhaseRows | None = None
        self._q = self._chi = np.empty((0, 0))
        self._reason = ""
        self._shown = "chi"
        self._draft: tuple[float, float] | None = None
        self._dropped: Experiment | None = None
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self.drop)
        jobs.answered.connect(self._take)
        plans.changed.connect(self._follow)
        predictions.previewed.connect(self._plan_draft)
        session.training_changed.connect(lambda _: self._forget_draft())

    @property
    def grid(self) -> PhaseRows | None:
        """The block that came last, for its grid and activation; None before the first."""
        return self._rows

    @property
    def q(self) -> np.ndarray:
        """Variances over the grid, nan where they have not come; shape (rows, columns)."""
        return self._q

    @property
    def chi_1(self) -> np.ndarray:
        """Factors of |dL/dz|^2 over the grid, nan where they have not come; shape (rows, columns)."""
        return self._chi

    @property
    def reason(self) -> str:
        """Why there is no diagram; else empty."""
        return self._reason

    @property
    def is_awaited(self) -> bool:
        """Whether rows are still to come."""
        return self._wanted >= 0 or self._plans.is_awaited

    @property
    def shown(self) -> str:
        """What the colours are: "chi" or "depth"."""
        return self._shown

    @property
    def point(self) -> tuple[float, float] | None:
        """(sigma_w, sigma_b) of the draft, else of the network; None where it has none."""
        plan = self._plans.plan
        if self._draft is not None:
            return self._draft
        return None if plan is None or not np.isfinite(plan.sigma_w) else (plan.sigma_w, plan.sigma_b)

    @property
    def own_plan(self) -> DepthPlan | None:
        """The plan of the network at the point, which knows its factor; None of one moved on since it was planned."""
        plan = self._plans.shown
        if self._draft is None or plan is None:
            return self._plans.plan
        # the deviations come back as roots of variances
        is_there = all(map(partial(math.isclose, rel_tol=_SAME), self._draft, (plan.sigma_w, plan.sigma_b)))
        return plan if is_there else None

    @property
    def beside(self) -> str:
        """What stands in the network's layers besides weights and activation; the diagram is without it."""
        return self._plans.plan.beside if self._plans.plan else ""

    @property
    def is_moved(self) -> bool:
        """Whether the point has been moved away from the network on the desk."""
        return self._draft is not None

    @property
    def depth(self) -> int:
        """Number of layers of the network."""
        return self._plans.plan.depth if self._plans.plan else 0

    def choose_shown(self, name: str) -> None:
        """Colours the diagram by another number: "chi" or "depth"."""
        if name != self._shown:
            self._shown = name
            self.changed.emit()

    def drag_to(self, sigma_w: float, sigma_b: float) -> None:
        """Moves the point: the network with these sigmas is predicted, the desk stays as it is.

        Where the network on the desk stands, nothing is moved: its prediction and plan are there.
        """
        if self._rows is None or self.point is None:
            return
        wide, high = float(self._rows.sigma_w[-1]), float(self._rows.sigma_b[-1])
        self._draft = _neat(sigma_w, wide), _neat(sigma_b, high)
        self._settle.stop()
        draft = with_sigmas(self._session.training, *self._draft)
        if draft == self._session.training:
            self.give_up()
            return
        self._predictions.preview(draft)
        self.moved.emit()

    def walk_to(self, sigma_w: float, sigma_b: float) -> None:
        """Moves the point by keys; it is let go when no more come."""
        self.drag_to(sigma_w, sigma_b)
        self._settle.start()

    def drop(self) -> None:
        """Lets the point go: the network on the desk is drawn with its sigmas."""
        self._settle.stop()
        if self._draft is not None:
            self._dropped = with_sigmas(self._session.training, *self._draft)
            self._session.choose_training(self._dropped)

    def give_up(self) -> None:
        """Puts the point back where the network is."""
        self._settle.stop()
        if self._draft is not None:
            self._draft = None
            self._predictions.end_preview()
            self._plans.end_preview()
            self.moved.emit()

    def _plan_draft(self) -> None:
        """Asks for the draft's brief plan, now that its prediction has come: side by side each would wait for cores."""
        if self._draft is not None:
            self._plans.preview(with_sigmas(self._session.training, *self._draft))

    def _forget_draft(self) -> None:
        """Keeps the point where it was dropped until the plan of the new network says the same."""
        self._settle.stop()
        if self._dropped != self._session.training:
            self._draft = None
        self._dropped = None
        self.moved.emit()

    def _follow(self) -> None:
        """Asks for another diagram where the activation is another one, or the network stands outside."""
        plan = self._plans.plan
        if plan is None or self._plans.is_awaited:
            return
        self._draft = None
        if not plan.activation:
            self._refuse(plan.reason or plan.critical_note)
        elif plan.activation != self._activity or self._is_outside(plan.sigma_w, plan.sigma_b):
            self._activity, self._rows, self._reason = plan.activation, None, ""
            self._wanted = self._jobs.ask().map_phases(plan.activation, plan.sigma_w, plan.sigma_b)
        else:
            self._reason = ""
        self.changed.emit()

    def _refuse(self, reason: str) -> None:
        if self._wanted >= 0:
            self._jobs.ask().forget_phases()
        self._wanted, self._activity, self._rows, self._reason = -1, "", None, reason

    def _is_outside(self, sigma_w: float, sigma_b: float) -> bool:
        rows = self._rows
        return rows is not None and not (sigma_w <= rows.sigma_w[-1] and sigma_b <= rows.sigma_b[-1])

    def _take(self, event: object) -> None:
        if getattr(event, "generation", None) != self._wanted:
            return
        match event:
            case PhaseMapped():
                if event.rows is not None:
                    self._add(event.rows)
                if event.is_final:
                    self._wanted = -1
            case JobFailed():
                self._refuse(event.sentence)
            case _:
                return
        self.changed.emit()

    def _add(self, rows: PhaseRows) -> None:
        if self._rows is None:
            shape = len(rows.sigma_b), len(rows.sigma_w)
            self._q, self._chi = np.full(shape, np.nan), np.full(shape, np.nan)
        here = slice(rows.first, rows.first + len(rows.q))
        self._rows, self._q[here], self._chi[here] = rows, rows.q, rows.chi_1


def _neat(value: float, highest: float) -> float:
    """Returns a place within the diagram, rounded to what a pixel can tell."""
    return min(max(round(value, DIGITS - len(f"{highest:.0f}")), 0.0), highest)
