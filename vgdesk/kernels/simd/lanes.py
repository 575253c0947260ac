"""Vectors of floating-point numbers in LLVM: the few words from which the elementary functions are written.

A `Lanes` object speaks for one number format and one width of its vectors; a CPU with narrower registers gets two or
more instructions for one, LLVM sees to that.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

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

    def __init__(self, builder: Any, number_type: types.Type, vector_bytes: int) -> None:
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
        first = self.builder.insert_element(ir.Constant(self.vector, ir.Undefined), number, _INT32(0))
        places = ir.Constant(ir.VectorType(_INT32, self.count), [0] * self.count)
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
