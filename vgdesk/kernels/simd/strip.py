"""The private copy of a panel's right factor: one line of two vectors per k, whatever the matrix looked like.

The forward product needs W by columns, but W lies in rows: `transpose_strip` turns it, square block by square block,
in registers. A matrix whose lines are far apart in memory meets itself in the cache; `copy_strip` brings them together.

A strip has room for whole vectors; what stands beyond the matrix's edge is never stored by `panel`.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.registers import VECTORS
from vgdesk.kernels.simd.shared import shared_function


@generated
def transpose_strip(typing_context: Any, source: Any, step: Any, rows: Any, depth: Any, strip: Any) -> Any:
    """Writes strip(k, j) = source(j, k) for k < depth and j < two vectors.

    Rows of the source beyond the last one are replaced by the last one. Numbers of the strip beyond `depth` up to a
    whole vector are overwritten.
    """

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        def write(inside: Any, arguments: Sequence[ir.Value]) -> None:
            _transpose(MaskedLanes(inside, source.dtype), *arguments)

        kind = ir.FunctionType(ir.VoidType(), [value.type for value in values])
        builder.call(shared_function(builder, f"transpose_strip_{source.dtype}", kind, write), values)
        return context.get_dummy_value()

    return types.void(source, types.intp, types.intp, types.intp, strip), generate


def _transpose(
    lanes: MaskedLanes, source: ir.Value, step: ir.Value, rows: ir.Value, depth: ir.Value, strip: ir.Value
) -> None:
    builder, n = lanes.builder, lanes.count
    zero, one, vector, line = (ir.Constant(INDEX, value) for value in (0, 1, n, VECTORS * n))
    last = builder.sub(rows, one)
    columns = builder.select(builder.icmp_signed("<", rows, line), rows, line)
    with cgutils.for_range_slice(builder, zero, columns, vector) as (first, _):
        numbers = [builder.add(first, ir.Constant(INDEX, row)) for row in range(n)]
        numbers = [builder.select(builder.icmp_signed("<", number, last), number, last) for number in numbers]
        lines = [builder.gep(source, [builder.mul(number, step)]) for number in numbers]
        with cgutils.for_range_slice(builder, zero, depth, vector) as (k, _):
            mask = lanes.mask(builder.sub(depth, k))
            block = lanes.transposed([lanes.load(builder.gep(at, [k]), mask) for at in lines])
            place = builder.gep(strip, [builder.add(first, builder.mul(k, line))])
            for row, turned in enumerate(block):
                lanes.store(turned, builder.gep(place, [ir.Constant(INDEX, row * VECTORS * n)]))
