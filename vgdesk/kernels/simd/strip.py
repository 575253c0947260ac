"""The private copy of a panel's right factor: one line of two vectors per k.

The forward product needs W by columns, but W lies in rows: it is turned square block by square block, in registers. A
strip has room for whole vectors; what stands in it beyond the matrix's edge never reaches a result.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.registers import VECTORS
from vgdesk.kernels.simd.shared import shared_function


def call_transpose(
    builder: Any, number_type: types.Type, source: Any, step: Any, rows: Any, depth: Any, strip: Any
) -> None:
    """Writes strip(k, j) = source(j, k) for k < depth and j < two vectors.

    Rows of the source beyond the last one are replaced by the last one. Numbers of the strip beyond `depth` up to a
    whole vector are overwritten.
    """

    def write(inside: Any, arguments: Sequence[ir.Value]) -> None:
        _transpose(MaskedLanes(inside, number_type), *arguments)

    given = (source, step, rows, depth, strip)
    kind = ir.FunctionType(ir.VoidType(), [value.type for value in given])
    builder.call(shared_function(builder, f"transpose_{number_type}", kind, write), given)


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
