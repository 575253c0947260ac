"""How a kernel looks whether it should leave off. Compiled code knows the place by its symbol, in every process."""

from typing import Any

from llvmlite import binding, ir
from numba.core import types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.interruption import ADDRESS

_SYMBOL = "vgdesk_interruption"
_WORD = ir.IntType(64)
_ALIGNMENT = 8
binding.add_symbol(_SYMBOL, ADDRESS)


@generated
def interrupted(typing_context: Any) -> Any:
    """Tells a kernel whether to leave off."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        place = builder.module.globals.get(_SYMBOL) or ir.GlobalVariable(builder.module, _WORD, _SYMBOL)
        word = builder.load_atomic(place, "monotonic", _ALIGNMENT)  # an ordinary load might be made once for all
        return builder.icmp_signed("!=", word, ir.Constant(_WORD, 0))

    return types.boolean(), generate
