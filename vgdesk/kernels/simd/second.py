"""A second product added to a first, A B + A' B': it is handed on in memory, so that all others pay nothing for it."""

from typing import Any, NamedTuple

from llvmlite import ir
from numba.core import cgutils

from vgdesk.kernels.simd.lanes import INDEX


class SecondProduct(NamedTuple):
    """Names what a second product is made of.

    Attributes
    ----------
    left, row_step, depth
        As of `operands.Operands`; `left` as an integer. Steps that are not named are those of the first product.
    right, panel_step
        Where its right factor begins, as an integer, and how far apart the beginnings of two columns' panels are.
    """

    left: Any
    row_step: Any
    right: Any
    panel_step: Any
    depth: Any


def write_second(builder: Any, product: SecondProduct) -> ir.Value:
    """Writes it into memory and returns the address, as an integer."""
    place = cgutils.alloca_once(builder, INDEX, size=len(product))
    for number, value in enumerate(product):
        builder.store(value, builder.gep(place, [ir.Constant(INDEX, number)]))
    return builder.ptrtoint(place, INDEX)


def read_second(builder: Any, place: ir.Value) -> SecondProduct:
    """Reads it from there."""
    addresses = (builder.gep(place, [ir.Constant(INDEX, number)]) for number in range(len(SecondProduct._fields)))
    return SecondProduct(*(builder.load(address) for address in addresses))
