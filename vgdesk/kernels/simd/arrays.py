"""From functions on vectors to functions on arrays that Numba code can call.

A step of a function waits for the step before, so the processor is kept busy by four vectors at once: a sixth faster
than one by one. What is left of an array at its end is taken one vector by one, and its last lanes are masked, so
nothing beyond the end is ever read or written.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels.simd.lanes import INDEX, Lanes
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.registers import registers

VectorFunction = Callable[[Lanes, ir.Value], tuple[ir.Value, ...]]
AT_ONCE = 4


def over_arrays(function: VectorFunction, arrays: tuple[Any, ...], at_once: int = AT_ONCE) -> Any:
    """Returns Numba's (signature, code) of `function` read from the first array and written to the others.

    Arrays are one-dimensional, contiguous, of one number format and of equal length; others are refused (None). The
    results may be written over the arguments. A function with so many constants that the registers do not hold them is
    faster with fewer vectors `at_once`.
    """
    if not _are_alike(arrays):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        number = arrays[0].dtype
        several, single = Lanes(builder, number, at_once * registers().vector_bytes), MaskedLanes(builder, number)
        views = [context.make_array(kind)(context, builder, value) for kind, value in zip(arrays, values, strict=True)]
        size, places = views[0].nitems, [view.data for view in views]
        whole = builder.sub(size, builder.srem(size, ir.Constant(INDEX, several.count)))
        _write_loop(several, function, ir.Constant(INDEX, 0), whole, places)
        _write_loop(single, function, whole, size, places, is_cut=True)
        return context.get_dummy_value()

    return types.void(*arrays), generate


def _are_alike(arrays: tuple[Any, ...]) -> bool:
    flat = all(isinstance(a, types.Array) and a.ndim == 1 and a.layout == "C" for a in arrays)
    return flat and {a.dtype for a in arrays} in ({types.float32}, {types.float64})


def _write_loop(
    lanes: Any, function: VectorFunction, first: Any, end: Any, places: Sequence[Any], is_cut: bool = False
) -> None:
    """Writes the loop over the vectors from `first` to `end`; the last may be `is_cut` off by the end."""
    builder = lanes.builder
    with cgutils.for_range_slice(builder, first, end, ir.Constant(INDEX, lanes.count)) as (start, _):
        masks = (lanes.mask(builder.sub(end, start)),) if is_cut else ()
        source, *targets = (builder.gep(place, [start]) for place in places)
        for result, target in zip(function(lanes, lanes.load(source, *masks)), targets, strict=True):
            lanes.store(result, target, *masks)
