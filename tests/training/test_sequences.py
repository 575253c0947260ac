"""Sequences are what their task says: marks, sums, strings, orders, and digits row by row or pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import reader
from vgdesk.spec.recurrent import MAX_TIME_STEPS
from vgdesk.spec.sequences import AddingProblem, CopyMemory, SequenceExamples, TemporalOrder
from vgdesk.spec.task import Digits, task_shape
from vgdesk.spec.training import Training
from vgdesk.training.data import load, load_parts
from vgdesk.training.sequences import END, MARKED, START

SEEDS = st.integers(0, 2**32 - 1)
ADDING = st.builds(AddingProblem, length=st.integers(2, 60), count=st.integers(1, 20))
COPYING = st.builds(
    CopyMemory,
    delay=st.integers(1, 20),
    length=st.integers(1, 6),
    symbols=st.integers(2, 9),
    count=st.integers(1, 20),
)
ORDERS = st.builds(TemporalOrder, length=st.integers(10, 130), count=st.integers(1, 20))


@given(ADDING | COPYING | ORDERS, SEEDS)
def test_arrays_have_the_shape_of_their_task_and_cannot_be_changed(task, seed):
    data, shape = load(task, seed=seed), task_shape(task)
    assert data.inputs.shape == (shape.examples, shape.steps, shape.inputs)
    assert data.targets.shape == (shape.examples, shape.target_steps, shape.targets)
    assert not data.inputs.flags.writeable
    assert not data.targets.flags.writeable


@given(ADDING | COPYING | ORDERS, SEEDS)
def test_a_seed_draws_the_same_sequences_again(task, seed):
    for ours, theirs in zip(load(task, seed=seed), load(task, seed=seed), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("task", [AddingProblem(), CopyMemory(), TemporalOrder()])
def test_another_seed_draws_other_sequences(task):
    assert not np.array_equal(load(task, seed=0).inputs, load(task, seed=1).inputs)


@given(ADDING, SEEDS)
def test_exactly_one_number_of_each_half_is_marked(task, seed):
    marks, half = load(task, seed=seed).inputs[:, :, 1], task.length // 2
    assert set(np.unique(marks)) <= {0.0, 1.0}
    np.testing.assert_array_equal(marks[:, :half].sum(axis=1), 1.0)
    np.testing.assert_array_equal(marks[:, half:].sum(axis=1), 1.0)


@given(ADDING, SEEDS)
def test_target_of_adding_is_the_sum_of_the_marked_numbers(task, seed):
    inputs, targets = load(task, seed=seed)
    for sequence, target in zip(inputs, targets, strict=True):
        first, second = sequence[sequence[:, 1] == 1.0, 0]
        assert target == first + second


def test_always_answering_one_has_the_error_that_the_task_names():
    targets = load(AddingProblem(length=10, count=20_000)).targets
    # 20,000 squares of standard deviation 0.20: one sigma of their mean is 0.0014
    assert np.mean((targets - 1.0) ** 2) == pytest.approx(1 / 6, abs=0.006)


@given(COPYING, SEEDS)
def test_target_of_copying_is_the_string_and_the_rest_is_blank_but_for_the_call(task, seed):
    inputs, targets = load(task, seed=seed)
    symbols = inputs.argmax(axis=2)
    np.testing.assert_array_equal(inputs.sum(axis=2), 1.0)
    np.testing.assert_array_equal(symbols[:, : task.length], targets.argmax(axis=2))
    np.testing.assert_array_equal(targets.sum(axis=2), 1.0)
    rest = np.full(task.delay + task.length, task.symbols)
    rest[task.delay - 1] = task.symbols + 1
    np.testing.assert_array_equal(symbols[:, task.length :], np.tile(rest, (task.count, 1)))


@given(ORDERS, SEEDS)
def test_temporal_order_has_its_two_symbols_where_the_task_says_and_their_order_as_class(task, seed):
    inputs, targets = load(task, seed=seed)
    symbols, tenth = inputs.argmax(axis=2), task.length // 10
    places = [np.flatnonzero((row >= MARKED) & (row < START)) for row in symbols]
    for row, (first, second), target in zip(symbols, places, targets, strict=True):
        assert tenth <= first < 2 * task.length // 10
        assert task.length // 2 <= second < task.length // 2 + tenth
        assert target[0].argmax() == 2 * (row[first] - MARKED) + row[second] - MARKED
    assert (set(symbols[:, 0]), set(symbols[:, -1])) == ({START}, {END})


def test_orders_are_about_equally_frequent():
    counts = load(TemporalOrder(length=10, count=4000)).targets.sum(axis=(0, 1))
    # binomial: one sigma is 27
    np.testing.assert_allclose(counts, 1000, atol=140)


def test_longest_sequences_are_drawn():
    assert load(AddingProblem(length=MAX_TIME_STEPS, count=3)).inputs.shape == (3, MAX_TIME_STEPS, 2)


def test_digits_are_read_row_by_row_or_pixel_by_pixel():
    flat, by_rows, by_pixels = (load(Digits(count=5, arrangement=name)) for name in ("flat", "rows", "pixels"))
    for row in range(8):
        np.testing.assert_array_equal(by_rows.inputs[:, row], flat.inputs[:, 8 * row : 8 * row + 8])
    np.testing.assert_array_equal(by_pixels.inputs[:, :, 0], flat.inputs)
    for data in (by_rows, by_pixels):
        np.testing.assert_array_equal(data.targets[:, 0], flat.targets)


def test_listed_sequences_become_arrays():
    inputs, targets = (((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)),), (((7.0,), (8.0,)),)
    data = load(SequenceExamples(inputs=inputs, targets=targets))
    np.testing.assert_array_equal(data.inputs, inputs)
    np.testing.assert_array_equal(data.targets, targets)


def test_whole_sequences_are_held_out():
    task = TemporalOrder(length=12, count=40)
    whole = load(task, seed=3).inputs
    kept, held_out = load_parts(reader(task, training=Training(held_out=0.25), seed=3))
    assert (len(kept.inputs), len(held_out.inputs)) == (30, 10)
    found = {sequence.tobytes() for part in (kept, held_out) for sequence in part.inputs}
    assert found == {sequence.tobytes() for sequence in whole}
