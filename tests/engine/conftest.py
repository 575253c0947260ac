"""One engine for all tests: its processes take a second or two to start."""

from collections.abc import Iterator

import pytest

from tests.engine.waiting import poll_until, wait_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import VerificationReady
from vgdesk.spec.library import example


@pytest.fixture(scope="session")
def shared_engine() -> Iterator[Engine]:
    engine = Engine()
    engine.start_numeric()
    engine.start_symbolic()
    yield engine
    engine.close()


@pytest.fixture
def engine(shared_engine: Engine) -> Iterator[Engine]:
    """The shared engine; whatever a test leaves running is stopped after it."""
    yield shared_engine
    shared_engine.stop()
    shared_engine.time_limit = 60.0
    shared_engine.poll()


@pytest.fixture
def pair(engine: Engine) -> list[int]:
    """The numbers of the two symbolic processes, both ready."""
    engine.verify(example("insurance"))
    poll_until(engine, VerificationReady)
    wait_until(lambda: not engine.poll() and len(engine.pids) == 3, "the spare did not start")
    return engine.pids[1:]


@pytest.fixture
def fresh_engine() -> Iterator[Engine]:
    """An engine of its own, whose training process has just started."""
    engine = Engine()
    engine.start_numeric()
    yield engine
    engine.close()


@pytest.fixture
def tiny_engine() -> Iterator[Engine]:
    """An engine of its own whose ring holds only a few rows."""
    engine = Engine(ring_capacity=300)
    yield engine
    engine.close()
