"""Windows into flat arrays that cost nothing: an address and a shape.

`flat[a:b].reshape(r, c)` says the same, but counts references to the memory each time, which in a small layer takes
as long as the arithmetic. A window does not keep the memory alive: use it only inside a kernel that holds the array.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated


def field(context: Any, builder: Any, kind: Any, array: Any, name: str) -> ir.Value:
    """Writes code that reads one field of an array: "data", "nitems", "shape", ..."""
    return builder.extract_value(array, context.data_model_manager[kind].get_field_position(name))


def _window(context: Any, builder: Any, kinds: Any, array: Any, start: Any, shape: list[ir.Value]) -> Any:
    """Writes the array field by field, by values alone: what stands in memory first costs the compiler much time."""
    source_kind, window_kind = kinds
    itemsize = field(context, builder, source_kind, array, "itemsize")
    strides = [builder.mul(itemsize, shape[1]), itemsize] if len(shape) == 2 else [itemsize]
    fields = {
        "nitems": builder.mul(*shape) if len(shape) == 2 else shape[0],
        "itemsize": itemsize,
        "data": builder.gep(field(context, builder, source_kind, array, "data"), [start]),
        "shape": cgutils.pack_array(builder, shape),
        "strides": cgutils.pack_array(builder, strides),
    }
    model: Any = context.data_model_manager[window_kind]
    window = ir.Constant(model.get_value_type(), None)  # no counted references
    for name, value in fields.items():
        window = builder.insert_value(window, value, model.get_field_position(name))
    return window


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
