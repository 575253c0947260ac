"""Long jobs that answer in parts, such as a race or a sweep: what can be asked for, and what comes back."""

import msgspec

from vgdesk.records.claim import ClaimOutcome
from vgdesk.records.finding import Diagnosis
from vgdesk.records.format_loss import FormatReport
from vgdesk.records.history import GradientHistory
from vgdesk.records.race import Race
from vgdesk.records.saturation import Saturation
from vgdesk.records.sweep import SweepRow
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sweep import Sweep


class StudyJob(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is the common form of long jobs."""


class RaceJob(StudyJob, frozen=True, kw_only=True):
    """Asks for a remedy race (`vgdesk.study.race.run_race`); answers are `Race`, each more complete than the last."""

    experiment: Experiment
    only: tuple[str, ...] = ()
    combinations: tuple[str, ...] = ()
    steps: int = 500
    seeds: int = 1


class ConfidenceJob(StudyJob, frozen=True, kw_only=True):
    """Asks for a diagnosis over several seeds (`vgdesk.study.diagnose`); the answer is one `Diagnosis`."""

    experiment: Experiment
    steps: int | None = None
    seeds: int = 5


class FormatsJob(StudyJob, frozen=True, kw_only=True):
    """Asks what formats store of a gradient (`vgdesk.study.number_formats`); the answer is one `FormatReport`."""

    experiment: Experiment
    step: int = 0


class SaturationJob(StudyJob, frozen=True, kw_only=True):
    """Asks where units stand on their activation (`vgdesk.study.saturation`); the answer is one `Saturation`."""

    experiment: Experiment
    place: int | None = None
    step: int = 0


class SweepJob(StudyJob, frozen=True, kw_only=True):
    """Asks for a sweep whose table is the file `path`; answers are `SweepPart`, the first with what is there."""

    sweep: Sweep
    path: str
    scheduler: str = ""


class CompareJob(StudyJob, frozen=True, kw_only=True):
    """Asks for the training of several experiments side by side; answers are `ComparedRun`, one for each."""

    experiments: tuple[Experiment, ...]


class ClaimsJob(StudyJob, frozen=True, kw_only=True):
    """Asks for claims to be tested (`vgdesk.study.claims.run`); answers are `ClaimOutcome`, each as it is found."""

    numbers: tuple[int, ...] = ()
    seeds: int = 3


class OpenClaimJob(StudyJob, frozen=True, kw_only=True):
    """Asks for the experiment of a claim's arm (`vgdesk.study.claims.arms`); the answer is one `ClaimExperiment`."""

    number: int
    arm: str


class ReadRunJob(StudyJob, frozen=True, kw_only=True):
    """Asks for the run in a file, which may be large; the answer is one `RunRead`."""

    path: str


class KeepRunJob(StudyJob, frozen=True, kw_only=True):
    """Asks for a run to be written to a file in a folder that need not exist; the answer is one `RunKept`."""

    experiment: Experiment
    history: GradientHistory
    path: str


class RunKept(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Says that a run is in a file now."""

    path: str


class SweepPart(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is what a sweep has come to since the last part, with the number of experiments known and wanted.

    `rows` belong to experiments by `cell` (see `vgdesk.spec.sweep.identity`). `points` says for each row where it
    stands: the values along the axes as text, more than once where several points are the same experiment. `limits` is
    told once, after what was in the table already: the line of `vgdesk.study.trainability.correlation_limits`.
    """

    rows: tuple[SweepRow, ...]
    done: int
    total: int
    points: tuple[tuple[tuple[str, ...], ...], ...] = ()
    limits: tuple[tuple[float, float], ...] = ()


class ComparedRun(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is the finished run of one of the experiments that are compared, thinned, by its place among them."""

    number: int
    history: GradientHistory


class RunRead(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is the run that a file holds, thinned to what pictures show."""

    experiment: Experiment
    history: GradientHistory


class ClaimExperiment(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is an experiment by which a claim is tested."""

    number: int
    experiment: Experiment


class Found(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Carries a record that has no tag of its own; exactly one is not None."""

    race: Race | None = None
    diagnosis: Diagnosis | None = None
    formats: FormatReport | None = None
    saturation: Saturation | None = None


AnyJob = (
    RaceJob
    | ConfidenceJob
    | FormatsJob
    | SaturationJob
    | SweepJob
    | CompareJob
    | ClaimsJob
    | OpenClaimJob
    | ReadRunJob
    | KeepRunJob
)
AnyPart = SweepPart | ComparedRun | Found | ClaimOutcome | ClaimExperiment | RunRead | RunKept
