"""Softmax and its cross-entropy for one example, all outputs of a vector at once.

    top    the first of the largest z           rest  = sum of exp(z_j - z_top) over the others
    p_j    = exp(z_j - z_top) / (1 + rest)      1 - p_top = rest / (1 + rest), which keeps its digits
    delta_j = (p_j (1 - t_j) - t_j (1 - p_j)) * factor

A row of ten numbers is one vector: taken number by number, as compilers do, it takes four times as long. All but the
exponential is float64 whatever the format: in a deep network the examples of a batch pull against each other, and what
is left of their deltas is a hundred times smaller than they are.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.exponential import exp_anywhere
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.views import field

_RESULT = types.UniTuple(types.float64, 2)


@generated
def softmax_row(typing_context: Any, z: Any, targets: Any, delta: Any, factor: Any) -> Any:
    """Writes dL/dz of one example, times `factor`, and returns (loss - log(1 + rest), rest).

    `z`, `targets` and `delta` are flat, of one number format and of equal length.
    """
    kinds = (z, targets, delta)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        arrays = [field(context, builder, kind, value, "data") for kind, value in zip(kinds, values, strict=False)]
        size = field(context, builder, z, values[0], "nitems")
        found = _Row(MaskedLanes(builder, z.dtype), size, *arrays).write(values[3])
        return context.make_tuple(builder, _RESULT, found)

    return _RESULT(*kinds, types.float64), generate


class _Row:
    """Writes the code of one row: four passes over its vectors."""

    def __init__(self, lanes: MaskedLanes, size: Any, z: Any, targets: Any, delta: Any) -> None:
        self._lanes, self._builder, self._size = lanes, lanes.builder, size
        self._z, self._targets, self._delta = z, targets, delta
        self._wide = ir.VectorType(ir.DoubleType(), lanes.count)

    def write(self, factor: ir.Value) -> list[ir.Value]:
        """Returns (loss - log(1 + rest), rest), float64."""
        builder, lanes = self._builder, self._lanes
        largest = self._largest()
        top, peak, one = self._first(largest), lanes.spread(largest), ir.Constant(ir.DoubleType(), 1.0)
        rest = self._exponentials(top, peak)
        share = builder.fdiv(one, builder.fadd(rest, one))
        loss, weight = self._slopes(top, peak, *(lanes.spread(each, self._wide) for each in (rest, share, factor)))
        if lanes.is_single:
            largest = builder.fpext(largest, ir.DoubleType())
        return [builder.fsub(builder.fmul(largest, builder.fsub(one, weight)), loss), rest]

    def _largest(self) -> ir.Value:
        """Returns the largest z; NaNs are skipped."""
        builder, lanes = self._builder, self._lanes
        least = lanes.constant(-math.inf)
        largest = self._slot(least)
        with self._vectors() as (first, mask):
            z = builder.select(mask, self._load(self._z, first, mask), least)
            self._keep_larger(largest, z)
        vector = builder.load(largest)
        return lanes.folded(
            vector, lambda one, other: builder.select(builder.fcmp_ordered(">", one, other), one, other)
        )

    def _keep_larger(self, slot: ir.Value, vector: ir.Value) -> None:
        known = self._builder.load(slot)
        is_larger = self._builder.fcmp_ordered(">", vector, known)
        self._builder.store(self._builder.select(is_larger, vector, known), slot)

    def _first(self, largest: ir.Value) -> ir.Value:
        """Returns where the first of the largest z stands, the number of outputs where there is none for NaNs."""
        builder, lanes = self._builder, self._lanes
        bits = ir.IntType(lanes.count)
        place = cgutils.alloca_once(builder, INDEX)
        builder.store(self._size, place)
        with self._vectors() as (first, mask):
            is_largest = builder.fcmp_ordered("==", self._load(self._z, first, mask), lanes.spread(largest))
            found = builder.bitcast(builder.and_(is_largest, mask), bits)
            lane = builder.zext(builder.cttz(found, ir.Constant(ir.IntType(1), 0)), INDEX)
            known, here = builder.load(place), builder.add(first, lane)
            is_first = builder.and_(
                builder.icmp_unsigned("!=", found, ir.Constant(bits, 0)), builder.icmp_signed("<", here, known)
            )
            builder.store(builder.select(is_first, here, known), place)
        return builder.load(place)

    def _exponentials(self, top: ir.Value, peak: ir.Value) -> ir.Value:
        """Writes exp(z - peak) into delta and returns the sum over all but the top."""
        builder, lanes = self._builder, self._lanes
        rest, nothing = self._slot(self._constant(0.0)), self._constant(0.0)
        with self._vectors() as (first, mask):
            below = builder.fsub(self._load(self._z, first, mask), peak)
            (power,) = exp_anywhere(lanes, below)
            lanes.store(power, builder.gep(self._delta, [first]), mask)
            own = builder.select(mask, self._widened(power), nothing)
            others = builder.select(self._is_top(first, top), nothing, own)
            builder.store(builder.fadd(builder.load(rest), others), rest)
        return lanes.sum(builder.load(rest))

    def _slopes(
        self, top: ir.Value, peak: ir.Value, rest: ir.Value, share: ir.Value, factor: ir.Value
    ) -> list[ir.Value]:
        """Turns exp(z - peak) in delta into delta; returns the sums of t (z - peak) and of t."""
        builder, lanes, one = self._builder, self._lanes, self._constant(1.0)
        losses, weights, high = self._slot(self._constant(0.0)), self._slot(self._constant(0.0)), self._widened(peak)
        with self._vectors() as (first, mask):
            read = (self._load(data, first, mask) for data in (self._z, self._targets, self._delta))
            z, t, power = (self._widened(vector) for vector in read)
            p = builder.fmul(power, share)
            others = builder.select(self._is_top(first, top), builder.fmul(rest, share), builder.fsub(one, p))
            slope = builder.fsub(builder.fmul(p, builder.fsub(one, t)), builder.fmul(t, others))
            lanes.store(self._narrowed(builder.fmul(slope, factor)), builder.gep(self._delta, [first]), mask)
            below = builder.fadd(builder.fmul(t, builder.fsub(z, high)), builder.load(losses))
            builder.store(builder.select(mask, below, builder.load(losses)), losses)
            builder.store(builder.fadd(builder.load(weights), t), weights)
        return [lanes.sum(builder.load(slot)) for slot in (losses, weights)]

    @contextmanager
    def _vectors(self) -> Iterator[tuple[ir.Value, ir.Value]]:
        """Writes a loop over the row's vectors; yields where each begins and which lanes belong to the row."""
        step = ir.Constant(INDEX, self._lanes.count)
        with cgutils.for_range_slice(self._builder, ir.Constant(INDEX, 0), self._size, step) as (first, _):
            yield first, self._lanes.mask(self._builder.sub(self._size, first))

    def _is_top(self, first: ir.Value, top: ir.Value) -> ir.Value:
        """Returns a mask that is true in the lane of the top, if it is in this vector."""
        return self._lanes.mask_at(self._builder.sub(top, first))

    def _slot(self, vector: Any) -> ir.Value:
        """Returns memory for a vector, which is filled anew for each row."""
        slot = cgutils.alloca_once(self._builder, vector.type)
        self._builder.store(vector, slot)
        return slot

    def _load(self, data: ir.Value, first: ir.Value, mask: ir.Value) -> ir.Value:
        return self._lanes.load(self._builder.gep(data, [first]), mask)

    def _constant(self, value: float) -> ir.Value:
        return ir.Constant(self._wide, [ir.Constant(ir.DoubleType(), value)] * self._lanes.count)

    def _widened(self, vector: ir.Value) -> ir.Value:
        return self._builder.fpext(vector, self._wide) if self._lanes.is_single else vector

    def _narrowed(self, vector: ir.Value) -> ir.Value:
        return self._builder.fptrunc(vector, self._lanes.vector) if self._lanes.is_single else vector
