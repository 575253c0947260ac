"""Matrix products by BLAS, the library that comes with SciPy: the best way for wide layers, and a way on any processor.

`np.dot` inside compiled code ends in the same routine, but its three variants of transposed arguments take most of a
second to compile. Here the routine is called under a name of our own, so that code from the disk cache finds it again
wherever it lies in memory.
"""

from typing import Any

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import get_cython_function_address
from numba.np.arrayobj import make_array

from vgdesk.kernels._jit import generated

_NAMES = {types.float32: "sgemm", types.float64: "dgemm"}
_INT32 = ir.IntType(32)

for _name in _NAMES.values():
    binding.add_symbol(f"vgdesk_{_name}", get_cython_function_address("scipy.linalg.cython_blas", _name))


@generated
def blas_product(
    typing_context: Any, left: Any, transpose_left: Any, right: Any, transpose_right: Any, out: Any
) -> Any:
    """Writes out = left right, each factor transposed where its flag says so; `out` may not overlap them."""
    return _product((left, types.boolean, right, types.boolean, out), 0.0)


@generated
def add_blas_product(
    typing_context: Any, left: Any, transpose_left: Any, right: Any, transpose_right: Any, out: Any
) -> Any:
    """Writes out = out + left right; as `blas_product` otherwise."""
    return _product((left, types.boolean, right, types.boolean, out), 1.0)


def _product(kinds: tuple[Any, ...], kept: float) -> Any:
    """Writes out = kept out + left right.

    BLAS counts by columns: there our rows are columns, and out^T = right^T left^T is asked for.
    """

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        a, b, c = (make_array(kinds[i])(context, builder, values[i]) for i in (0, 2, 4))
        (a_rows, a_columns), (_, b_columns), (rows, columns) = (
            cgutils.unpack_tuple(builder, array.shape) for array in (a, b, c)
        )
        depth = builder.select(values[1], a_rows, a_columns)
        number = context.get_value_type(kinds[0].dtype)
        one, share = (cgutils.alloca_once_value(builder, ir.Constant(number, value)) for value in (1.0, kept))
        sizes = [_slot(builder, builder.trunc(size, _INT32)) for size in (columns, rows, depth)]
        a_line, b_line, c_line = (
            _slot(builder, builder.trunc(size, _INT32)) for size in (a_columns, b_columns, columns)
        )
        flags = [_flag(builder, values[i]) for i in (3, 1)]
        arguments = [*flags, *sizes, one, b.data, b_line, a.data, a_line, share, c.data, c_line]
        kind = ir.FunctionType(ir.VoidType(), [argument.type for argument in arguments])
        name = f"vgdesk_{_NAMES[kinds[0].dtype]}"
        builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)
        return context.get_dummy_value()

    return types.void(*kinds), generate


def _slot(builder: Any, value: ir.Value) -> ir.Value:
    return cgutils.alloca_once_value(builder, value)


def _flag(builder: Any, transposed: ir.Value) -> ir.Value:
    letters = (ir.Constant(ir.IntType(8), ord(letter)) for letter in "TN")
    return _slot(builder, builder.select(transposed, *letters))
