"""The ring of numbers: nothing lost, nothing twice, nothing before it is published."""

from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.engine.ring import NumberRing

CAPACITY = 11


@pytest.fixture
def ring() -> Iterator[NumberRing]:
    ring = NumberRing.create(CAPACITY)
    yield ring
    ring.close()
    ring.unlink()


def test_what_was_written_is_read_once(ring: NumberRing) -> None:
    assert ring.write(np.array([1.0, 2.0]))
    assert ring.read(ring.written).tolist() == [1.0, 2.0]
    assert ring.read(ring.written).tolist() == []


def test_other_end_sees_what_was_written(ring: NumberRing) -> None:
    reader = NumberRing.attach(ring.name, CAPACITY)
    ring.write(np.array([3.5]))
    assert reader.read(reader.written).tolist() == [3.5]
    assert ring.room == CAPACITY
    reader.close()


def test_full_ring_refuses_until_the_reader_has_read(ring: NumberRing) -> None:
    assert ring.write(np.arange(CAPACITY, dtype=float))
    assert not ring.write(np.array([99.0]))
    assert ring.read(4).tolist() == [0.0, 1.0, 2.0, 3.0]
    assert ring.write(np.array([99.0]))
    assert ring.read(ring.written).tolist() == [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 99.0]


def test_cell_that_was_never_written_is_nan(ring: NumberRing) -> None:
    assert np.isnan(ring.read(CAPACITY)).all()


def test_more_numbers_than_fit_at_all_are_refused_by_name(ring: NumberRing) -> None:
    with pytest.raises(ValueError, match="a ring of 11 numbers cannot take 12 at once"):
        ring.write(np.zeros(CAPACITY + 1))


def test_unlinked_ring_cannot_be_found() -> None:
    ring = NumberRing.create(CAPACITY)
    name = ring.name
    ring.close()
    ring.unlink()
    with pytest.raises(FileNotFoundError):
        SharedMemory(name=name)


@given(st.lists(st.one_of(st.integers(0, CAPACITY), st.just("read")), max_size=60))
def test_any_order_of_writing_and_reading_keeps_the_sequence(actions: list[int | str]) -> None:
    ring = NumberRing.create(CAPACITY)
    sent, received = 0, []
    for action in actions:
        if action == "read":
            received += ring.read(ring.written).tolist()
        elif ring.write(np.arange(sent, sent + int(action), dtype=float)):
            sent += int(action)
    received += ring.read(ring.written).tolist()
    ring.close()
    ring.unlink()
    assert received == list(range(sent))
