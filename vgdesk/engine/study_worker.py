"""The process of one long job: does it, reports its parts, and ends. It is cancelled by ending it."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.engine.commands import BeginStudy
from vgdesk.engine.events import StudyFinished, StudyProgress, WorkerReady
from vgdesk.engine.message import STUDY
from vgdesk.engine.studies import (
    AnyJob,
    AnyPart,
    ClaimExperiment,
    ClaimsJob,
    ComparedRun,
    CompareJob,
    ConfidenceJob,
    FormatsJob,
    Found,
    KeepRunJob,
    OpenClaimJob,
    RaceJob,
    ReadRunJob,
    RunKept,
    RunRead,
    SaturationJob,
    SweepJob,
    SweepPart,
)
from vgdesk.engine.worker import Line, attempt
from vgdesk.records.sweep import SweepRow

if TYPE_CHECKING:
    from vgdesk.study.sweep_file import SweepFile


def main(connection: Connection) -> None:
    """Is where the process begins."""
    line = Line(connection, BeginStudy)
    line.report(WorkerReady(STUDY))
    command: BeginStudy = line.next_command(None)

    def work() -> None:
        for part in parts_of(command.job):
            line.report(StudyProgress(command.generation, part))
        line.report(StudyFinished(command.generation))

    attempt(line.report, command.generation, work)
    line.next_command(None)  # the window ends this process when it has read all of that


def parts_of(job: AnyJob) -> Iterator[AnyPart]:
    """Yields the parts of a job's answer; what it needs is imported here, in a process of its own."""
    match job:
        case RaceJob():
            from vgdesk.study.race import run_race

            for race in run_race(job.experiment, job.only, job.combinations, job.steps, job.seeds):
                yield Found(race=race)
        case ConfidenceJob():
            from vgdesk.study.diagnose import diagnose_experiment

            yield Found(diagnosis=diagnose_experiment(job.experiment, job.steps, job.seeds))
        case FormatsJob():
            from vgdesk.study.number_formats import compare_formats

            yield Found(formats=compare_formats(job.experiment, job.step))
        case SaturationJob():
            from vgdesk.study.saturation import find_saturation

            yield Found(saturation=find_saturation(job.experiment, job.place, job.step))
        case SweepJob():
            yield from _sweep(job)
        case ClaimsJob():
            from vgdesk.study.claims.run import run_claims

            yield from run_claims(job.numbers, job.seeds)
        case OpenClaimJob():
            from vgdesk.study.claims.arms import claim_experiment

            yield ClaimExperiment(number=job.number, experiment=claim_experiment(job.number, job.arm))
        case CompareJob():
            from vgdesk.records.comparison import thinned
            from vgdesk.study.compare import run_side_by_side

            for number, history in run_side_by_side(job.experiments):
                yield ComparedRun(number=number, history=thinned(history))
        case ReadRunJob():
            yield _read_run(job)
        case KeepRunJob():
            yield _keep_run(job)


def _read_run(job: ReadRunJob) -> RunRead:
    from vgdesk.errors import DocumentError
    from vgdesk.records.comparison import thinned
    from vgdesk.records.run_file import load_run, read_run_document

    name = Path(job.path).name
    experiment, history = load_run(read_run_document(job.path), name)
    if history.rows == 0:
        raise DocumentError(f"{name} is a run without a recorded step, so there is nothing to compare")
    return RunRead(experiment=experiment, history=thinned(history))


def _keep_run(job: KeepRunJob) -> RunKept:
    """Writes beside the file first, so that a reader never meets half of it."""
    from vgdesk.errors import ExportError
    from vgdesk.records.run_file import save_run

    target = Path(job.path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_text(save_run(job.history, job.experiment), encoding="utf-8")
        part.replace(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExportError(f"the kept run could not be written to {target.parent}: {reason}") from None
    return RunKept(path=job.path)


def _sweep(job: SweepJob) -> Iterator[AnyPart]:
    from vgdesk.study.sweep import run_sweep
    from vgdesk.study.sweep_file import SweepFile
    from vgdesk.study.trainability import correlation_limits

    table = SweepFile(Path(job.path), job.sweep)
    yield _part(table, tuple(table.rows.values()))  # before the line, which takes theory a second or two
    if limits := correlation_limits(job.sweep, ("sigma_w", "depth")):
        yield _part(table, (), limits)
    for row in run_sweep(job.sweep, table.done, scheduler=job.scheduler):
        table.add(row)
        yield _part(table, (row,))
    table.finish()


def _part(table: SweepFile, rows: tuple[SweepRow, ...], limits: tuple[tuple[float, float], ...] = ()) -> SweepPart:
    points = tuple(table.points_of(row.cell) for row in rows)
    return SweepPart(rows=rows, done=len(table.done), total=table.size, points=points, limits=limits)
