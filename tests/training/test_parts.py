"""What is trained on and what is held out: laws of the split, of drawn points and of standardised columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import classifier
from vgdesk.errors import DocumentError
from vgdesk.spec.task import Digits, Task, TwoCircles, TwoSpirals, Xor
from vgdesk.spec.training import Training
from vgdesk.training.data import class_targets, load, load_parts, split
from vgdesk.training.standardise import standardised

SEEDS = st.integers(0, 2**32 - 1)


@given(st.integers(2, 500), st.floats(0.0, 0.9), SEEDS)
def test_every_split_is_disjoint_and_complete_and_in_order(count: int, share: float, seed: int):
    kept, held = split(count, Training(held_out=share).held_out_of(count), seed)
    assert sorted([*kept, *held]) == list(range(count))
    assert list(kept) == sorted(kept)
    assert list(held) == sorted(held)
    assert len(kept) > 0
    assert (len(held) > 0) == (share > 0)


@given(st.integers(2, 500), SEEDS)
def test_same_seed_splits_alike(count: int, seed: int):
    for one, other in zip(split(count, count // 2, seed), split(count, count // 2, seed), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_holds_out_other_examples():
    assert set(split(1000, 100, 0)[1]) != set(split(1000, 100, 1)[1])


def test_nothing_held_out_leaves_the_task_as_it_is():
    parts = load_parts(classifier(Digits(count=30), [64, 10], "mse"))
    np.testing.assert_array_equal(parts.training.inputs, load(Digits(count=30)).inputs)
    assert parts.held_out.inputs.shape == (0, 64)


def test_parts_of_digits_together_are_the_digits():
    parts = load_parts(classifier(Digits(count=50), [64, 10], "mse", training=Training(held_out=0.3)))
    rows = [tuple(row) for part in parts for row in np.hstack(part)]
    assert sorted(rows) == sorted(tuple(row) for row in np.hstack(load(Digits(count=50))))
    assert len(parts.held_out.inputs) == 15


@pytest.mark.parametrize("task", [TwoSpirals(count=100), TwoCircles(count=100), Xor()])
def test_both_classes_have_as_many_points(task: Task):
    assert load(task, "bce").targets.mean() == 0.5
    np.testing.assert_array_equal(load(task, "softmax-cross-entropy").targets.mean(axis=0), [0.5, 0.5])


def test_xor_is_the_truth_table():
    inputs, targets = load(Xor(), "bce")
    np.testing.assert_array_equal(inputs, [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(targets, [[0], [1], [1], [0]])


@given(SEEDS)
def test_circles_without_noise_have_the_radii_one_and_one_half(seed: int):
    inputs, targets = load(TwoCircles(count=40, noise=0.0), "bce", seed)
    np.testing.assert_allclose(np.hypot(*inputs.T), np.where(targets[:, 0], 0.5, 1.0), rtol=1e-14)


@given(SEEDS, st.floats(0.1, 10.0))
def test_a_point_turned_by_half_a_turn_lies_on_the_other_arm(seed: int, turns: float):
    inputs, targets = load(TwoSpirals(count=40, noise=0.0, turns=turns), "bce", seed)
    radius = np.hypot(*inputs.T)
    arm = np.stack([np.cos(2 * np.pi * turns * radius), np.sin(2 * np.pi * turns * radius)], axis=1)
    np.testing.assert_allclose(inputs, np.where(targets, -1.0, 1.0) * radius[:, None] * arm, atol=1e-12)


def test_noise_has_the_deviation_asked_for():
    still, noisy = (load(TwoCircles(count=50_000, noise=noise), "bce", 3).inputs for noise in (0.0, 0.2))
    # 100,000 normal numbers: the deviation is known to a relative 1/sqrt(200,000) = 0.2 %, five of these are allowed
    assert np.std(noisy - still) == pytest.approx(0.2, rel=0.011)


def test_the_seed_draws_the_points():
    one, same, other = (load(TwoSpirals(), "bce", seed).inputs for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


@given(st.integers(2, 60), st.integers(1, 4), SEEDS, st.floats(1e-3, 1e6), st.floats(-1e6, 1e6))
def test_standardised_columns_have_mean_0_and_deviation_1_on_the_rows_trained_on(
    rows: int, columns: int, seed: int, scale: float, shift: float
):
    values = shift + scale * np.random.default_rng(seed).standard_normal((rows, columns))
    kept, _ = split(rows, rows // 3 if rows > 2 else 0, seed)
    scaled = standardised(values, kept, ["a"] * columns, "a.csv")
    # what subtracting the mean leaves of sixteen digits, where the rows differ by less than they are large
    lost = 1e-9 + 1e-14 * np.abs(values).max() / values[kept].std(axis=0).min()
    np.testing.assert_allclose(scaled[kept].mean(axis=0), 0.0, atol=lost)
    np.testing.assert_allclose(scaled[kept].std(axis=0), 1.0, rtol=lost)


def test_held_out_rows_do_not_move_the_mean():
    values = np.array([[1.0], [3.0], [1e6]])
    np.testing.assert_array_equal(standardised(values, np.array([0, 1]), ["a"], "a.csv")[:2], [[-1.0], [1.0]])


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ([0.1] * 10, "column 'b' of a.csv holds 0.1 in every row that is trained on"),
        ([1e308, -1e308], "column 'b' of a.csv cannot be standardised"),
        ([0.0, 5e-324], "column 'b' of a.csv cannot be standardised"),
    ],
)
def test_a_column_without_a_deviation_is_refused(column: list[float], sentence: str):
    values = np.stack([np.arange(len(column)), column], axis=1)
    with pytest.raises(DocumentError) as caught:
        standardised(values, np.arange(len(column)), ["a", "b"], "a.csv")
    assert sentence in str(caught.value)


def test_three_classes_are_one_hot_for_every_loss():
    for loss in ("bce", "mse", "softmax-cross-entropy"):
        np.testing.assert_array_equal(class_targets(np.array([2, 0]), 3, loss), [[0, 0, 1], [1, 0, 0]])
