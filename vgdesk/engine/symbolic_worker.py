"""The process that derives, verifies and examines formulas: one job after the other.

It imports SymPy first and only then says that it is ready, so that a job's time is the job's own. It never watches the
clock: a derivation that takes too long is ended from outside, by ending the process.
"""

from multiprocessing.connection import Connection
from typing import NoReturn

from vgdesk.engine.messages import (
    DerivationReady,
    Derive,
    ExaminationReady,
    Examine,
    Predict,
    PredictionReady,
    ProgramReady,
    ShowView,
    SymbolicCommand,
    VerificationReady,
    Verify,
    ViewReady,
    WorkerReady,
    WriteProgram,
)
from vgdesk.engine.worker import Line, attempt


def main(connection: Connection, name: str) -> NoReturn:
    """Is where the process begins; `name` is what it calls itself when it is ready."""
    line = Line(connection, SymbolicCommand)
    from vgdesk.study import derive  # noqa: F401 - SymPy, half a second, before the first job

    line.report(WorkerReady(name))
    while True:
        command: SymbolicCommand = line.next_command(None)
        attempt(line.report, command.generation, lambda command=command: _answer(line, command))


def _answer(line: Line, command: SymbolicCommand) -> None:
    match command:
        case Derive(generation=generation, experiment=experiment, wrt=wrt):
            from vgdesk.study.derive import derive, symbolic_profile

            line.report(DerivationReady(generation, derive(experiment, wrt), symbolic_profile(experiment)))
        case ShowView(generation=generation, experiment=experiment, wrt=wrt, view=name):
            from vgdesk.study.derivation_views import view

            line.report(ViewReady(generation, view(experiment, wrt, name)))
        case WriteProgram(generation=generation, experiment=experiment, wrt=wrt, language=language):
            from vgdesk.study.derivation_views import gradient_program

            source = gradient_program(experiment, wrt, language)
            line.report(ProgramReady(generation, language, source))
        case Predict(generation=generation, experiment=experiment):
            from vgdesk.study.predict import predict  # SciPy: only for who asks

            line.report(PredictionReady(generation, predict(experiment)))
        case Verify(generation=generation, experiment=experiment):
            from vgdesk.study.verify import verify  # Numba: only for who asks

            line.report(VerificationReady(generation, verify(experiment)))
        case Examine(generation=generation, formula=formula):
            from vgdesk.study.own_activation import examine

            line.report(ExaminationReady(generation, examine(formula)))
