"""Compiles the kernels before they are needed, so that the first training starts at once."""

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import numpy as np

from vgdesk.kernels.late_binding import compile_shared
from vgdesk.kernels.trainer import FusedTrainer, Network
from vgdesk.spec.training import PRECISIONS


def compile_kernels() -> Generator[tuple[float, str], None, None]:
    """Compiles every kernel, or loads it from the disk where that was done before.

    Yields (fraction done, what comes next) before each step of some seconds, and (1.0, "kernels ready") at the end.
    """
    steps = [(what, precision) for precision in PRECISIONS for what in _STEPS]
    for number, (what, precision) in enumerate(steps):
        yield number / len(steps), f"compiling {what}: {precision}"
        with _no_collection():
            _STEPS[what](precision)
    yield 1.0, "kernels ready"


def _train_one_step(precision: str) -> None:
    network = Network((1, 1), ("identity",), "mse")
    one = np.ones((1, 1))
    trainer = FusedTrainer(network, [one], [np.zeros(1)], one, one, rate=0.0, batch=1, precision=precision)
    trainer.run(np.zeros((1, 1), np.int64))


_STEPS = {"kernels": _train_one_step, "activations, losses and rules": compile_shared}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keeps Python's cycle collector off: the compiler makes millions of objects that it would look through in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
