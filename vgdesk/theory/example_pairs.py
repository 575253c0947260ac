"""Half of the pairs of a batch, a <= b: what is symmetric in two examples is kept once, as the last axis of arrays."""

from functools import cache
from typing import NamedTuple

import numpy as np

BEYOND = 1.0 + 1e-10
"""Rounding may exceed a bound by this."""


class Half(NamedTuple):
    """Says where the pairs a <= b are: their a and b, place in a square, the same of (b, a), own pairs, and back."""

    row: np.ndarray
    column: np.ndarray
    place: np.ndarray
    mirrored: np.ndarray
    own: np.ndarray
    back: np.ndarray

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.place)

    def of(self, square: np.ndarray, is_mirrored: bool = False) -> np.ndarray:
        """Returns the half of arrays whose last two axes are the examples."""
        places = self.mirrored if is_mirrored else self.place
        return square.reshape(*square.shape[:-2], -1).take(places, axis=-1)

    def whole(self, half: np.ndarray) -> np.ndarray:
        """Returns the symmetric square."""
        return half.take(self.back, axis=-1)

    def both(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns numbers, whose last axis is the examples, of the first one of every pair and of the second one."""
        return numbers.take(self.row, axis=-1), numbers.take(self.column, axis=-1)

    def sums(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Returns the sums over all pairs, both (a, b) and (b, a), of products of two halves."""
        own = first.take(self.own, axis=-1) * second.take(self.own, axis=-1)
        return 2.0 * np.einsum("...x,...x->...", first, second) - own.sum(axis=-1)

    def most(self, products: np.ndarray) -> np.ndarray:
        """Returns the root of the product of both examples' own, of every pair."""
        first, second = self.both(np.sqrt(products.take(self.own, axis=-1)))
        return first * second

    def is_between(self, products: np.ndarray) -> bool:
        """Whether no product of two examples is larger than the root of their own products' product."""
        return bool(np.all(np.abs(products) <= self.most(products) * BEYOND))

    def between(self, products: np.ndarray) -> np.ndarray:
        """Returns products of two examples, of either sign at most the root of their own products' product."""
        most = self.most(products)
        return np.minimum(np.maximum(products, -most), most)


@cache
def half_of(examples: int) -> Half:
    """Returns the half of the pairs of so many examples."""
    row, column = np.triu_indices(examples)
    back = np.zeros((examples, examples), int)
    back[row, column] = back[column, row] = np.arange(len(row))
    place, mirrored = row * examples + column, column * examples + row
    return Half(row, column, place, mirrored, np.flatnonzero(row == column), back)
