"""The private copy of a panel's right factor: one line of two vectors per k.

The forward product needs W by columns, but W lies in rows: it is turned square block by square block, in registers. A
strip has room for whole vectors; what stands in it beyond the matrix's edge never reaches a result.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.late_binding import Shared
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.registers import VECTORS


def call_transpose(
    context: Any, builder: Any, number_type: types.Type, source: Any, step: Any, rows: Any, depth: Any, strip: Any
) -> None:
    """Writes strip(k, j) = source(j, k) for k < depth and j < two vectors.

    Rows of the source beyond the last one are replaced by the last one. Numbers of the strip beyond `depth` up to a
    whole vector are overwritten.
    """
    source, strip = (builder.ptrtoint(address, INDEX) for address in (source, strip))
    number = ir.Constant(context.get_value_type(number_type), 0.0)
    _transposes.call(context, builder, number_type, [number, source, step, rows, depth, strip])


def _turn(number, source, step, rows, depth, strip):
    _write(number, source, step, rows, depth, strip)


@generated
def _write(typing_context: Any, number: Any, source: Any, step: Any, rows: Any, depth: Any, strip: Any) -> Any:
    kinds = (number, source, step, rows, depth, strip)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        address = context.get_value_type(number).as_pointer()
        _, source, step, rows, depth, strip = values
        source, strip = builder.inttoptr(source, address), builder.inttoptr(strip, address)
        _transpose(MaskedLanes(builder, number), source, step, rows, depth, strip)
        return context.get_dummy_value()

    return types.void(*kinds), generate


_transposes = Shared("transpose", [_turn], lambda number, _: types.void(number, *[types.int64] * 5))


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
