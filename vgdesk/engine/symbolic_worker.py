"""The process that derives, verifies and examines formulas: one job after the other.

It imports SymPy first and only then says that it is ready, so that a job's time is the job's own. It never watches the
clock: a derivation that takes too long is ended from outside, by ending the process.
"""

from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from typing import NoReturn

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
    Verify,
    WriteProgram,
)
from vgdesk.engine.events import (
    BoundReady,
    DerivationReady,
    ExaminationReady,
    FormulaChecked,
    LiveReady,
    PhaseMapped,
    PlanReady,
    PredictionReady,
    ProgramReady,
    SpectrumReady,
    StateFound,
    VerificationReady,
    ViewReady,
    WorkerReady,
)
from vgdesk.engine.worker import Line, attempt
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent


def main(connection: Connection, name: str) -> NoReturn:
    """Is where the process begins; `name` is what it calls itself when it is ready."""
    line = Line(connection, SymbolicCommand)
    from vgdesk.study import what_if  # noqa: F401 - SymPy, half a second, before the first job

    line.report(WorkerReady(name))
    while True:
        command: SymbolicCommand = line.next_command(None)
        attempt(line.report, command.generation, lambda command=command: _answer(line, command))


def _answer(line: Line, command: SymbolicCommand) -> None:
    """Answers a question about the derivation of a network."""
    match command:
        case Derive(generation=generation, experiment=experiment, wrt=wrt, changes=changes):
            from vgdesk.present.sheet import equation_sheet
            from vgdesk.study.what_if import derive_changed

            derivation, profile = derive_changed(experiment, wrt, changes)
            line.report(DerivationReady(generation, derivation, equation_sheet(derivation), profile))
        case ShowView(generation=generation, experiment=experiment, wrt=wrt, view=name, changes=changes):
            from vgdesk.present.derivation_views import view_sheet
            from vgdesk.study.what_if import view_changed

            found = view_changed(experiment, wrt, name, changes)
            line.report(ViewReady(generation, found, view_sheet(found)))
        case Enliven(generation=generation, experiment=experiment, wrt=wrt):
            from vgdesk.study.what_if import live

            line.report(LiveReady(generation, live(experiment, wrt)))
        case WriteProgram(generation=generation, experiment=experiment, wrt=wrt, language=language):
            from vgdesk.study.derivation_views import gradient_program

            source = gradient_program(experiment, wrt, language)
            line.report(ProgramReady(generation, language, source))
        case Verify(generation=generation, experiment=experiment, changes=changes):
            from vgdesk.study.verify import verify  # Numba: only for who asks
            from vgdesk.study.what_if import changed

            other, parameters, data = changed(experiment, changes)
            line.report(VerificationReady(generation, verify(other, parameters, data)))
        case FindState(generation=generation, experiment=experiment, wrt=wrt, targets=targets, free=free):
            from vgdesk.study.find_state import find_state  # SciPy: only for who asks

            line.report(StateFound(generation, find_state(experiment, wrt, targets, free)))
        case _:
            _answer_of_theory(line, command)


def _answer_of_theory(line: Line, command: SymbolicCommand) -> None:
    """Answers a question about activations, or about what theory predicts."""
    match command:
        case FindBound(generation=generation, activation=activation, weight=weight, depth=depth):
            from vgdesk.study.derivation_views import bound

            line.report(BoundReady(generation, bound(activation, weight, depth)))
        case Examine(generation=generation, formula=formula):
            from vgdesk.study.own_activation import examine

            line.report(ExaminationReady(generation, examine(formula)))
        case CheckFormula(generation=generation, examination=examination):
            from vgdesk.study.own_activation import check  # Numba: only for who asks

            line.report(FormulaChecked(generation, check(examination)))
        case Predict(generation=generation, experiment=experiment):
            from vgdesk.study.predict import predict  # SciPy: only for who asks

            with _one_thread():
                prediction = predict(experiment)
            line.report(PredictionReady(generation, prediction))
        case PlanDepth(generation=generation, experiment=experiment, limit=limit, is_brief=is_brief):
            from vgdesk.study.plan import plan

            with _one_thread():
                found = plan(experiment, limit, is_brief)
            line.report(PlanReady(generation, found))
        case MapPhases():
            with _one_thread():
                _map(line, command)
        case FindSpectrum(generation=generation, experiment=experiment):
            line.report(_spectrum(generation, experiment))
        case Abandon():
            pass  # the diagram was finished before the command came


def _one_thread() -> AbstractContextManager[None]:
    """Keeps BLAS to one thread: on cores that train, products of theory wait five times longer for a second one."""
    from vgdesk.kernels.threads import one_blas_thread  # SciPy: only for who asks

    return one_blas_thread()


def _spectrum(generation: int, experiment: Experiment | None) -> SpectrumReady:
    if experiment is None:
        from vgdesk.theory.eigenvalue_rule import counterexample

        return SpectrumReady(generation, recurrent=counterexample())
    if isinstance(experiment.network, Recurrent):
        from vgdesk.study.recurrent_spectrum import recurrent_spectrum  # Numba: only for who asks

        return SpectrumReady(generation, recurrent=recurrent_spectrum(experiment))
    from vgdesk.study.jacobian import jacobian_spectrum

    return SpectrumReady(generation, jacobian=jacobian_spectrum(experiment))


def _map(line: Line, command: MapPhases) -> None:
    """Reports block after block, until something is said meanwhile: to a busy process that is only `Abandon`."""
    from vgdesk.study.phase import phase_parts, phase_spans

    spans = phase_spans(command.activation, command.sigma_w, command.sigma_b)
    for rows in phase_parts(command.activation, spans):
        if line.is_spoken_to:
            line.report(PhaseMapped(command.generation, None))
            return
        line.report(PhaseMapped(command.generation, rows))
