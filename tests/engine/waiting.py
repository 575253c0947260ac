"""Waiting for real processes: poll until something has happened, and fail with what happened instead."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tests.patience import SECONDS
from vgdesk.engine.client import Engine
from vgdesk.engine.events import Event, RowsRecorded, RunStarted
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, concatenate


def poll_until(engine: Engine, kind: type, interval: float = 0.005) -> list[Event]:
    """Polls until an event of that kind has come; returns all events up to then."""
    events: list[Event] = []

    def has_come() -> bool:
        events.extend(engine.poll())
        return any(isinstance(event, kind) for event in events)

    wait_until(has_come, f"no {kind.__name__} came", interval)
    return events


def wait_until(condition: Callable[[], bool], otherwise: str, interval: float = 0.005) -> None:
    """Waits until the condition holds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(interval)


@contextlib.contextmanager
def halted(pids: Iterable[int]) -> Iterator[None]:
    """Has processes do nothing meanwhile, so that no answer comes, however long somebody looks away."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):  # it was ended
                os.kill(pid, signal.SIGCONT)


def last(events: list[Event], kind: type) -> Event:
    """Returns the last event of that kind."""
    return [event for event in events if isinstance(event, kind)][-1]


def rows(events: list[Event]) -> GradientHistory:
    """Joins all recorded rows, which must follow each other without a gap or a repetition."""
    parts = [event.history for event in events if isinstance(event, RowsRecorded)]
    steps = np.concatenate([part.step_numbers for part in parts])
    assert steps.tolist() == list(range(len(steps)))
    return concatenate(parts)


def generations(events: list[Event]) -> set[int]:
    """Returns which runs the events belong to."""
    return {event.generation for event in events if isinstance(event, RunStarted | RowsRecorded)}


def same_bits(first: GradientHistory, second: GradientHistory) -> bool:
    """Whether two histories hold exactly the same numbers."""
    pairs = [(getattr(first, column), getattr(second, column)) for column in ("step_numbers", *STEP_COLUMNS)]
    pairs += [(first.quantities[name], second.quantities[name]) for name in first.quantities]
    return first.quantities.keys() == second.quantities.keys() and all(
        one.shape == other.shape and one.tobytes() == other.tobytes() for one, other in pairs
    )
