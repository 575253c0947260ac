"""What one panel of a product is made of (see `panel`): addresses, steps and sizes."""

from typing import Any, NamedTuple


class Operands(NamedTuple):
    """Names what a panel is made of; steps are counted in numbers, the addresses are those of the panel itself.

    Attributes
    ----------
    left, row_step, depth_step
        Address of A(0, 0), and how far apart two rows and two k are: the same code reads A and its transpose.
    right, right_step
        Address of B(0, 0) of this panel, and how far apart two k are.
    start, start_step
        Address of the panel's first starting number, or null to start from 0; how far apart those of two rows are. The
        result may be written over them.
    factor, out, out_step
        Addresses of the panel's first factor (or null) and result, and how far apart two rows are in both.
    rows, depth, columns
        Sizes; at most two vectors of the columns belong to this panel.
    more, first
        Address of what the second product is made of (see `second`), or null; the panel's first column.
    base, scale
        Address of the panel's first number that the scaled result is added to (or null), in rows as far apart as those
        of the result; and the scale, one number.
    """

    left: Any
    row_step: Any
    depth_step: Any
    right: Any
    right_step: Any
    start: Any
    start_step: Any
    factor: Any
    out: Any
    out_step: Any
    rows: Any
    depth: Any
    columns: Any
    more: Any
    first: Any
    base: Any
    scale: Any
