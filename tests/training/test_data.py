"""The bundled digits, and the order in which examples are visited."""

import numpy as np
import pytest

from vgdesk.spec.library import example
from vgdesk.spec.task import Digits
from vgdesk.training.data import BatchOrder, load


def test_digits_are_the_1797_images_of_uci():
    inputs, targets = load(Digits())
    assert inputs.shape == (1797, 64)
    assert (inputs.min(), inputs.max()) == (0.0, 1.0)
    # class counts as published with the test set
    assert list(targets.sum(axis=0)) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.all(targets.sum(axis=1) == 1.0)


def test_the_first_image_is_a_zero_with_the_published_pixels():
    inputs, targets = load(Digits(count=1))
    np.testing.assert_array_equal(inputs[0, :8] * 16, [0, 0, 5, 13, 9, 1, 0, 0])
    assert targets[0].argmax() == 0


def test_listed_examples_become_arrays():
    inputs, targets = load(example("mazur").task)
    np.testing.assert_array_equal(inputs, [[0.05, 0.1]])
    np.testing.assert_array_equal(targets, [[0.01, 0.99]])


def test_an_epoch_visits_every_example_once_and_drops_a_smaller_batch():
    rows = BatchOrder(count=10, batch=3, shuffle=True, seed=0).take(3)
    assert rows.shape == (3, 3)
    assert len(np.unique(rows)) == 9


def test_every_epoch_has_another_order():
    order = BatchOrder(count=100, batch=50, shuffle=True, seed=0)
    assert not np.array_equal(order.take(2), order.take(2))


@pytest.mark.parametrize("shuffle", [True, False])
def test_the_sequence_does_not_depend_on_how_it_is_split(shuffle):
    whole = BatchOrder(7, 2, shuffle, 5).take(20)
    split = BatchOrder(7, 2, shuffle, 5)
    np.testing.assert_array_equal(whole, np.concatenate([split.take(n) for n in (1, 0, 6, 2, 11)]))


def test_without_shuffle_examples_keep_their_order():
    np.testing.assert_array_equal(BatchOrder(5, 2, False, 0).take(3), [[0, 1], [2, 3], [0, 1]])


def test_a_full_batch_keeps_its_order_even_when_shuffled():
    np.testing.assert_array_equal(BatchOrder(3, 3, True, 0).take(2), [[0, 1, 2]] * 2)
