"""Use case: train every experiment of a sweep that is not done yet, on this machine's cores or on a Dask cluster.

    for row in run_sweep(sweep, done=known_rows): ...       in the order in which they finish

A row belongs to an experiment by its contents (`identity`), so a sweep that goes on repeats nothing, whatever was
varied in which order. On a cluster a worker may die: the scheduler gives its experiments to others, and each comes back
once.
"""

import math
from collections.abc import Collection, Generator, Sequence

import msgspec
import numpy as np

from vgdesk.diagnosis.gain import Span, is_blocked, span_of
from vgdesk.errors import SpecError, WorkerError
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate
from vgdesk.records.sweep import SweepRow
from vgdesk.spec.experiment import Experiment, Network
from vgdesk.spec.recording import LogSpaced, Recording, What
from vgdesk.spec.recurrent import Lstm, Recurrent
from vgdesk.spec.sweep import Sweep, cells, identity
from vgdesk.study.side_by_side import is_stopped, side_by_side

BLOCK = 64
"""Steps between two looks whether anybody still waits."""
PATIENCE_SECONDS = 10.0
"""How long a scheduler has to answer."""


def run_sweep(
    sweep: Sweep, done: Collection[str] = (), workers: int | None = None, scheduler: str = ""
) -> Generator[SweepRow, None, None]:
    """Yields the row of every experiment that is not `done`, as soon as it is trained; closing the generator cancels.

    Parameters
    ----------
    sweep
        What is varied.
    done
        Identities of the experiments whose rows are known.
    workers
        Number of processes on this machine; by default one per core.
    scheduler
        Address of a Dask scheduler, such as "tcp://127.0.0.1:8786", whose workers have vgdesk installed; then `workers`
        is not used.

    Raises
    ------
    SpecError, DocumentError
        Where some combination is no experiment, or its examples cannot be had.
    WorkerError
        When a process died, or the cluster cannot be reached.
    """
    wanted: dict[str, Experiment] = {}
    for _, experiment in cells(sweep):
        wanted.setdefault(identity(experiment), experiment)
    payloads = [to_bytes(experiment) for cell, experiment in wanted.items() if cell not in done]
    running = _on_cluster(payloads, scheduler) if scheduler else side_by_side(train_cell, payloads, workers)
    try:
        for _, payload in running:
            yield from_bytes(payload, SweepRow)
    finally:
        running.close()


def train_cell(payload: bytes) -> bytes:
    """Trains the experiment in `payload` and returns its `SweepRow`, both as `records.codec` writes them."""
    return to_bytes(measured(from_bytes(payload, Experiment)))


def measured(experiment: Experiment) -> SweepRow:
    """Trains an experiment to its end and returns its row."""
    from vgdesk.training.loop import Trainer, prepared

    cell, studied = identity(experiment), _sparingly(experiment)
    trainer = Trainer(studied, prepared(studied), evaluates=False)
    parts = [trainer.advance(1)]
    while trainer.remaining and not is_stopped():
        parts.append(trainer.advance(BLOCK))
    history = concatenate(parts)
    is_whole = history.outcome is not RunOutcome.NON_FINITE
    loss, accuracy = trainer.assess() if is_whole else (math.nan, math.nan)
    return _row(cell, studied, history, loss, accuracy)


def _sparingly(experiment: Experiment) -> Experiment:
    """Returns the experiment with a recording of what a row needs: gradients, at a few steps and the last."""
    return msgspec.structs.replace(experiment, recording=Recording(what=What(), when=LogSpaced(per_decade=1)))


def _row(cell: str, experiment: Experiment, history: GradientHistory, loss: float, accuracy: float) -> SweepRow:
    network = experiment.network
    is_lstm = isinstance(network, Recurrent) and isinstance(network.cell, Lstm)
    span, states = span_of(history.quantities, history.signals, is_lstm), history.values("state")
    gains = _gains(span, history, network)
    return SweepRow(
        cell=cell,
        outcome=history.outcome,
        steps=history.steps_made,
        loss_first=float(history.loss[0]),
        loss_last=float(history.loss[-1]),
        loss=loss,
        accuracy=accuracy,
        log10_first=float(states[0, 0]),
        log10_last=float(states[0, -1]),
        log10_gain=gains[0],
        log10_gain_end=gains[1],
    )


def _gains(span: Span, history: GradientHistory, network: Network) -> tuple[float, float]:
    """Returns log10 gamma of the first and of the last recorded step."""
    if not span.is_usable:
        return math.nan, math.nan
    factors = history.evaluations.first_factors_at(history.step_numbers) if span.takes_input else None
    if np.any(blocked := is_blocked(span, history.quantities, network)):
        factors = np.where(blocked, -math.inf, math.nan if factors is None else factors)
    gammas = span.log10_gammas(history.values(span.quantity), factors)
    return float(gammas[0]), float(gammas[-1])


def _on_cluster(payloads: Sequence[bytes], address: str) -> Generator[tuple[int, bytes], None, None]:
    """As `side_by_side`, on the workers of a Dask scheduler."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise SpecError(
            'a scheduler needs the optional part "cluster": pip install "vgdesk[cluster]" here and on the workers'
        ) from None
    try:
        client = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(f"no Dask scheduler answers at {address[:120]}: {str(error)[:200]}") from None
    futures = []
    try:
        futures = client.map(train_cell, payloads, pure=False, batch_size=256, retries=2)
        numbers = {future.key: number for number, future in enumerate(futures)}
        for future in as_completed(futures, loop=client.loop):
            yield numbers[future.key], future.result()
    finally:
        client.cancel(futures)
        client.close()
