"""Lanes that stop at an edge, and the other words in which matrix products are written: spread, sum, transpose."""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels.simd.lanes import INDEX, Lanes
from vgdesk.kernels.simd.registers import registers

_INT32 = ir.IntType(32)
_NEAR_BYTES = 16


class MaskedLanes(Lanes):
    """Writes vector instructions as wide as the processor's registers, of which only some lanes may touch memory."""

    def __init__(self, builder: Any, number_type: types.Type) -> None:
        super().__init__(builder, number_type, registers().vector_bytes)

    def mask(self, size: Any) -> ir.Value:
        """Returns a mask that is true in the first `size` lanes."""
        numbers = ir.VectorType(INDEX, self.count)
        lane = ir.Constant(numbers, list(range(self.count)))
        return self.builder.icmp_signed("<", lane, self._spread(size, numbers))

    def mask_at(self, lane: Any) -> ir.Value:
        """Returns a mask that is true in that lane alone, in none where there is no such lane."""
        numbers = ir.VectorType(INDEX, self.count)
        return self.builder.icmp_signed(
            "==", ir.Constant(numbers, list(range(self.count))), self._spread(lane, numbers)
        )

    def spread(self, number: Any, kind: ir.VectorType | None = None) -> ir.Value:
        """Returns a vector with the same number in every lane; of another kind where as many lanes hold others."""
        return self._spread(number, kind or self.vector)

    def _spread(self, number: Any, kind: ir.VectorType) -> ir.Value:
        single = self.builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.Constant(_INT32, 0))
        return self.builder.shuffle_vector(single, ir.Constant(kind, ir.Undefined), self._lanes([0] * self.count))

    def _lanes(self, order: Sequence[int]) -> ir.Value:
        return ir.Constant(ir.VectorType(_INT32, len(order)), list(order))

    def load(self, address: Any, mask: Any = None) -> ir.Value:
        """Reads a vector from an array's memory; with a mask, only the lanes where it is true, 0 elsewhere."""
        if mask is None:
            return super().load(address)
        pointer = self.builder.bitcast(address, self.vector.as_pointer())
        kinds, align = [pointer.type, _INT32, mask.type, self.vector], ir.Constant(_INT32, self.bytes)
        return self._masked("load", self.vector, kinds, [pointer, align, mask, self.constant(0.0)])

    def store(self, value: Any, address: Any, mask: Any = None) -> None:
        """Writes a vector into an array's memory; with a mask, only the lanes where it is true."""
        if mask is None:
            super().store(value, address)
            return
        pointer = self.builder.bitcast(address, self.vector.as_pointer())
        kinds, align = [self.vector, pointer.type, _INT32, mask.type], ir.Constant(_INT32, self.bytes)
        self._masked("store", ir.VoidType(), kinds, [value, pointer, align, mask])

    def _masked(self, verb: str, result: ir.Type, kinds: list[ir.Type], values: list[ir.Value]) -> ir.Value:
        name = f"llvm.masked.{verb}.v{self.count}f{self.bits}.p0"
        function = cgutils.get_or_insert_function(self.builder.module, ir.FunctionType(result, kinds), name)
        return self.builder.call(function, values)

    def mask_where(self, condition: Any, mask: Any) -> ir.Value:
        """Returns the mask, or an empty one where the condition does not hold."""
        return self.builder.and_(mask, self._spread(condition, mask.type))

    def add_square(self, vector: Any, total: Any, mask: Any = None) -> ir.Value:
        """Returns total + vector^2 in the lanes of the mask."""
        grown = self.multiply_add(vector, vector, total)
        return grown if mask is None else self.builder.select(mask, grown, total)

    def sum(self, vector: Any) -> ir.Value:
        """Returns the sum of all lanes, pairwise."""
        return self.folded(vector, self.builder.fadd)

    def folded(self, vector: Any, join: Callable[[Any, Any], Any]) -> ir.Value:
        """Returns what is left when the two halves of a vector are joined until one number is left."""
        half = self.count // 2
        while half:
            order = [lane + half if lane < half else lane for lane in range(self.count)]
            vector = join(vector, self.builder.shuffle_vector(vector, vector, self._lanes(order)))
            half //= 2
        return self.builder.extract_element(vector, ir.Constant(_INT32, 0))

    def transposed(self, vectors: Sequence[ir.Value]) -> list[ir.Value]:
        """Returns the transpose of as many vectors as there are lanes.

        Inside each 16 bytes ever larger blocks change places; from there on the even 16 bytes of two vectors are
        gathered in one, the odd in the other: what crosses 16 bytes costs the processor more in any other order.
        """
        found, size, near = list(vectors), 1, _NEAR_BYTES // self.bytes
        while size < self.count:
            orders = self._exchanged(size) if size < near else self._sorted(near)
            for row in (row for row in range(self.count) if not row & size):
                pair = found[row], found[row + size]
                found[row], found[row + size] = (self.builder.shuffle_vector(*pair, order) for order in orders)
            size *= 2
        return found

    def _exchanged(self, size: int) -> tuple[ir.Value, ir.Value]:
        """Returns the order that puts the second vector's even blocks where the first has odd ones, and the other."""
        upper = [n if not n & size else self.count + n - size for n in range(self.count)]
        lower = [n + size if not n & size else self.count + n for n in range(self.count)]
        return self._lanes(upper), self._lanes(lower)

    def _sorted(self, size: int) -> tuple[ir.Value, ir.Value]:
        """Returns the order that takes the even blocks of two vectors, and the one that takes the odd blocks."""
        even = [n for n in range(2 * self.count) if not n & size]
        return self._lanes(even), self._lanes([n + size for n in even])
