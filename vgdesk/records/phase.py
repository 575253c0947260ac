"""Rows of a phase diagram on their way to who draws it."""

import msgspec
import numpy as np


class PhaseRows(msgspec.Struct, frozen=True, kw_only=True):
    """Is a block of neighbouring rows of a phase diagram.

    Attributes
    ----------
    sigma_w, sigma_b
        The whole grid, shapes (columns,) and (rows,).
    first
        Index of the block's first row: its place in `sigma_b`.
    q, chi_1
        Variance that is reached and factor of |dL/dz|^2 per layer there, shape (rows of the block, columns).
    """

    activation: str
    sigma_w: np.ndarray
    sigma_b: np.ndarray
    first: int
    q: np.ndarray
    chi_1: np.ndarray

    @property
    def is_last(self) -> bool:
        """Whether the diagram is complete with this block."""
        return self.first + len(self.q) == len(self.sigma_b)
