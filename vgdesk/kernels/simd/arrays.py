"""From functions on vectors to functions on arrays that Numba code can call."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types

from vgdesk.kernels.simd.lanes import VECTOR_BYTES, Lanes, for_each_vector
from vgdesk.kernels.simd.registers import registers

VectorFunction = Callable[[Lanes, ir.Value], tuple[ir.Value, ...]]


def over_arrays(function: VectorFunction, arrays: tuple[Any, ...], in_pairs: bool = True) -> Any:
    """Returns Numba's (signature, code) of `function` read from the first array and written to the others.

    Arrays are one-dimensional, contiguous, of one number format and of equal length; others are refused (None). The
    results may be written over the arguments.

    A step of a function waits for the step before, so the processor is kept busy by two vectors `in_pairs`: a tenth
    faster, unless the function has so many constants that the registers do not hold them.
    """
    if not _are_alike(arrays):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        lanes = Lanes(builder, arrays[0].dtype, _paired_bytes() if in_pairs else VECTOR_BYTES)
        _write_loop(context, lanes, function, arrays, values)
        return context.get_dummy_value()

    return types.void(*arrays), generate


def _are_alike(arrays: tuple[Any, ...]) -> bool:
    flat = all(isinstance(a, types.Array) and a.ndim == 1 and a.layout == "C" for a in arrays)
    return flat and {a.dtype for a in arrays} in ({types.float32}, {types.float64})


def _paired_bytes() -> int:
    return max(VECTOR_BYTES, 2 * registers().vector_bytes)


def _write_loop(context: Any, lanes: Lanes, function: VectorFunction, kinds: tuple[Any, ...], values: Any) -> None:
    builder = lanes.builder
    views = [context.make_array(kind)(context, builder, value) for kind, value in zip(kinds, values, strict=True)]
    targets = [view.data for view in views[1:]]
    for_each_vector(lanes, views[0].nitems, views[0].data, targets, lambda x: function(lanes, x))
