"""What must hold of a gradient and its signal in every draw, where the expansion in one over the width ends.

The sums over units s = g . h and t = g . 1 of `vgdesk.theory.carried` are numbers, so that their products over pairs
of examples are those of a positive matrix, and by Cauchy and Schwarz

    E[s_a^2] <= N E[|g_a|^2] E[h_a^2]      E[t_a^2] <= N E[|g_a|^2]      E[s_a s_b]^2 <= E[s_a^2] E[s_b^2]

Networks of one or two units, and examples whose signal is nothing beside others', come to these bounds.
"""

import numpy as np

_SILENT = 1e-24
"""Signals whose square is a smaller part of the largest example's have no direction."""
_TINY = 1e-300
LEAST_LEFT = 0.1
"""Of what independence gives, the least that the first order in one over the width may leave."""


def per_square(squares: np.ndarray) -> np.ndarray:
    """Returns 1 / E[h_a^2] of every example, the last axis; 0 of those without a signal, for nothing is along it."""
    least = np.maximum(_SILENT * squares.max(axis=-1, keepdims=True), _TINY)
    return np.where(squares > least, 1.0, 0.0) / np.maximum(squares, least)


def bounded_gradient(found: np.ndarray, onward: np.ndarray) -> np.ndarray:
    """Returns sums of dL/dh_a dL/dh_b; where little or nothing is left of an example's, as independence has them."""
    lost = found.diagonal() < LEAST_LEFT * onward.diagonal()
    if lost.any():
        found = np.where(lost[:, None] | lost, onward, found)
    # what normalisation leaves of nothing is rounding, of either sign
    own = np.maximum(found.diagonal(), 0.0)
    return _between(found, own, own)


def bounded_sums(
    products: tuple[np.ndarray, np.ndarray, np.ndarray], G: np.ndarray, squares: np.ndarray, width: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns E[s_a s_b], E[s_a t_b] and E[t_a t_b] within their bounds.

    Parameters
    ----------
    products
        The three, as the recursion gives them.
    G
        Sums of dL/dh_a dL/dh_b.
    squares, width
        E[h_a^2] of every example, and the number of units.
    """
    wholes, mixed, counts = products
    most = width * G.diagonal()
    by_size, by_count = within(wholes.diagonal(), most * squares), within(counts.diagonal(), most)
    if by_size is None and by_count is None:
        return products
    by_size, by_count = (np.ones(len(G)) if by is None else by for by in (by_size, by_count))
    wholes = wholes * by_size[:, None] * by_size
    mixed = mixed * by_size[:, None] * by_count
    counts = counts * by_count[:, None] * by_count
    sizes, ones = np.maximum(wholes.diagonal(), 0.0), np.maximum(counts.diagonal(), 0.0)
    return _between(wholes, sizes, sizes), _between(mixed, sizes, ones), _between(counts, ones, ones)


def within(squares: np.ndarray, most: np.ndarray) -> np.ndarray | None:
    """Returns what numbers with these mean squares are multiplied by, not to exceed the largest; 0 of negative ones.

    None where all are within their bounds.
    """
    is_more = squares > most
    if not is_more.any() and squares.min() >= 0.0:
        return None
    factor = np.where(is_more, np.sqrt(np.where(is_more, most, 0.0) / np.where(is_more, squares, 1.0)), 1.0)
    return np.where(squares >= 0.0, factor, 0.0)


def _between(products: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Returns products of two numbers, of either sign at most the root of their squares' product."""
    most = np.sqrt(rows)[:, None] * np.sqrt(columns)
    return np.minimum(np.maximum(products, -most), most)
