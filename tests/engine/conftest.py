"""One engine for all tests: its processes take a second or two to start."""

from collections.abc import Iterator

import pytest

from vgdesk.engine.client import Engine


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
