"""The products of a dense layer and of a cell, panel by panel.

                    A             B          start    factor    C
    forward         h             W^T        b        -         z         (batch, out)
    backward        delta         W          0        slope     dh        (batch, in)
    gradient        delta^T       h          0        mask      dW        (out, in)
    descent         delta^T       h          0        -         W' = W + factor dW
    add_gradient    delta^T       h          dW       mask      dW
    add_product     A             B          C        -         C
    add_packed      h             W^T        z        -         z         with W^T packed by `pack`
    forward_packed  h             W^T        b        -         z         the same
    forward_joint   h, x          W^T, V^T   b        -         z         the same, both
    add_joint       A, A'         B, B'      C        -         C

All of them are calls of one function (see `product`); the last two are in `joint`. Only W^T needs a copy, turned into
strips; the other B are read where they lie.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.product import NOWHERE, ONE, SAME, SQUARES, DenseArray, Product, call_product, rounded
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.strip import call_transpose


@generated
def forward(typing_context: Any, h: Any, W: Any, b: Any, z: Any, strip: Any) -> Any:
    """Writes z = h W^T + b and returns its sum of squares."""
    kinds = (h, W, b, z, strip)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (above, _) = of[0].shape, of[1].shape
        left, right = (of[0].address, below, ONE), (of[1].address, below, of[4].address, SAME)
        product = Product(*left, *right, of[2].address, SAME, NOWHERE, of[3].address, batch, below, above)
        return call_product(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def backward(typing_context: Any, delta: Any, W: Any, slope: Any, dh: Any) -> Any:
    """Writes dh = (delta W) * slope and returns the sums of squares before and after the factor."""
    kinds = (delta, W, slope, dh)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, above), (_, below) = of[0].shape, of[1].shape
        left, right = (of[0].address, above, ONE), (of[1].address, below, NOWHERE, SAME)
        product = Product(*left, *right, NOWHERE, SAME, of[2].address_if_any, of[3].address, batch, above, below)
        return context.make_tuple(builder, signature.return_type, call_product(context, builder, delta, product))

    return SQUARES(*kinds), generate


@generated
def gradient(typing_context: Any, delta: Any, h: Any, mask: Any, dW: Any) -> Any:
    """Writes dW = (delta^T h) * mask and returns its sum of squares."""
    return _gradient((delta, h, mask, dW), is_added=False)


@generated
def add_gradient(typing_context: Any, delta: Any, h: Any, mask: Any, dW: Any) -> Any:
    """Writes dW = (dW + delta^T h) * mask and returns its sum of squares."""
    return _gradient((delta, h, mask, dW), is_added=True)


def _gradient(kinds: tuple[Any, ...], is_added: bool) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, above), (_, below) = of[0].shape, of[1].shape
        left, right = (of[0].address, ONE, above), (of[1].address, below, NOWHERE, SAME)
        start = (of[3].address, below) if is_added else (NOWHERE, SAME)
        product = Product(*left, *right, *start, of[2].address_if_any, of[3].address, above, batch, below)
        return call_product(context, builder, kinds[0], product)[1]

    return types.float64(*kinds), generate


@generated
def descent(typing_context: Any, delta: Any, h: Any, W: Any, factor: Any, out: Any) -> Any:
    """Writes out = W + factor (delta^T h) and returns the sum of squares of the product; `out` may not be `W`."""
    kinds = (delta, h, W, factor, out)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        given = zip((delta, h, W, out), (*values[:3], values[4]), strict=True)
        of = [DenseArray(context, builder, kind, value) for kind, value in given]
        (batch, above), (_, below) = of[0].shape, of[1].shape
        left, right = (of[0].address, ONE, above), (of[1].address, below, NOWHERE, SAME)
        product = Product(*left, *right, NOWHERE, SAME, NOWHERE, of[3].address, above, batch, below)
        product = product._replace(base=of[2].address, scale=builder.bitcast(values[3], INDEX))
        return call_product(context, builder, delta, product)[1]

    return types.float64(*kinds), generate


@generated
def add_product(typing_context: Any, left: Any, right: Any, out: Any) -> Any:
    """Writes out = out + left right and returns its sum of squares."""
    kinds = (left, right, out)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (rows, depth), (_, columns) = of[0].shape, of[1].shape
        factors = (of[0].address, depth, ONE), (of[1].address, columns, NOWHERE, SAME)
        start = (of[2].address, columns)
        product = Product(*factors[0], *factors[1], *start, NOWHERE, of[2].address, rows, depth, columns)
        return call_product(context, builder, left, product)[1]

    return types.float64(*kinds), generate


@generated
def add_packed(typing_context: Any, h: Any, packed: Any, z: Any) -> Any:
    """Writes z = z + h W^T, where `packed` is what `pack` made of W, and returns its sum of squares."""
    kinds = (h, packed, z)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (_, above) = of[0].shape, of[2].shape
        left, right = (of[0].address, below, ONE), (NOWHERE, SAME, of[1].address, rounded(builder, h.dtype, below))
        product = Product(*left, *right, of[2].address, above, NOWHERE, of[2].address, batch, below, above)
        return call_product(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def forward_packed(typing_context: Any, h: Any, packed: Any, b: Any, z: Any) -> Any:
    """Writes z = h W^T + b, where `packed` is what `pack` made of W, and returns its sum of squares."""
    kinds = (h, packed, b, z)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [DenseArray(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (_, above) = of[0].shape, of[3].shape
        left, right = (of[0].address, below, ONE), (NOWHERE, SAME, of[1].address, rounded(builder, h.dtype, below))
        product = Product(*left, *right, of[2].address, SAME, NOWHERE, of[3].address, batch, below, above)
        return call_product(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def pack(typing_context: Any, W: Any, packed: Any) -> Any:
    """Writes W^T into strips, one per panel of W's rows; `packed` has `registers.packed_size` numbers."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        source, target = (
            DenseArray(context, builder, kind, value) for kind, value in zip((W, packed), values, strict=True)
        )
        (above, below), number = source.shape, W.dtype
        pointer = context.get_value_type(number).as_pointer()
        start, strips = (builder.inttoptr(array.address, pointer) for array in (source, target))
        width = ir.Constant(INDEX, VECTORS * registers().vector_bytes // (number.bitwidth // 8))
        with cgutils.for_range_slice(builder, NOWHERE, above, width) as (first, _):
            lines = builder.gep(start, [builder.mul(first, below)])
            strip = builder.gep(strips, [builder.mul(first, rounded(builder, number, below))])
            call_transpose(builder, number, lines, below, builder.sub(above, first), below, strip)
        return context.get_dummy_value()

    return types.void(W, packed), generate
