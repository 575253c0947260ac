"""Use case: train several experiments to their ends side by side, each with its whole record."""

from collections.abc import Generator, Sequence

from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.history import GradientHistory, concatenate
from vgdesk.spec.experiment import Experiment
from vgdesk.study.side_by_side import is_stopped, side_by_side

BLOCK = 64
"""Steps between two looks whether anybody still waits."""


def run_side_by_side(
    experiments: Sequence[Experiment], workers: int | None = None
) -> Generator[tuple[int, GradientHistory], None, None]:
    """Yields (number of the experiment, its run) whenever one has ended; parameters as of `side_by_side`."""
    running = side_by_side(_train, [to_bytes(experiment) for experiment in experiments], workers)
    try:
        for number, payload in running:
            yield number, from_bytes(payload, GradientHistory)
    finally:
        running.close()


def _train(payload: bytes) -> bytes:
    from vgdesk.training.loop import Trainer, prepared

    experiment = from_bytes(payload, Experiment)
    trainer = Trainer(experiment, prepared(experiment))
    parts = [trainer.advance(1)]
    while trainer.remaining and not is_stopped():
        parts.append(trainer.advance(BLOCK))
    return to_bytes(concatenate(parts))
