"""Two products of one sum: what they add up to is written once, and does not go to memory in between.

forward_joint   z = b + h W^T + x V^T     a cell's own and its inputs' part, both packed by `dense.pack`
add_joint       C = C + A B + A' B'       what two matrices carry back
"""

from typing import Any

from llvmlite import ir
from numba.core import types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.product import NOWHERE, ONE, SAME, DenseArray, Product, call_product, rounded
from vgdesk.kernels.simd.second import SecondProduct, write_second


@generated
def forward_joint(typing_context: Any, h: Any, packed: Any, x: Any, more_packed: Any, b: Any, z: Any) -> Any:
    """Writes z = b + h W^T + x V^T and returns its sum of squares."""
    kinds = (h, packed, x, more_packed, b, z)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (_, inputs), (_, above) = of[0].shape, of[2].shape, of[5].shape
        left, right = (of[0].address, below, ONE), (NOWHERE, SAME, of[1].address, rounded(builder, h.dtype, below))
        more = SecondProduct(of[2].address, inputs, of[3].address, rounded(builder, h.dtype, inputs), inputs)
        sizes = batch, below, above, write_second(builder, more)
        product = Product(*left, *right, of[4].address, SAME, NOWHERE, of[5].address, *sizes)
        return call_product(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def add_joint(typing_context: Any, left: Any, right: Any, more_left: Any, more_right: Any, out: Any) -> Any:
    """Writes out = out + left right + more_left more_right and returns its sum of squares."""
    kinds = (left, right, more_left, more_right, out)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (rows, depth), (_, columns), (_, more_depth) = of[0].shape, of[1].shape, of[2].shape
        factors = (of[0].address, depth, ONE), (of[1].address, columns, NOWHERE, SAME)
        more = SecondProduct(of[2].address, more_depth, of[3].address, ONE, more_depth)
        sizes = rows, depth, columns, write_second(builder, more)
        product = Product(*factors[0], *factors[1], of[4].address, columns, NOWHERE, of[4].address, *sizes)
        return call_product(context, builder, left, product)[1]

    return types.float64(*kinds), generate
