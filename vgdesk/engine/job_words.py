"""What a job of the symbolic processes is called in a sentence, and what to do where it took too long.

People know an experiment by its title; its name is that of a file.
"""

from vgdesk.engine.commands import (
    Abandon,
    CheckFormula,
    Derive,
    Enliven,
    Examine,
    FindBound,
    FindSpectrum,
    FindState,
    MapPhases,
    PlanDepth,
    Predict,
    ShowView,
    SymbolicCommand,
    WriteProgram,
)
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.lowered import lowered
from vgdesk.spec.words import value_words

_SMALLER = " Choose a smaller network, a weight nearer the output, or a longer time limit (menu Derivation)."
ADVICE: dict[type, str] = {
    Derive: _SMALLER,
    ShowView: _SMALLER,
    FindState: " Let fewer numbers free, or choose targets nearer to the present values.",
    Enliven: _SMALLER,
    WriteProgram: _SMALLER,
    Examine: " Write it shorter: with fewer terms, or fewer where, max and products inside each other.",
}
"""What to do where a job of a kind took too long."""


def described(job: SymbolicCommand) -> str:
    """Returns what a job makes, to begin a sentence: "The derivation of ∂L/∂w₁ of “Two circles”"."""
    if isinstance(job, Derive | Enliven):
        return f"The derivation of {_gradient(job.wrt)} of {_title(job.experiment)}"
    if isinstance(job, ShowView):
        return f"The {job.view} view of {_gradient(job.wrt)} of {_title(job.experiment)}"
    if isinstance(job, WriteProgram):
        return f"The program for {_gradient(job.wrt)} of {_title(job.experiment)}"
    if isinstance(job, Predict):
        return f"The prediction for {_title(job.experiment)}"
    if isinstance(job, PlanDepth):
        return f"The depth plan of {_title(job.experiment)}"
    if isinstance(job, MapPhases):
        return f"The phase diagram of {value_words(job.activation)}"
    if isinstance(job, FindSpectrum):
        return f"The spectrum of {_title(job.experiment) if job.experiment else 'the counterexample'}"
    if isinstance(job, Abandon):
        return "The end of a phase diagram"
    if isinstance(job, Examine):
        return "The examination of the formula"
    if isinstance(job, FindState):
        return f"The search for a state of {_title(job.experiment)}"
    if isinstance(job, CheckFormula):
        return "The check of the formula"
    if isinstance(job, FindBound):
        return f"The bound of a chain of {value_words(job.activation)}"
    return f"The verification of {_title(job.experiment)}"


def _gradient(wrt: str) -> str:
    return f"∂L/∂{lowered(wrt)}"


def _title(experiment: Experiment) -> str:
    """Returns what people call an experiment, not its file."""
    return f"“{experiment.title}”"
