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
    zero, vector, line = (ir.Constant(INDEX, value) for value in (0, n, VECTORS * n))
    final = builder.gep(source, [builder.mul(builder.sub(rows, ir.Constant(INDEX, 1)), step)])
    columns = builder.select(builder.icmp_signed("<", rows, line), rows, line)
    with cgutils.for_range_slice(builder, zero, columns, vector) as (first, _):
        begin = builder.gep(source, [builder.mul(first, step)])
        target = builder.gep(strip, [first])
        has_all_rows = builder.icmp_signed("<=", vector, builder.sub(rows, first))
        whole = builder.select(has_all_rows, builder.sub(depth, builder.srem(depth, vector)), zero)
        with cgutils.for_range_slice(builder, zero, whole, vector) as (k, _):
            _store(lanes, lanes.transposed(_whole_block(lanes, builder.gep(begin, [k]), step)), target, k)
        with cgutils.for_range_slice(builder, whole, depth, vector) as (k, _):
            at, last = (builder.gep(row, [k]) for row in (begin, final))
            block = _cut_block(lanes, at, step, last, lanes.mask(builder.sub(depth, k)))
            _store(lanes, lanes.transposed(block), target, k)


def _whole_block(lanes: MaskedLanes, at: ir.Value, step: ir.Value) -> list[ir.Value]:
    """Returns the rows of a square block that reaches over no edge."""
    block = []
    for _ in range(lanes.count):
        block.append(lanes.load(at))
        at = lanes.builder.gep(at, [step])
    return block


def _cut_block(lanes: MaskedLanes, at: ir.Value, step: ir.Value, last: ir.Value, mask: ir.Value) -> list[ir.Value]:
    """Returns the rows of a square block that reaches over an edge: the last row repeated, and zeros behind each."""
    builder, block = lanes.builder, []
    for _ in range(lanes.count):
        block.append(lanes.load(at, mask))
        following = builder.gep(at, [step])
        at = builder.select(builder.icmp_unsigned("<", following, last), following, last)
    return block


def _store(lanes: MaskedLanes, block: list[ir.Value], target: ir.Value, k: ir.Value) -> None:
    """Writes the lines k, k + 1, ... of a strip."""
    for row, vector in enumerate(block):
        line = lanes.builder.add(k, ir.Constant(INDEX, row))
        place = lanes.builder.mul(line, ir.Constant(INDEX, VECTORS * lanes.count))
        lanes.store(vector, lanes.builder.gep(target, [place]))
