"""A product of whole matrices, cut into panels; one function, compiled once, does all that `dense` and `joint` name.

It gets addresses, sizes, and how far apart rows and columns are.
"""

from typing import Any, NamedTuple

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.late_binding import Shared
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.operands import Operands
from vgdesk.kernels.simd.panel import call_panel
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.strip import call_transpose
from vgdesk.kernels.views import field

ONE, NOWHERE, SAME = (ir.Constant(INDEX, value) for value in (1, 0, 0))


class Product(NamedTuple):
    """Names what a product is made of, as `operands.Operands` do, for all columns; addresses are integers, 0 for none.

    Attributes
    ----------
    strip, strip_step
        Where the transpose of B stands, panel by panel; without it B is read where it lies. Where `right` is given, B
        is turned into it first; the strip of column j begins at j times the step.
    more
        Address of a second product that is added to the first, see `second`; 0 for none.
    base, scale
        Address of what the product times the scale is added to; the scale is the bits of a float64.
    """

    left: Any
    row_step: Any
    depth_step: Any
    right: Any
    right_step: Any
    strip: Any
    strip_step: Any
    start: Any
    start_step: Any
    factor: Any
    out: Any
    rows: Any
    depth: Any
    columns: Any
    more: Any = NOWHERE
    base: Any = NOWHERE
    scale: Any = NOWHERE


class DenseArray:
    """Is an array in the code being written: where it begins, as an integer, and its shape."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        self._builder, self._size = builder, field(context, builder, kind, value, "nitems")
        self.address = builder.ptrtoint(field(context, builder, kind, value, "data"), INDEX)
        self.shape = cgutils.unpack_tuple(builder, field(context, builder, kind, value, "shape"))

    @property
    def address_if_any(self) -> ir.Value:
        """The address, but 0 for an array without numbers."""
        some = self._builder.icmp_signed("!=", self._size, ir.Constant(INDEX, 0))
        return self._builder.select(some, self.address, NOWHERE)


def _product(number, product):
    return _all_panels(number, product)


SQUARES = types.UniTuple(types.float64, 2)
_PRODUCT = types.UniTuple(types.int64, len(Product._fields))
_products = Shared("product", [_product], lambda number, _: SQUARES(number, _PRODUCT))


@generated
def _all_panels(typing_context: Any, number: Any, product: Any) -> Any:
    """Computes all panels of a product and returns its sums of squares; the first argument tells the number format."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        given = Product(*cgutils.unpack_tuple(builder, values[1]))
        zero, width = ir.Constant(ir.DoubleType(), 0.0), VECTORS * registers().vector_bytes // (number.bitwidth // 8)
        totals = [cgutils.alloca_once_value(builder, zero) for _ in ("before", "after")]
        step = ir.Constant(INDEX, width)
        with cgutils.for_range_slice(builder, ir.Constant(INDEX, 0), given.columns, step) as (first, _):
            squares = call_panel(builder, number, _panel_of(context, builder, number, given, first, step))
            for total, square in zip(totals, squares, strict=True):
                builder.store(builder.fadd(builder.load(total), square), total)
        return context.make_tuple(builder, signature.return_type, [builder.load(total) for total in totals])

    return SQUARES(number, product), generate


def _panel_of(context: Any, builder: Any, number: Any, given: Product, first: Any, width: Any) -> Operands:
    """Returns the panel that begins at column `first`; where B must be transposed, that is done before."""
    pointer = context.get_value_type(number).as_pointer()

    def at(address: Any, place: Any) -> Any:
        """Returns the address of a number, or null where there is no array."""
        begin = builder.inttoptr(address, pointer)
        return builder.select(builder.icmp_signed("==", address, NOWHERE), begin, builder.gep(begin, [place]))

    columns, strip = builder.sub(given.columns, first), at(given.strip, builder.mul(first, given.strip_step))
    is_turned = builder.icmp_signed("!=", given.strip, NOWHERE)
    with builder.if_then(builder.and_(is_turned, builder.icmp_signed("!=", given.right, NOWHERE))):
        lines = at(given.right, builder.mul(first, given.right_step))
        call_transpose(builder, number, lines, given.right_step, columns, given.depth, strip)
    return Operands(
        left=builder.inttoptr(given.left, pointer),
        row_step=given.row_step,
        depth_step=given.depth_step,
        right=builder.select(is_turned, strip, at(given.right, first)),
        right_step=builder.select(is_turned, width, given.right_step),
        start=at(given.start, first),
        start_step=given.start_step,
        factor=at(given.factor, first),
        out=at(given.out, first),
        out_step=given.columns,
        rows=given.rows,
        depth=given.depth,
        columns=columns,
        more=builder.inttoptr(given.more, INDEX.as_pointer()),
        first=first,
        base=at(given.base, first),
        scale=_narrowed(builder, number, given.scale),
    )


def _narrowed(builder: Any, number: Any, bits: Any) -> ir.Value:
    """Returns a float64, given by its bits, as a number of the format."""
    value = builder.bitcast(bits, ir.DoubleType())
    return builder.fptrunc(value, ir.FloatType()) if number == types.float32 else value


def call_product(context: Any, builder: Any, kind: Any, product: Product) -> list[ir.Value]:
    """Writes the call of a product and returns its sums of squares."""
    number = ir.Constant(context.get_value_type(kind.dtype), 0.0)
    given = [number, context.make_tuple(builder, _PRODUCT, product)]
    return cgutils.unpack_tuple(builder, _products.call(context, builder, kind.dtype, given))


def rounded(builder: Any, number: Any, depth: Any) -> ir.Value:
    """Returns the depth rounded up to whole vectors: so many lines a strip has room for."""
    count = registers().vector_bytes // (number.bitwidth // 8)
    return builder.and_(builder.add(depth, ir.Constant(INDEX, count - 1)), ir.Constant(INDEX, -count))
