"""What the window asks of its worker processes."""

import msgspec

from vgdesk.engine.message import Message
from vgdesk.engine.studies import AnyJob
from vgdesk.records.examination import Examination
from vgdesk.spec.clipping import Clipping
from vgdesk.spec.experiment import Experiment


class Train(Message, frozen=True):
    """Asks for a training run. `speed` is in steps per second, None = as fast as possible; `paused` records step 0."""

    generation: int
    experiment: Experiment
    speed: float | None
    paused: bool


class Pause(Message, frozen=True):
    """Asks the run to wait."""


class Resume(Message, frozen=True):
    """Asks the run to go on."""


class Step(Message, frozen=True):
    """Asks for exactly one more step, then to wait."""


class SetSpeed(Message, frozen=True):
    """Asks for another speed, in steps per second; None = as fast as possible."""

    speed: float | None


class SetLearningRate(Message, frozen=True):
    """Asks for another learning rate from the next step on; the schedule goes on from where it is."""

    learning_rate: float


class SetClipping(Message, frozen=True):
    """Asks for another clipping from the next step on; None leaves gradients as they are."""

    clipping: Clipping | None


class Stop(Message, frozen=True):
    """Asks the run to end between two calls."""


class Derive(Message, frozen=True):
    """Asks for the derivation of dL/d(wrt) and for the symbolic profile; `changes` are numbers to put in, by name."""

    generation: int
    experiment: Experiment
    wrt: str
    changes: dict[str, float] = msgspec.field(default_factory=dict)


class ShowView(Message, frozen=True):
    """Asks for a view of dL/d(wrt) besides the steps, by its name in `vgdesk.records.derivation_views.VIEWS`."""

    generation: int
    experiment: Experiment
    wrt: str
    view: str
    changes: dict[str, float] = msgspec.field(default_factory=dict)


class Enliven(Message, frozen=True):
    """Asks for the derivation of dL/d(wrt) in a form whose numbers the window can change by itself."""

    generation: int
    experiment: Experiment
    wrt: str


class Verify(Message, frozen=True):
    """Asks whether the three routes agree, with some numbers changed."""

    generation: int
    experiment: Experiment
    changes: dict[str, float] = msgspec.field(default_factory=dict)


class Predict(Message, frozen=True):
    """Asks what theory says about the gradients before training."""

    generation: int
    experiment: Experiment


class Examine(Message, frozen=True):
    """Asks how an activation of one's own behaves; `formula` is in z, without "formula:" in front."""

    generation: int
    formula: str


class BeginStudy(Message, frozen=True):
    """Asks for a long job that answers in parts."""

    generation: int
    job: AnyJob


class FindState(Message, frozen=True):
    """Asks for numbers that give factors of dL/d(wrt), by their ids, the target values; `free` says what may move."""

    generation: int
    experiment: Experiment
    wrt: str
    targets: dict[str, float]
    free: tuple[str, ...]


class CheckFormula(Message, frozen=True):
    """Asks whether the kernel has the slopes that an examination of a formula found."""

    generation: int
    examination: Examination


class FindBound(Message, frozen=True):
    """Asks how large the product of a chain's factors phi'(z) w can be at most, and where formats lose it."""

    generation: int
    activation: str
    weight: float
    depth: int


class PlanDepth(Message, frozen=True):
    """Asks how deep a network may be; `limit` is a ratio to the output's gradient, or a number format.

    A brief answer is of the network as it is.
    """

    generation: int
    experiment: Experiment
    limit: float | str
    is_brief: bool = False


class MapPhases(Message, frozen=True):
    """Asks for the phase diagram of an activation around a network's place; it comes in blocks of rows."""

    generation: int
    activation: str
    sigma_w: float
    sigma_b: float


class FindSpectrum(Message, frozen=True):
    """Asks for the spectrum of a drawn network: of its Jacobian, or of W_hh; None for the eigenvalue counterexample."""

    generation: int
    experiment: Experiment | None


class Abandon(Message, frozen=True):
    """Tells a process that nobody waits for its phase diagram any more; nothing answers it."""

    generation: int


class WriteProgram(Message, frozen=True):
    """Asks for a program that computes dL/d(wrt); `language` is "numpy" or "sympy"."""

    generation: int
    experiment: Experiment
    wrt: str
    language: str


NumericCommand = Train | Pause | Resume | Step | SetSpeed | SetLearningRate | SetClipping | Stop


SymbolicCommand = (
    Derive
    | ShowView
    | Verify
    | Predict
    | Examine
    | FindState
    | FindBound
    | CheckFormula
    | Enliven
    | PlanDepth
    | MapPhases
    | Abandon
    | FindSpectrum
    | WriteProgram
)


Command = NumericCommand | SymbolicCommand | BeginStudy
