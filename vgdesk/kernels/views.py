"""Windows into flat arrays that cost nothing: an address and a shape.

`flat[a:b].reshape(r, c)` says the same, but counts references to the memory each time, which in a small layer takes
as long as the arithmetic. A window does not keep the memory alive: use it only inside a kernel that holds the array.
"""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.np.arrayobj import make_array, populate_array

from vgdesk.kernels._jit import generated


def _window(context: Any, builder: Any, kinds: Any, array: Any, start: Any, shape: list[ir.Value]) -> Any:
    source_kind, window_kind = kinds
    source = make_array(source_kind)(context, builder, array)
    itemsize = source.itemsize
    strides = [builder.mul(itemsize, shape[1]), itemsize] if len(shape) == 2 else [itemsize]
    window = make_array(window_kind)(context, builder)
    data = builder.gep(source.data, [start])
    populate_array(window, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)
    return window._getvalue()


@generated
def matrix(typing_context: Any, flat: Any, start: Any, rows: Any, columns: Any) -> Any:
    """Returns `flat[start : start + rows * columns]` as (rows, columns); `flat` may also be a contiguous matrix."""
    kind = types.Array(flat.dtype, 2, "C")

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        return _window(context, builder, (flat, kind), values[0], values[1], [values[2], values[3]])

    return kind(flat, types.intp, types.intp, types.intp), generate


@generated
def part(typing_context: Any, flat: Any, start: Any, size: Any) -> Any:
    """Returns `flat[start : start + size]`; `flat` may also be a contiguous matrix, read row after row."""
    kind = types.Array(flat.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        return _window(context, builder, (flat, kind), values[0], values[1], [values[2]])

    return kind(flat, types.intp, types.intp), generate
