"""Compiles the kernels before they are needed, so that the first training starts at once."""

from collections.abc import Generator

import numpy as np

from vgdesk.kernels.trainer import FusedTrainer, Network
from vgdesk.spec.training import PRECISIONS


def compile_kernels() -> Generator[tuple[float, str], None, None]:
    """Compiles every kernel, or loads it from the disk where that was done before.

    Yields (fraction done, what comes next) before each step of some seconds, and (1.0, "kernels ready") at the end.
    """
    for number, precision in enumerate(PRECISIONS):
        yield number / len(PRECISIONS), f"compiling kernels: {precision}"
        _train_one_step(precision)
    yield 1.0, "kernels ready"


def _train_one_step(precision: str) -> None:
    network = Network((1, 1), ("identity",), "mse")
    one = np.ones((1, 1))
    trainer = FusedTrainer(network, [one], [np.zeros(1)], one, one, rate=0.0, batch=1, precision=precision)
    trainer.run(np.zeros((1, 1), np.int64))
