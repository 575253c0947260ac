"""The three products of a dense layer, panel by panel.

                    A             B          start    factor    C
    forward         h             W^T        b        -         z         (batch, out)
    backward        delta         W          0        slope     dh        (batch, in)
    gradient        delta^T       h          0        mask      dW        (out, in)

Only the forward product needs a copy of B, turned into a strip; the others read it where it lies.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.np.arrayobj import make_array

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.panel import Operands, call_panel
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.strip import call_transpose

_ONE = ir.Constant(INDEX, 1)
Panels = Callable[[ir.Value, ir.Value], Operands]


class _Array:
    """Is an array in the code being written: where it begins, its shape, and addresses inside."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        array = make_array(kind)(context, builder, value)
        self._builder, self.data, self._size = builder, array.data, array.nitems
        self.shape = cgutils.unpack_tuple(builder, array.shape)

    def at(self, place: ir.Value) -> ir.Value:
        """Returns the address of a number."""
        return self._builder.gep(self.data, [place])

    def at_if_any(self, place: ir.Value) -> ir.Value:
        """Returns the same, but null for an array without numbers."""
        some = self._builder.icmp_signed("!=", self._size, ir.Constant(INDEX, 0))
        return self._builder.select(some, self.at(place), self.null)

    @property
    def null(self) -> ir.Value:
        """The address that means nothing."""
        return ir.Constant(self.data.type, None)


def _width(kind: Any) -> ir.Value:
    return ir.Constant(INDEX, VECTORS * registers().vector_bytes // (kind.dtype.bitwidth // 8))


def _all_panels(context: Any, builder: Any, kind: Any, columns: ir.Value, operands: Panels) -> list[ir.Value]:
    """Writes all panels of a product and returns its sums of squares; `operands(first column, columns from there)`."""
    zero = ir.Constant(ir.DoubleType(), 0.0)
    totals = [cgutils.alloca_once_value(builder, zero) for _ in ("before", "after")]
    for total in totals:
        builder.store(zero, total)
    with cgutils.for_range_slice(builder, ir.Constant(INDEX, 0), columns, _width(kind)) as (first, _):
        squares = call_panel(context, builder, kind.dtype, operands(first, builder.sub(columns, first)))
        for total, square in zip(totals, squares, strict=True):
            builder.store(builder.fadd(builder.load(total), square), total)
    return [builder.load(total) for total in totals]


@generated
def forward(typing_context: Any, h: Any, W: Any, b: Any, z: Any, strip: Any) -> Any:
    """Writes z = h W^T + b and returns its sum of squares."""
    kinds = (h, W, b, z, strip)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (above, _), null = of[0].shape, of[1].shape, of[0].null

        def operands(first: ir.Value, columns: ir.Value) -> Operands:
            lines = of[1].at(builder.mul(first, below))
            call_transpose(context, builder, h.dtype, lines, below, columns, below, of[4].data)
            right, start, out = (of[4].data, _width(h)), of[2].at(first), of[3].at(first)
            return Operands(of[0].data, below, _ONE, *right, start, null, out, above, batch, below, columns)

        return _all_panels(context, builder, h, above, operands)[1]

    return types.float64(*kinds), generate


@generated
def backward(typing_context: Any, delta: Any, W: Any, slope: Any, dh: Any) -> Any:
    """Writes dh = (delta W) * slope and returns the sums of squares before and after the factor."""
    kinds = (delta, W, slope, dh)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, above), (_, below), null = of[0].shape, of[1].shape, of[0].null

        def operands(first: ir.Value, columns: ir.Value) -> Operands:
            right, factor, out = (of[1].at(first), below), of[2].at_if_any(first), of[3].at(first)
            return Operands(of[0].data, above, _ONE, *right, null, factor, out, below, batch, above, columns)

        squares = _all_panels(context, builder, delta, below, operands)
        return context.make_tuple(builder, signature.return_type, squares)

    return types.UniTuple(types.float64, 2)(*kinds), generate


@generated
def gradient(typing_context: Any, delta: Any, h: Any, mask: Any, dW: Any) -> Any:
    """Writes dW = (delta^T h) * mask and returns its sum of squares."""
    kinds = (delta, h, mask, dW)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, above), (_, below), null = of[0].shape, of[1].shape, of[0].null

        def operands(first: ir.Value, columns: ir.Value) -> Operands:
            right, factor, out = (of[1].at(first), below), of[2].at_if_any(first), of[3].at(first)
            return Operands(of[0].data, _ONE, above, *right, null, factor, out, below, above, batch, columns)

        return _all_panels(context, builder, delta, below, operands)[1]

    return types.float64(*kinds), generate
