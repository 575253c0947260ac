"""Flush-to-zero: how the CPU treats numbers below the smallest normal one while a kernel runs.

A product of subnormal numbers takes 200 times longer on x86, and vanishing gradients are where subnormals come from.
The scaled back-propagation keeps every number that matters normal, so the switch changes speed, not results. MXCSR is
the x86 control register: bit 15 flushes results, bit 6 flushes arguments. On other processors nothing is done.
"""

import platform
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated

FLUSH = 0x8040
_IS_X86 = platform.machine().lower() in ("x86_64", "amd64", "i386", "i686")


def _access(builder: Any, instruction: str, slot: ir.Value) -> None:
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.sse.{instruction}")
    builder.call(function, [builder.bitcast(slot, ir.IntType(8).as_pointer())])


def read_control(builder: Any) -> ir.Value:
    """Writes code that reads the control register (0 on processors other than x86)."""
    slot = cgutils.alloca_once_value(builder, ir.Constant(ir.IntType(32), 0))
    if _IS_X86:
        _access(builder, "stmxcsr", slot)
    return builder.load(slot)


def write_control(builder: Any, mode: ir.Value) -> None:
    """Writes code that sets the control register."""
    if _IS_X86:
        _access(builder, "ldmxcsr", cgutils.alloca_once_value(builder, mode))


@generated
def read_mode(typing_context: Any) -> Any:
    """Returns the control register (0 on processors other than x86)."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        return read_control(builder)

    return types.uint32(), generate


@generated
def write_mode(typing_context: Any, mode: Any) -> Any:
    """Sets the control register, e.g. `write_mode(read_mode() | FLUSH)`; does nothing elsewhere than on x86."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        write_control(builder, values[0])
        return context.get_dummy_value()

    return types.void(types.uint32), generate
