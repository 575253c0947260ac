"""From functions on vectors to functions on arrays that Numba code can call."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types

from vgdesk.kernels.simd.lanes import Lanes, for_each_vector

VectorFunction = Callable[[Lanes, ir.Value], tuple[ir.Value, ...]]


def over_arrays(function: VectorFunction, arrays: tuple[Any, ...]) -> Any:
    """Returns Numba's (signature, code) of `function` read from the first array and written to the others.

    Arrays are one-dimensional, contiguous, of one number format and of equal length; others are refused (None). The
    results may be written over the arguments.
    """
    if not _are_alike(arrays):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        _write_loop(context, builder, function, arrays, values)
        return context.get_dummy_value()

    return types.void(*arrays), generate


def _are_alike(arrays: tuple[Any, ...]) -> bool:
    flat = all(isinstance(a, types.Array) and a.ndim == 1 and a.layout == "C" for a in arrays)
    return flat and {a.dtype for a in arrays} in ({types.float32}, {types.float64})


def _write_loop(context: Any, builder: Any, function: VectorFunction, kinds: tuple[Any, ...], values: Any) -> None:
    views = [context.make_array(kind)(context, builder, value) for kind, value in zip(kinds, values, strict=True)]
    lanes = Lanes(builder, kinds[0].dtype)
    targets = [view.data for view in views[1:]]
    for_each_vector(lanes, views[0].nitems, views[0].data, targets, lambda x: function(lanes, x))
