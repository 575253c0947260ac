"""Vectors of floating-point numbers in LLVM: the few words from which the elementary functions are written.

A `Lanes` object speaks for one number format. Its vectors are 64 bytes wide (16 float32 or 8 float64); a CPU with
narrower registers gets two or four instructions for one, LLVM sees to that.

`for_each_vector` runs a body over whole arrays of any length. Full vectors are read in place; the last, incomplete one
is copied into a buffer of full width first, so nothing beyond an array's end is ever read or written. The body stands
in the machine code once, for full and incomplete vectors alike: half the code is half the time to compile it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

VECTOR_BYTES = 64
INDEX = ir.IntType(64)
_INT32 = ir.IntType(32)


class Lanes:
    """Writes vector instructions for one number format.

    Parameters
    ----------
    builder
        LLVM's instruction builder.
    number_type
        Numba's float32 or float64.
    vector_bytes
        Width of a vector.
    """

    def __init__(self, builder: Any, number_type: types.Type, vector_bytes: int = VECTOR_BYTES) -> None:
        self.builder = builder
        self.is_single = number_type == types.float32
        self.bits, self.number = (32, ir.FloatType()) if self.is_single else (64, ir.DoubleType())
        self.bytes = self.bits // 8
        self.count = vector_bytes // self.bytes
        self.vector = ir.VectorType(self.number, self.count)
        self.integer = ir.IntType(self.bits)
        self.integers = ir.VectorType(self.integer, self.count)

    def constant(self, value: float) -> ir.Value:
        """Returns a vector with the same number in every lane."""
        return ir.Constant(self.vector, [ir.Constant(self.number, value)] * self.count)

    def everywhere(self, value: ir.Value) -> ir.Value:
        """Returns a vector with the same float64, known at run time only, in every lane."""
        number = self.builder.fptrunc(value, self.number) if self.is_single else value
        first = self.builder.insert_element(ir.Constant(self.vector, ir.Undefined), number, ir.IntType(32)(0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), self.count), [0] * self.count)
        return self.builder.shuffle_vector(first, first, places)

    def integer_constant(self, value: int) -> ir.Value:
        """Returns a vector with the same integer in every lane."""
        return ir.Constant(self.integers, [ir.Constant(self.integer, value)] * self.count)

    def call(self, name: str, *vectors: ir.Value) -> ir.Value:
        """Calls one of LLVM's vector intrinsics, e.g. "fabs" or "maxnum"."""
        kind = ir.FunctionType(self.vector, [self.vector] * len(vectors))
        full_name = f"llvm.{name}.v{self.count}f{self.bits}"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, full_name), vectors)

    def multiply_add(self, x: ir.Value, y: ir.Value, z: ir.Value) -> ir.Value:
        """Returns x*y + z, in one rounding where the CPU can."""
        return self.call("fmuladd", x, y, z)

    def polynomial(self, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
        """Returns c0 + c1 x + c2 x^2 + ... by Horner's rule."""
        value = self.constant(coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            value = self.multiply_add(value, x, self.constant(coefficient))
        return value

    def where(self, comparison: str, x: ir.Value, y: float, then: ir.Value, otherwise: ir.Value) -> ir.Value:
        """Returns `then` in the lanes where x <comparison> y holds; a NaN never compares true."""
        return self.builder.select(self.builder.fcmp_ordered(comparison, x, self.constant(y)), then, otherwise)

    def at_least(self, limit: float, x: ir.Value) -> ir.Value:
        """Returns the larger of x and the limit; NaN stays NaN."""
        return self.where("<", x, limit, self.constant(limit), x)

    def at_most(self, limit: float, x: ir.Value) -> ir.Value:
        """Returns the smaller of x and the limit; NaN stays NaN."""
        return self.where(">", x, limit, self.constant(limit), x)

    def within(self, x: ir.Value, limit: float) -> ir.Value:
        """Returns x cut off at -limit and limit; NaN stays NaN."""
        return self.at_most(limit, self.at_least(-limit, x))

    def head(self, x: ir.Value) -> ir.Value:
        """Returns x with the lower half of its digits set to 0, so that the square of the result is exact."""
        bits = self.builder.bitcast(x, self.integers)
        kept = self.builder.and_(bits, self.integer_constant(-(1 << (12 if self.is_single else 27))))
        return self.builder.bitcast(kept, self.vector)

    def load(self, address: ir.Value) -> ir.Value:
        """Reads a vector from an array's memory."""
        pointer = self.builder.bitcast(address, self.vector.as_pointer())
        return self.builder.load(pointer, align=self.bytes)

    def store(self, value: ir.Value, address: ir.Value) -> None:
        """Writes a vector into an array's memory."""
        self.builder.store(value, self.builder.bitcast(address, self.vector.as_pointer()), align=self.bytes)


def for_each_vector(
    lanes: Lanes, size: ir.Value, source: ir.Value, targets: Sequence[ir.Value], body: Callable[[ir.Value], Any]
) -> None:
    """Writes a loop that reads `source` vector by vector and stores what `body` returns into the `targets`.

    Parameters
    ----------
    size
        Number of elements of every array.
    source, targets
        Addresses of the arrays' first elements. A target may be the source itself.
    body
        Takes a vector, returns a tuple with one vector per target.
    """
    builder = lanes.builder
    width = ir.Constant(INDEX, lanes.count)
    buffers = [_buffer(lanes) for _ in (source, *targets)]
    with cgutils.for_range_slice(builder, ir.Constant(INDEX, 0), size, width) as (start, _):
        left = builder.sub(size, start)
        is_full = builder.icmp_unsigned(">=", left, width)
        places = [builder.gep(array, [start]) for array in (source, *targets)]
        with builder.if_then(builder.not_(is_full), likely=False):
            lanes.store(lanes.constant(0.0), buffers[0])
            _copy(builder, left, places[0], buffers[0])
        used = [builder.select(is_full, place, buffer) for place, buffer in zip(places, buffers, strict=True)]
        for result, target in zip(body(lanes.load(used[0])), used[1:], strict=True):
            lanes.store(result, target)
        with builder.if_then(builder.not_(is_full), likely=False):
            for place, buffer in zip(places[1:], buffers[1:], strict=True):
                _copy(builder, left, buffer, place)


def _buffer(lanes: Lanes) -> ir.Value:
    """Returns the address of room for as many numbers as a vector has."""
    buffer = cgutils.alloca_once(lanes.builder, lanes.vector)
    return lanes.builder.bitcast(buffer, lanes.number.as_pointer())


def _copy(builder: Any, size: ir.Value, source: ir.Value, target: ir.Value) -> None:
    with cgutils.for_range(builder, size) as loop:
        builder.store(builder.load(builder.gep(source, [loop.index])), builder.gep(target, [loop.index]))
