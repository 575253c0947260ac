"""From a function on vectors to one pass over the rows of a cell's gates, each gate's units side by side.

An array of g gates has g*H numbers in a row; the pass takes the units of a row vector by vector, all gates of the same
units together. Lanes beyond the last unit are masked, neither read nor written.
"""

from collections.abc import Callable, Mapping
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes

Vectors = dict[str, list[Any]]
"""For each array one vector per gate."""

Body = Callable[[MaskedLanes, Vectors], Vectors]


def over_rows(
    arrays: Mapping[str, tuple[Any, int]], written: tuple[str, ...], body: Body, squared: tuple[str, ...] = ()
) -> Any:
    """Returns Numba's (signature, code) of a pass that is called with the width H and then the arrays.

    Parameters
    ----------
    arrays
        By name: Numba's type, flat, and the number of gates. All have the same number of rows.
    written
        The arrays that `body` returns vectors for; the others are read. One may be both.
    body
        Takes the lanes and the vectors of all arrays, returns those to be written; None for a gate left as it is.
    squared
        Of which of the written arrays the pass returns the sum of squares, float64.
    """
    kinds = [kind for kind, _ in arrays.values()]
    result = types.UniTuple(types.float64, len(squared)) if squared else types.void

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        views = [
            context.make_array(kind)(context, builder, value) for kind, value in zip(kinds, values[1:], strict=True)
        ]
        lanes, width = MaskedLanes(builder, kinds[0].dtype), values[0]
        gates = [count for _, count in arrays.values()]
        rows = builder.sdiv(views[0].nitems, builder.mul(width, ir.Constant(INDEX, gates[0])))
        places = {name: (view.data, count) for name, view, count in zip(arrays, views, gates, strict=True)}
        totals = _write_pass(lanes, rows, width, places, (written, body, squared))
        return context.make_tuple(builder, result, totals) if squared else context.get_dummy_value()

    return result(types.int64, *kinds), generate


def _write_pass(
    lanes: MaskedLanes, rows: Any, width: Any, places: Mapping[str, tuple[Any, int]], what: Any
) -> list[Any]:
    builder, (written, body, squared) = lanes.builder, what
    totals = [cgutils.alloca_once_value(builder, lanes.constant(0.0)) for _ in squared]
    for total in totals:
        builder.store(lanes.constant(0.0), total)
    with cgutils.for_range(builder, rows) as row:
        step = ir.Constant(INDEX, lanes.count)
        with cgutils.for_range_slice(builder, ir.Constant(INDEX, 0), width, step) as (unit, _):
            mask = lanes.mask(builder.sub(width, unit))
            addresses = {name: _addresses(builder, place, row.index, width, unit) for name, place in places.items()}
            given = {name: [lanes.load(address, mask) for address in addresses[name]] for name in places}
            found = body(lanes, given)
            for name in written:
                for vector, address in zip(found[name], addresses[name], strict=True):
                    if vector is not None:
                        lanes.store(vector, address, mask)
            for name, total in zip(squared, totals, strict=True):
                for vector in found[name]:
                    builder.store(lanes.add_square(vector, builder.load(total), mask), total)
    sums = [lanes.sum(builder.load(total)) for total in totals]
    return [builder.fpext(total, ir.DoubleType()) if lanes.is_single else total for total in sums]


def _addresses(builder: Any, place: tuple[Any, int], row: Any, width: Any, unit: Any) -> list[Any]:
    """Returns where the vectors of a row's gates begin."""
    data, count = place
    first = builder.add(builder.mul(row, builder.mul(width, ir.Constant(INDEX, count))), unit)
    return [
        builder.gep(data, [builder.add(first, builder.mul(width, ir.Constant(INDEX, gate)))]) for gate in range(count)
    ]
