"""Copies of chosen rows, a vector at a time: a batch is put together from examples that lie anywhere."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.views import field

_READ, _SECOND_LEVEL, _DATA = 0, 2, 1


@generated
def copy_rows(typing_context: Any, source: Any, rows: Any, following: Any, target: Any) -> Any:
    """Copies the rows of `source` that the int64 array `rows` names into `target`, one after the other."""
    kinds = (source, rows, following, target)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        begin, names, later, out = (
            field(context, builder, kind, value, "data") for kind, value in zip(kinds, values, strict=True)
        )
        count = field(context, builder, rows, values[1], "nitems")
        _, columns = cgutils.unpack_tuple(builder, field(context, builder, source, values[0], "shape"))
        lanes = MaskedLanes(builder, source.dtype)
        step = ir.Constant(INDEX, lanes.count)
        with cgutils.for_range(builder, count) as loop:
            name = builder.load(builder.gep(names, [loop.index]))
            example, place = (
                builder.gep(data, [builder.mul(row, columns)]) for data, row in ((begin, name), (out, loop.index))
            )
            ahead = builder.gep(begin, [builder.mul(builder.load(builder.gep(later, [loop.index])), columns)])
            with cgutils.for_range_slice(builder, ir.Constant(INDEX, 0), columns, step) as (column, _):
                mask = lanes.mask(builder.sub(columns, column))
                vector = lanes.load(builder.gep(example, [column]), mask)
                lanes.store(vector, builder.gep(place, [column]), mask)
                _announce(builder, builder.gep(ahead, [column]))
        return context.get_dummy_value()

    return types.void(*kinds), generate


def _announce(builder: Any, address: Any) -> None:
    """Asks the processor to fetch a cache line that will be read; it need not be there."""
    word = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [address.type, word, word, word])
    fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(fetch, [address, *(ir.Constant(word, value) for value in (_READ, _SECOND_LEVEL, _DATA))])
