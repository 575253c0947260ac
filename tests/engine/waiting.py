"""Waiting for real processes: poll until something has happened, and fail with what happened instead."""

import time
from collections.abc import Callable

import numpy as np

from vgdesk.engine.client import Engine
from vgdesk.engine.messages import Event, RowsRecorded, RunStarted
from vgdesk.records.history import LAYER_COLUMNS, STEP_COLUMNS, GradientHistory, concatenate

SECONDS = 120.0
"""Generous: on a cold cache the kernels are compiled first."""


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


def last(events: list[Event], kind: type) -> Event:
    """Returns the last event of that kind."""
    return [event for event in events if isinstance(event, kind)][-1]


def rows(events: list[Event]) -> GradientHistory:
    """Joins all recorded rows, which must follow each other without a gap or a repetition."""
    parts = [event.history for event in events if isinstance(event, RowsRecorded)]
    steps = np.concatenate([part.first_step + np.arange(part.steps) for part in parts])
    assert steps.tolist() == list(range(len(steps)))
    return concatenate(parts)


def generations(events: list[Event]) -> set[int]:
    """Returns which runs the events belong to."""
    return {event.generation for event in events if isinstance(event, RunStarted | RowsRecorded)}


def same_bits(first: GradientHistory, second: GradientHistory) -> bool:
    """Whether two histories hold exactly the same numbers."""
    columns = (*STEP_COLUMNS, *LAYER_COLUMNS)
    pairs = [(getattr(first, column), getattr(second, column)) for column in columns]
    return all(one.shape == other.shape and one.tobytes() == other.tobytes() for one, other in pairs)
