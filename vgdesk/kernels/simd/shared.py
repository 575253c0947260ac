"""Functions that several places of one kernel share, so that their code is compiled once."""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir


def shared_function(
    builder: Any, name: str, kind: ir.FunctionType, write: Callable[[Any, Sequence[ir.Value]], Any]
) -> Any:
    """Returns the function `name` of the builder's module; where it is new, `write(builder, arguments)` writes it.

    What `write` returns is the function's result; None makes a function without result.
    """
    known = builder.module.globals.get(name)
    if known is not None:
        return known
    function = ir.Function(builder.module, kind, name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    inside = ir.IRBuilder(function.append_basic_block("entry"))
    result = write(inside, function.args)
    if result is None:
        inside.ret_void()
    else:
        inside.ret(result)
    return function
