"""The sum over the batch, column by column: the gradient of the biases.

    sums(j) = sum over r of delta(r, j)

A vector of columns stays in registers for all rows. Rows are summed in several chains, because each addition waits for
the one before.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.views import field

_CHAINS = 4
_ZERO, _ONE = ir.Constant(INDEX, 0), ir.Constant(INDEX, 1)


@generated
def column_sums(typing_context: Any, delta: Any, sums: Any) -> Any:
    """Writes the sums of `delta`, (rows, columns), and returns the sum of their squares."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        data, target = (
            field(context, builder, kind, value, "data") for kind, value in zip((delta, sums), values, strict=True)
        )
        shape = cgutils.unpack_tuple(builder, field(context, builder, delta, values[0], "shape"))
        return _write_sums(MaskedLanes(builder, delta.dtype), data, shape, target, lambda found, column, mask: found)

    return types.float64(delta, sums), generate


@generated
def column_descent(typing_context: Any, delta: Any, start: Any, factor: Any, out: Any) -> Any:
    """Writes start + factor times the sums of `delta`, and returns the sum of the squares of the sums alone."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        data, begin, target = (
            field(context, builder, kind, value, "data")
            for kind, value in zip((delta, start, out), (values[0], values[1], values[3]), strict=True)
        )
        shape = cgutils.unpack_tuple(builder, field(context, builder, delta, values[0], "shape"))
        lanes = MaskedLanes(builder, delta.dtype)
        scale = lanes.everywhere(values[2])

        def changed(found: ir.Value, column: ir.Value, mask: ir.Value) -> ir.Value:
            return builder.fadd(lanes.load(builder.gep(begin, [column]), mask), builder.fmul(scale, found))

        return _write_sums(lanes, data, shape, target, changed)

    return types.float64(delta, start, factor, out), generate


def _write_sums(lanes: MaskedLanes, data: Any, shape: Sequence[Any], target: Any, last: Callable[..., Any]) -> ir.Value:
    """Stores what the `last` operation makes of the sums, and returns the sum of their squares, float64."""
    builder, (rows, columns) = lanes.builder, shape
    square = cgutils.alloca_once(builder, lanes.vector)
    builder.store(lanes.constant(0.0), square)
    with cgutils.for_range_slice(builder, _ZERO, columns, ir.Constant(INDEX, lanes.count)) as (column, _):
        mask = lanes.mask(builder.sub(columns, column))
        found = _column(lanes, builder.gep(data, [column]), rows, columns, mask)
        lanes.store(last(found, column, mask), builder.gep(target, [column]), mask)
        builder.store(lanes.multiply_add(found, found, builder.load(square)), square)
    total = lanes.sum(builder.load(square))
    return builder.fpext(total, ir.DoubleType()) if lanes.is_single else total


def _column(lanes: MaskedLanes, data: ir.Value, rows: ir.Value, step: ir.Value, mask: ir.Value) -> ir.Value:
    """Returns the sums of one vector of columns."""
    builder = lanes.builder
    chains = [cgutils.alloca_once(builder, lanes.vector) for _ in range(_CHAINS)]
    for chain in chains:
        builder.store(lanes.constant(0.0), chain)

    def add(row: ir.Value, chain: ir.Value) -> None:
        vector = lanes.load(builder.gep(data, [builder.mul(row, step)]), mask)
        builder.store(builder.fadd(builder.load(chain), vector), chain)

    together = builder.sub(rows, builder.srem(rows, ir.Constant(INDEX, _CHAINS)))
    with cgutils.for_range_slice(builder, _ZERO, together, ir.Constant(INDEX, _CHAINS)) as (row, _):
        for number, chain in enumerate(chains):
            add(builder.add(row, ir.Constant(INDEX, number)), chain)
    with cgutils.for_range_slice(builder, together, rows, _ONE) as (row, _):
        add(row, chains[0])
    first, second, third, fourth = (builder.load(chain) for chain in chains)
    return builder.fadd(builder.fadd(first, second), builder.fadd(third, fourth))
