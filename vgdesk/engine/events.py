"""What the worker processes answer.

An event travels in a `Report`, which also says how far the ring of recorded rows had been filled when it was sent, so
that rows and events keep their order on the other side.
"""

import msgspec

from vgdesk.engine.message import Message
from vgdesk.engine.studies import AnyPart
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.records.derivation import Derivation, Verification
from vgdesk.records.derivation_views import GradientView, ProductBound
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.examination import Examination, NumericCheck
from vgdesk.records.found_state import FoundState
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.jacobian import JacobianSpectrum
from vgdesk.records.live import LiveDerivation
from vgdesk.records.phase import PhaseRows
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.records.spectrum import RecurrentSpectrum


class WorkerReady(Message, frozen=True):
    """Says that a worker takes work: `NUMERIC`, `SYMBOLIC`, or `SPARE` for the process that stands by."""

    worker: str


class Compiling(Message, frozen=True):
    """Says how far the kernels are compiled (fraction 0..1) and what is being done. Runs begin after fraction 1."""

    fraction: float
    text: str


class RunStarted(Message, frozen=True):
    """Says that a run begins; its rows follow. `places` is the number of its layers, or of its time steps."""

    generation: int
    experiment_name: str
    places: int


class RunPreparing(Message, frozen=True):
    """Says what is done before a run's first step, such as pre-training; an empty text ends it."""

    generation: int
    text: str


class RowsRecorded(Message, frozen=True):
    """Carries the newly recorded rows of a run, in order, each exactly once; none when no step made was recorded."""

    generation: int
    history: GradientHistory


class RunEvaluated(Message, frozen=True):
    """Carries what was measured beside the training since the last such message; few numbers, so not in the ring."""

    generation: int
    evaluations: Evaluations


class RunPaused(Message, frozen=True):
    """Says that a run waits; all rows recorded so far came before."""

    generation: int


class RunResumed(Message, frozen=True):
    """Says that a waiting run goes on."""

    generation: int


class RunFinished(Message, frozen=True):
    """Says how a run ended, and what was not finite where that ended it; all of its rows came before."""

    generation: int
    outcome: RunOutcome
    breakdown: Breakdown | None = None


class DerivationReady(Message, frozen=True):
    """Answers `Derive`: the derivation, its sheet, and the gradient magnitude of every layer by the symbolic route.

    The sheet is spelt where the derivation is made: of 50 layers that takes longer than the window may be silent.
    """

    generation: int
    derivation: Derivation
    sheet: EquationSheet
    profile: GradientProfile


class ViewReady(Message, frozen=True):
    """Answers `ShowView`: the view, and its sheet, spelt where it is made."""

    generation: int
    view: GradientView
    sheet: EquationSheet


class LiveReady(Message, frozen=True):
    """Answers `Enliven`."""

    generation: int
    live: LiveDerivation


class VerificationReady(Message, frozen=True):
    """Answers `Verify`."""

    generation: int
    verification: Verification


class PredictionReady(Message, frozen=True):
    """Answers `Predict`."""

    generation: int
    prediction: Prediction


class ExaminationReady(Message, frozen=True):
    """Answers `Examine`."""

    generation: int
    examination: Examination


class StudyProgress(Message, frozen=True):
    """Carries a part of the answer to `BeginStudy`."""

    generation: int
    part: AnyPart


class StudyFinished(Message, frozen=True):
    """Says that a long job is done; all of its parts came before."""

    generation: int


class StateFound(Message, frozen=True):
    """Answers `FindState`, also where there is no such state."""

    generation: int
    found: FoundState


class FormulaChecked(Message, frozen=True):
    """Answers `CheckFormula`."""

    generation: int
    check: NumericCheck


class BoundReady(Message, frozen=True):
    """Answers `FindBound`."""

    generation: int
    bound: ProductBound


class PlanReady(Message, frozen=True):
    """Answers `PlanDepth`."""

    generation: int
    plan: DepthPlan


class PhaseMapped(Message, frozen=True):
    """Carries rows of a phase diagram; the last ones end the job, and so does None, which says it was abandoned."""

    generation: int
    rows: PhaseRows | None

    @property
    def is_final(self) -> bool:
        """Whether no more rows follow."""
        return self.rows is None or self.rows.is_last


class SpectrumReady(Message, frozen=True):
    """Answers `FindSpectrum`: of a feed-forward network the one, of a recurrent one the other."""

    generation: int
    jacobian: JacobianSpectrum | None = None
    recurrent: RecurrentSpectrum | None = None


class ProgramReady(Message, frozen=True):
    """Answers `WriteProgram` with the program's source."""

    generation: int
    language: str
    source: str


class JobFailed(Message, frozen=True):
    """Says in one sentence why a job gave no answer."""

    generation: int
    sentence: str


class WorkerDied(Message, frozen=True):
    """Says that a worker process ended by itself or was killed, and what was done about it.

    Where a `run_follows`, the run that was asked for last had not reached the process, and begins in the next one.
    """

    worker: str
    exitcode: int
    sentence: str
    run_follows: bool = False


Event = (
    WorkerReady
    | Compiling
    | RunStarted
    | RunPreparing
    | RowsRecorded
    | RunEvaluated
    | RunPaused
    | RunResumed
    | RunFinished
    | DerivationReady
    | ViewReady
    | LiveReady
    | VerificationReady
    | PredictionReady
    | ExaminationReady
    | StudyProgress
    | StudyFinished
    | StateFound
    | BoundReady
    | FormulaChecked
    | PlanReady
    | PhaseMapped
    | SpectrumReady
    | ProgramReady
    | JobFailed
    | WorkerDied
)


class Report(msgspec.Struct, frozen=True):
    """Is an event on its way to the window; `position` is the ring's fill counter at the moment of sending."""

    event: Event
    position: int = 0
