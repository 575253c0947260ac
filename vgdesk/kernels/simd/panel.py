"""The explicit product: one panel of C = (start + A B) * factor, two vectors wide, kept in registers while it grows.

    C(r, j) = ( start(r, j) + sum over k of A(r, k) B(k, j) ) * factor(r, j)

The panel is cut into tiles of a few rows (see `registers`). A tile's sums stay in registers for the whole loop over k,
in which each number of A is spread over a vector and multiplied by two vectors of B: with AVX-512, 8 + 2 loads feed 16
multiply-adds. That ratio is why it is fast; a plain loop waits for memory.

Edges: columns beyond the last one are masked, neither read nor written. A tile that would reach beyond the last row
begins earlier and leaves the rows alone that are done; fewer rows than a tile has are taken one by one. So nothing
outside the operands is ever touched.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.shared import shared_function

_SQUARES = ir.LiteralStructType([ir.DoubleType()] * 2)
Tile = list[list[ir.Value]]
"""One vector of sums per row and column block."""


class Operands(NamedTuple):
    """Names what a panel is made of; steps are counted in numbers, the addresses are those of the panel itself.

    Attributes
    ----------
    left, row_step, depth_step
        Address of A(0, 0), and how far apart two rows and two k are: the same code reads A and its transpose.
    right, right_step
        Address of B(0, 0) of this panel, and how far apart two k are.
    start, start_step
        Address of the panel's first starting number, or null to start from 0; how far apart those of two rows are. The
        result may be written over them.
    factor, out, out_step
        Addresses of the panel's first factor (or null) and result, and how far apart two rows are in both.
    rows, depth, columns
        Sizes; at most two vectors of the columns belong to this panel.
    """

    left: Any
    row_step: Any
    depth_step: Any
    right: Any
    right_step: Any
    start: Any
    start_step: Any
    factor: Any
    out: Any
    out_step: Any
    rows: Any
    depth: Any
    columns: Any


def call_panel(builder: Any, number_type: types.Type, operands: Operands) -> list[ir.Value]:
    """Writes one panel of C; returns the sums of squares (before the factor, after it), float64."""

    def write(inside: Any, arguments: Sequence[ir.Value]) -> ir.Value:
        squares = _Writer(MaskedLanes(inside, number_type), Operands(*arguments)).write()
        both = inside.insert_value(ir.Constant(_SQUARES, ir.Undefined), squares[0], 0)
        return inside.insert_value(both, squares[1], 1)

    kind = ir.FunctionType(_SQUARES, [operand.type for operand in operands])
    both = builder.call(shared_function(builder, f"panel_{number_type}", kind, write), operands)
    return [builder.extract_value(both, place) for place in range(2)]


class _Writer:
    """Writes the code of one panel."""

    def __init__(self, lanes: MaskedLanes, given: Operands) -> None:
        self.lanes, self.builder, self.given = lanes, lanes.builder, given
        self.squares = [cgutils.alloca_once(self.builder, lanes.vector) for _ in ("before", "after")]
        for square in self.squares:
            self.builder.store(lanes.constant(0.0), square)
        blocks = [self._index(block * lanes.count) for block in range(VECTORS)]
        self.block_starts = blocks
        self.masks = [lanes.mask(self.builder.sub(given.columns, block)) for block in blocks]

    def write(self) -> list[ir.Value]:
        """Writes the tiles and returns both sums of squares."""
        builder, given = self.builder, self.given
        narrow = builder.icmp_signed("<=", given.columns, self._index(self.lanes.count))
        with builder.if_else(narrow) as (one, two):
            with one:
                self._masked_tiles(self._index(0), self.masks[:1])
            with two:
                self._masked_tiles(self._whole_tiles(), self.masks)
        return [self._total(builder.load(square)) for square in self.squares]

    def _whole_tiles(self) -> ir.Value:
        """Writes the tiles that reach over no edge; returns the number of rows done."""
        builder, given, size = self.builder, self.given, self._index(registers().rows)
        wide = builder.icmp_signed(">=", given.columns, self._index(VECTORS * self.lanes.count))
        whole = builder.select(wide, builder.sub(given.rows, builder.srem(given.rows, size)), self._index(0))
        with cgutils.for_range_slice(builder, self._index(0), whole, size) as (row, _):
            self._tile(row, registers().rows, [None] * VECTORS)
        return whole

    def _masked_tiles(self, done: ir.Value, masks: Sequence[ir.Value]) -> None:
        builder, given, size = self.builder, self.given, self._index(registers().rows)
        with builder.if_else(builder.icmp_signed(">=", given.rows, size)) as (tiles, lines):
            with tiles, cgutils.for_range_slice(builder, done, given.rows, size) as (row, _):
                last = builder.sub(given.rows, size)
                first = builder.select(builder.icmp_signed("<", row, last), row, last)
                self._tile(first, registers().rows, masks, row)
            with lines, cgutils.for_range(builder, given.rows) as loop:
                self._tile(loop.index, 1, masks)

    def _index(self, value: int) -> ir.Value:
        return ir.Constant(INDEX, value)

    def _tile(self, first: ir.Value, count: int, masks: Sequence[ir.Value | None], new: ir.Value | None = None) -> None:
        """Writes a tile of `count` rows; those before row `new` were stored by the tile before and are left alone."""
        builder = self.builder
        rows = [builder.add(first, self._index(row)) for row in range(count)]
        tile = self._sums(rows, masks)
        stored = [masks] * count
        if new is not None:
            is_new = [builder.icmp_signed(">=", row, new) for row in rows]
            stored = [[self.lanes.mask_where(condition, mask) for mask in masks] for condition in is_new]
        with builder.if_else(cgutils.is_not_null(builder, self.given.factor)) as (factored, plain):
            with factored:
                self._finish(rows, stored, tile, self.given.factor)
            with plain:
                self._finish(rows, stored, tile, None)

    def _sums(self, rows: Sequence[ir.Value], masks: Sequence[ir.Value | None]) -> Tile:
        """Writes the loop over k."""
        builder, lanes, given = self.builder, self.lanes, self.given
        sums = self._starts(rows, masks)
        lefts = [builder.gep(given.left, [builder.mul(row, given.row_step)]) for row in rows]
        with cgutils.for_range(builder, given.depth) as loop:
            right = builder.gep(given.right, [builder.mul(loop.index, given.right_step)])
            vectors = [
                lanes.load(builder.gep(right, [block]), mask)
                for block, mask in zip(self.block_starts, masks, strict=False)
            ]
            offset = builder.mul(loop.index, given.depth_step)
            for left, line in zip(lefts, sums, strict=True):
                number = lanes.spread(builder.load(builder.gep(left, [offset])))
                for slot, vector in zip(line, vectors, strict=True):
                    builder.store(lanes.multiply_add(number, vector, builder.load(slot)), slot)
        return [[builder.load(slot) for slot in line] for line in sums]

    def _starts(self, rows: Sequence[ir.Value], masks: Sequence[ir.Value | None]) -> Tile:
        """Writes what the sums start from and returns where they are kept."""
        builder, lanes, given = self.builder, self.lanes, self.given
        sums = [[cgutils.alloca_once(builder, lanes.vector) for _ in masks] for _ in rows]
        for slot in (slot for line in sums for slot in line):
            builder.store(lanes.constant(0.0), slot)
        with builder.if_then(cgutils.is_not_null(builder, given.start)):
            for row, line in zip(rows, sums, strict=True):
                begin = builder.gep(given.start, [builder.mul(row, given.start_step)])
                for slot, block, mask in zip(line, self.block_starts, masks, strict=False):
                    builder.store(lanes.load(builder.gep(begin, [block]), mask), slot)
        return sums

    def _finish(
        self, rows: Sequence[ir.Value], masks: Sequence[Sequence[Any]], tile: Tile, factor: ir.Value | None
    ) -> None:
        """Stores a tile, times the factor, and adds to the sums of squares."""
        builder, lanes = self.builder, self.lanes
        before, after = [[lanes.constant(0.0)] * len(tile[0]) for _ in self.squares]
        for row, line, line_masks in zip(rows, tile, masks, strict=True):
            for block, (vector, mask) in enumerate(zip(line, line_masks, strict=True)):
                place = builder.add(builder.mul(row, self.given.out_step), self.block_starts[block])
                before[block] = lanes.add_square(vector, before[block], mask)
                if factor is not None:
                    vector = builder.fmul(vector, lanes.load(builder.gep(factor, [place]), mask))
                    after[block] = lanes.add_square(vector, after[block], mask)
                lanes.store(vector, builder.gep(self.given.out, [place]), mask)
        for square, parts in zip(self.squares, (before, before if factor is None else after), strict=True):
            for part in parts:
                builder.store(builder.fadd(builder.load(square), part), square)

    def _total(self, vector: ir.Value) -> ir.Value:
        total = self.lanes.sum(vector)
        return self.builder.fpext(total, ir.DoubleType()) if self.lanes.is_single else total
