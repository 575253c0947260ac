"""From a function on vectors to one pass over the rows of a cell's gates, each gate's units side by side.

An array of g gates has g*H numbers in a row; the pass takes the units of a row vector by vector, all gates of the same
units together. Behind the last whole vector lanes are masked, neither read nor written; masks everywhere would slow a
pass down by a tenth.
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
        totals = _Pass(lanes, places, width, (written, body, squared)).write(rows)
        return context.make_tuple(builder, result, totals) if squared else context.get_dummy_value()

    return result(types.int64, *kinds), generate


class _Pass:
    """Writes the loops of a pass; `places` says of each array where its data begin and how many gates it has."""

    def __init__(self, lanes: MaskedLanes, places: Mapping[str, tuple[Any, int]], width: Any, what: Any) -> None:
        self._lanes, self._places, self._width, self._builder = lanes, places, width, lanes.builder
        self._written, self._body, squared = what
        self._totals = {name: cgutils.alloca_once(self._builder, lanes.vector) for name in squared}

    def write(self, rows: Any) -> list[Any]:
        """Writes the pass over so many rows and returns the sums of squares."""
        builder, lanes = self._builder, self._lanes
        for total in self._totals.values():
            builder.store(lanes.constant(0.0), total)
        zero, step = ir.Constant(INDEX, 0), ir.Constant(INDEX, lanes.count)
        whole = builder.sub(self._width, builder.srem(self._width, step))
        with cgutils.for_range(builder, rows) as row:
            with cgutils.for_range_slice(builder, zero, whole, step) as (unit, _):
                self._vectors(row.index, unit, None)
            with builder.if_then(builder.icmp_signed("<", whole, self._width)):
                self._vectors(row.index, whole, lanes.mask(builder.sub(self._width, whole)))
        sums = [lanes.sum(builder.load(total)) for total in self._totals.values()]
        return [builder.fpext(total, ir.DoubleType()) if lanes.is_single else total for total in sums]

    def _vectors(self, row: Any, unit: Any, mask: Any) -> None:
        """Writes the pass over one vector of units."""
        builder, lanes = self._builder, self._lanes
        addresses = {name: self._addresses(place, row, unit) for name, place in self._places.items()}
        given = {name: [lanes.load(address, mask) for address in places] for name, places in addresses.items()}
        found = self._body(lanes, given)
        for name in self._written:
            for vector, address in zip(found[name], addresses[name], strict=True):
                if vector is not None:
                    lanes.store(vector, address, mask)
        for name, total in self._totals.items():
            for vector in found[name]:
                builder.store(lanes.add_square(vector, builder.load(total), mask), total)

    def _addresses(self, place: tuple[Any, int], row: Any, unit: Any) -> list[Any]:
        """Returns where the vectors of a row's gates begin."""
        (data, count), builder, width = place, self._builder, self._width
        first = builder.add(builder.mul(row, builder.mul(width, ir.Constant(INDEX, count))), unit)
        gates = [builder.mul(width, ir.Constant(INDEX, gate)) for gate in range(count)]
        return [builder.gep(data, [builder.add(first, gate)]) for gate in gates]
