"""The explicit product: one panel of C = (start + A B) * factor, two vectors wide, kept in registers while it grows.

    C(r, j) = ( start(r, j) + sum over k of A(r, k) B(k, j) ) * factor(r, j)

A second product A' B' may be added to the first: its k are taken behind those of A B, without a way through memory.

The panel is cut into tiles of a few rows (see `registers`). A tile's sums stay in registers for the whole loop over k,
in which each number of A is spread over a vector and multiplied by two vectors of B: with AVX-512, 8 + 2 loads feed 16
multiply-adds. That ratio is why it is fast; a plain loop waits for memory.

Edges: columns beyond the last one are masked, neither read nor written. A tile that would reach beyond the last row
begins earlier and leaves the rows alone that are done; fewer rows than a tile has are taken one by one. So nothing
outside the operands is ever touched.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.simd.operands import Operands
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.second import read_second
from vgdesk.kernels.simd.shared import shared_function

_SQUARES = ir.LiteralStructType([ir.DoubleType()] * 2)
Tile = list[list[ir.Value]]
"""One vector of sums per row and column block."""


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
        with builder.if_else(cgutils.is_not_null(builder, self.given.factor)) as (factored, other):
            with factored:
                self._finish(rows, stored, tile, self._times_factor)
            with other, builder.if_else(cgutils.is_not_null(builder, self.given.base)) as (added, plain):
                with added:
                    self._finish(rows, stored, tile, self._added_to_base)
                with plain:
                    self._finish(rows, stored, tile, None)

    def _places(self, rows: Sequence[ir.Value], step: ir.Value) -> list[ir.Value]:
        """Returns where neighbouring rows begin: one after the other, for the processor multiplies no faster."""
        places = [self.builder.mul(rows[0], step)]
        for _ in rows[1:]:
            places.append(self.builder.add(places[-1], step))
        return places

    def _sums(self, rows: Sequence[ir.Value], masks: Sequence[ir.Value | None]) -> Tile:
        """Writes the loop over k once: a second product goes through it behind the first."""
        builder, given = self.builder, self.given
        sums, product = self._starts(rows, masks), (given.left, given.row_step, given.right, given.depth, given.more)
        slots = [cgutils.alloca_once_value(builder, value) for value in product]
        again = builder.append_basic_block("product")
        builder.branch(again)
        builder.position_at_end(again)
        left, row_step, right, depth, more = (builder.load(slot) for slot in slots)
        lefts = [builder.gep(left, [place]) for place in self._places(rows, row_step)]
        self._add_products(sums, lefts, right, depth, masks)
        with builder.if_then(cgutils.is_not_null(builder, more), likely=False):
            for value, slot in zip(self._second(more), slots, strict=True):
                builder.store(value, slot)
            builder.branch(again)
        return [[builder.load(slot) for slot in line] for line in sums]

    def _second(self, more: Any) -> tuple[ir.Value, ...]:
        """Reads the second product: its left factor, row step, right factor and depth, and that no other follows."""
        builder, given, second = self.builder, self.given, read_second(self.builder, more)
        left, right = (builder.inttoptr(address, given.left.type) for address in (second.left, second.right))
        right = builder.gep(right, [builder.mul(given.first, second.panel_step)])
        return left, second.row_step, right, second.depth, ir.Constant(more.type, None)

    def _add_products(
        self, sums: Tile, lefts: Sequence[ir.Value], right: ir.Value, depth: ir.Value, masks: Sequence[ir.Value | None]
    ) -> None:
        """Writes the loop over the k of one product."""
        builder, lanes, given = self.builder, self.lanes, self.given
        with cgutils.for_range(builder, depth) as loop:
            line = builder.gep(right, [builder.mul(loop.index, given.right_step)])
            vectors = [
                lanes.load(builder.gep(line, [block]), mask)
                for block, mask in zip(self.block_starts, masks, strict=False)
            ]
            offset = builder.mul(loop.index, given.depth_step)
            for left, slots in zip(lefts, sums, strict=True):
                number = lanes.spread(builder.load(builder.gep(left, [offset])))
                for slot, vector in zip(slots, vectors, strict=True):
                    builder.store(lanes.multiply_add(number, vector, builder.load(slot)), slot)

    def _starts(self, rows: Sequence[ir.Value], masks: Sequence[ir.Value | None]) -> Tile:
        """Writes what the sums start from and returns where they are kept."""
        builder, lanes, given = self.builder, self.lanes, self.given
        sums = [[cgutils.alloca_once(builder, lanes.vector) for _ in masks] for _ in rows]
        for slot in (slot for line in sums for slot in line):
            builder.store(lanes.constant(0.0), slot)
        with builder.if_then(cgutils.is_not_null(builder, given.start)):
            for place, line in zip(self._places(rows, given.start_step), sums, strict=True):
                begin = builder.gep(given.start, [place])
                for slot, block, mask in zip(line, self.block_starts, masks, strict=False):
                    builder.store(lanes.load(builder.gep(begin, [block]), mask), slot)
        return sums

    def _finish(
        self, rows: Sequence[ir.Value], masks: Sequence[Sequence[Any]], tile: Tile, last: Callable[..., Any] | None
    ) -> None:
        """Stores a tile, after the `last` operation, and adds to the sums of squares."""
        builder, lanes = self.builder, self.lanes
        before, after = [[lanes.constant(0.0)] * len(tile[0]) for _ in self.squares]
        is_factored = last == self._times_factor
        for begin, line, line_masks in zip(self._places(rows, self.given.out_step), tile, masks, strict=True):
            for block, (vector, mask) in enumerate(zip(line, line_masks, strict=True)):
                place = builder.add(begin, self.block_starts[block])
                before[block] = lanes.add_square(vector, before[block], mask)
                if last is not None:
                    vector = last(vector, place, mask)
                if is_factored:
                    after[block] = lanes.add_square(vector, after[block], mask)
                lanes.store(vector, builder.gep(self.given.out, [place]), mask)
        for square, parts in zip(self.squares, (before, after if is_factored else before), strict=True):
            for part in parts:
                builder.store(builder.fadd(builder.load(square), part), square)

    def _times_factor(self, vector: ir.Value, place: ir.Value, mask: ir.Value | None) -> ir.Value:
        return self.builder.fmul(vector, self.lanes.load(self.builder.gep(self.given.factor, [place]), mask))

    def _added_to_base(self, vector: ir.Value, place: ir.Value, mask: ir.Value | None) -> ir.Value:
        builder, lanes = self.builder, self.lanes
        base = lanes.load(builder.gep(self.given.base, [place]), mask)
        return builder.fadd(base, builder.fmul(lanes.spread(self.given.scale), vector))

    def _total(self, vector: ir.Value) -> ir.Value:
        total = self.lanes.sum(vector)
        return self.builder.fpext(total, ir.DoubleType()) if self.lanes.is_single else total
