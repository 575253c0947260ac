"""Sums of delta times few inputs, and of delta itself, in one pass: the gradient of a layer that reads little.

    sums(i, j) = sum over k of h(k, i) delta(k, j)   for the inputs i = 0, 1, ...;   the last line is sum of delta(k, j)

Where a layer reads one to three numbers, the product delta^T h would leave its vectors nearly empty. Here vectors are
full of units: each one of delta is read once and serves all inputs. Two rows are summed apart, because each addition
waits for the one before.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.np.arrayobj import make_array

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes

INPUTS = 3
"""For so many inputs there are registers."""

_APART = 2
_FEWER = 2
"""Where there are no more inputs than these, the third is left out; one alone is taken twice and written once."""
_ZERO, _ONE = ir.Constant(INDEX, 0), ir.Constant(INDEX, 1)


@generated
def thin_sums(typing_context: Any, delta: Any, h: Any, sums: Any) -> Any:
    """Writes the sums; `h` has at most INPUTS columns, `sums` is flat: a line of units per input, and one more."""
    kinds = (delta, h, sums)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        arrays = [make_array(kind)(context, builder, value) for kind, value in zip(kinds, values, strict=True)]
        (rows, units), (_, inputs) = (cgutils.unpack_tuple(builder, array.shape) for array in arrays[:2])
        lanes = MaskedLanes(builder, delta.dtype)
        given = (arrays[0].data, units, rows), (arrays[1].data, inputs), arrays[2].data
        is_fewer = builder.icmp_signed("<=", inputs, ir.Constant(INDEX, _FEWER))
        with builder.if_else(is_fewer) as (fewer, all_inputs):
            with fewer:
                _all_columns(lanes, *given, _FEWER)
            with all_inputs:
                _all_columns(lanes, *given, INPUTS)
        return context.get_dummy_value()

    return types.void(*kinds), generate


def _all_columns(
    lanes: MaskedLanes, delta: tuple[Any, Any, Any], h: tuple[Any, Any], sums: ir.Value, most: int
) -> None:
    """Writes all sums where there are at most so many inputs."""
    builder, (data, units, rows), inputs = lanes.builder, delta, h[1]
    with cgutils.for_range_slice(builder, _ZERO, units, ir.Constant(INDEX, lanes.count)) as (unit, _):
        mask = lanes.mask(builder.sub(units, unit))
        found = _column(lanes, (builder.gep(data, [unit]), units, rows), h, mask, most)
        target = builder.gep(sums, [unit])
        for number, vector in enumerate(found[:-1]):
            with builder.if_then(builder.icmp_signed("<", ir.Constant(INDEX, number), inputs)):
                line = builder.mul(units, ir.Constant(INDEX, number))
                lanes.store(vector, builder.gep(target, [line]), mask)
        lanes.store(found[-1], builder.gep(target, [builder.mul(units, inputs)]), mask)


def _column(
    lanes: MaskedLanes, delta: tuple[Any, Any, Any], h: tuple[Any, Any], mask: ir.Value, most: int
) -> list[ir.Value]:
    """Returns the sums of one vector of units: one for each of `most` inputs, then that of delta."""
    builder, (data, step, rows), (numbers, inputs) = lanes.builder, delta, h
    slots = [[cgutils.alloca_once(builder, lanes.vector) for _ in range(most + 1)] for _ in range(_APART)]
    for slot in (slot for line in slots for slot in line):
        builder.store(lanes.constant(0.0), slot)
    last = builder.sub(inputs, _ONE)
    columns = [ir.Constant(INDEX, number) for number in range(most)]
    columns = [builder.select(builder.icmp_signed("<", column, last), column, last) for column in columns]

    def add(row: ir.Value, line: list[ir.Value]) -> None:
        vector = lanes.load(builder.gep(data, [builder.mul(row, step)]), mask)
        first = builder.gep(numbers, [builder.mul(row, inputs)])
        for column, slot in zip(columns, line, strict=False):
            number = lanes.spread(builder.load(builder.gep(first, [column])))
            builder.store(lanes.multiply_add(number, vector, builder.load(slot)), slot)
        builder.store(builder.fadd(vector, builder.load(line[-1])), line[-1])

    together = builder.sub(rows, builder.srem(rows, ir.Constant(INDEX, _APART)))
    with cgutils.for_range_slice(builder, _ZERO, together, ir.Constant(INDEX, _APART)) as (row, _):
        for number, line in enumerate(slots):
            add(builder.add(row, ir.Constant(INDEX, number)), line)
    with cgutils.for_range_slice(builder, together, rows, _ONE) as (row, _):
        add(row, slots[0])
    return [builder.fadd(*(builder.load(slot) for slot in pair)) for pair in zip(*slots, strict=True)]
