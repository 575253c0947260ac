"""A program's words by its address, and the machine's stack: memory that needs no counting."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.np.arrayobj import make_array, populate_array

from vgdesk.kernels._jit import generated
from vgdesk.kernels.formula.program import STACK_DEPTH

LANES = 32
"""How many z go through a program at once."""
_WORD = ir.IntType(64)
_ROOM = types.Array(types.float64, 1, "C")


def _loaded(builder: Any, kind: ir.Type, values: Any) -> Any:
    address, index = values
    return builder.load(builder.gep(builder.inttoptr(address, kind.as_pointer()), [index]))


@generated
def word(typing_context: Any, program: Any, index: Any) -> Any:
    """Returns a word of the program at this address."""
    return types.int64(types.int64, types.int64), lambda c, builder, s, values: _loaded(builder, _WORD, values)


@generated
def number(typing_context: Any, program: Any, index: Any) -> Any:
    """Returns a word of the program at this address, read as float64."""
    kind = ir.DoubleType()
    return types.float64(types.int64, types.int64), lambda c, builder, s, values: _loaded(builder, kind, values)


@generated
def stack_room(typing_context: Any) -> Any:
    """Returns room on the caller's own stack for `STACK_DEPTH` times `LANES` numbers."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        size, itemsize = (context.get_constant(types.intp, n) for n in (STACK_DEPTH * LANES, 8))
        data = cgutils.alloca_once(builder, ir.DoubleType(), size=size)
        room = make_array(_ROOM)(context, builder)
        populate_array(room, data=data, shape=[size], strides=[itemsize], itemsize=itemsize, meminfo=None)
        return room._getvalue()

    return _ROOM(), generate
