"""The products of a dense layer and of a cell, panel by panel.

                    A             B          start    factor    C
    forward         h             W^T        b        -         z         (batch, out)
    backward        delta         W          0        slope     dh        (batch, in)
    gradient        delta^T       h          0        mask      dW        (out, in)
    add_gradient    delta^T       h          dW       mask      dW
    add_product     A             B          C        -         C
    add_packed      h             W^T        z        -         z         with W^T packed by `pack`
    forward_packed  h             W^T        b        -         z         the same

Only W^T needs a copy, turned into strips; the other B are read where they lie. One function, compiled once, does all
of them: it gets addresses, sizes, and how far apart rows and columns are.
"""

from typing import Any, NamedTuple

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.late_binding import Shared
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.panel import Operands, call_panel
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.strip import call_transpose
from vgdesk.kernels.views import field

_ONE, _NOWHERE, _SAME = ir.Constant(INDEX, 1), ir.Constant(INDEX, 0), ir.Constant(INDEX, 0)


class Product(NamedTuple):
    """Names what a product is made of, as in `panel.Operands`, but for all columns; addresses are integers, 0 for none.

    Attributes
    ----------
    strip, strip_step
        Where the transpose of B stands, panel by panel; without it B is read where it lies. Where `right` is given, B
        is turned into it first; the strip of column j begins at j times the step.
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


class _Array:
    """Is an array in the code being written: where it begins, as an integer, and its shape."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        self._builder, self._size = builder, field(context, builder, kind, value, "nitems")
        self.address = builder.ptrtoint(field(context, builder, kind, value, "data"), INDEX)
        self.shape = cgutils.unpack_tuple(builder, field(context, builder, kind, value, "shape"))

    @property
    def address_if_any(self) -> ir.Value:
        """The address, but 0 for an array without numbers."""
        some = self._builder.icmp_signed("!=", self._size, ir.Constant(INDEX, 0))
        return self._builder.select(some, self.address, _NOWHERE)


def _product(number, product):
    return _all_panels(number, product)


_SQUARES = types.UniTuple(types.float64, 2)
_PRODUCT = types.UniTuple(types.int64, len(Product._fields))
_products = Shared("product", [_product], lambda number, _: _SQUARES(number, _PRODUCT))


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

    return _SQUARES(number, product), generate


def _panel_of(context: Any, builder: Any, number: Any, given: Product, first: Any, width: Any) -> Operands:
    """Returns the panel that begins at column `first`; where B must be transposed, that is done before."""
    pointer = context.get_value_type(number).as_pointer()

    def at(address: Any, place: Any) -> Any:
        """Returns the address of a number, or null where there is no array."""
        begin = builder.inttoptr(address, pointer)
        return builder.select(builder.icmp_signed("==", address, _NOWHERE), begin, builder.gep(begin, [place]))

    columns, strip = builder.sub(given.columns, first), at(given.strip, builder.mul(first, given.strip_step))
    is_turned = builder.icmp_signed("!=", given.strip, _NOWHERE)
    with builder.if_then(builder.and_(is_turned, builder.icmp_signed("!=", given.right, _NOWHERE))):
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
    )


def _call(context: Any, builder: Any, kind: Any, product: Product) -> list[ir.Value]:
    """Writes the call of a product and returns its sums of squares."""
    number = ir.Constant(context.get_value_type(kind.dtype), 0.0)
    given = [number, context.make_tuple(builder, _PRODUCT, product)]
    return cgutils.unpack_tuple(builder, _products.call(context, builder, kind.dtype, given))


@generated
def forward(typing_context: Any, h: Any, W: Any, b: Any, z: Any, strip: Any) -> Any:
    """Writes z = h W^T + b and returns its sum of squares."""
    kinds = (h, W, b, z, strip)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (above, _) = of[0].shape, of[1].shape
        left, right = (of[0].address, below, _ONE), (of[1].address, below, of[4].address, _SAME)
        product = Product(*left, *right, of[2].address, _SAME, _NOWHERE, of[3].address, batch, below, above)
        return _call(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def backward(typing_context: Any, delta: Any, W: Any, slope: Any, dh: Any) -> Any:
    """Writes dh = (delta W) * slope and returns the sums of squares before and after the factor."""
    kinds = (delta, W, slope, dh)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, above), (_, below) = of[0].shape, of[1].shape
        left, right = (of[0].address, above, _ONE), (of[1].address, below, _NOWHERE, _SAME)
        product = Product(*left, *right, _NOWHERE, _SAME, of[2].address_if_any, of[3].address, batch, above, below)
        return context.make_tuple(builder, signature.return_type, _call(context, builder, delta, product))

    return _SQUARES(*kinds), generate


@generated
def gradient(typing_context: Any, delta: Any, h: Any, mask: Any, dW: Any) -> Any:
    """Writes dW = (delta^T h) * mask and returns its sum of squares."""
    return _gradient((delta, h, mask, dW), is_added=False)


@generated
def add_gradient(typing_context: Any, delta: Any, h: Any, mask: Any, dW: Any) -> Any:
    """Writes dW = (dW + delta^T h) * mask and returns its sum of squares."""
    return _gradient((delta, h, mask, dW), is_added=True)


def _gradient(kinds: tuple[Any, ...], is_added: bool) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, above), (_, below) = of[0].shape, of[1].shape
        left, right = (of[0].address, _ONE, above), (of[1].address, below, _NOWHERE, _SAME)
        start = (of[3].address, below) if is_added else (_NOWHERE, _SAME)
        product = Product(*left, *right, *start, of[2].address_if_any, of[3].address, above, batch, below)
        return _call(context, builder, kinds[0], product)[1]

    return types.float64(*kinds), generate


@generated
def add_product(typing_context: Any, left: Any, right: Any, out: Any) -> Any:
    """Writes out = out + left right and returns its sum of squares."""
    kinds = (left, right, out)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (rows, depth), (_, columns) = of[0].shape, of[1].shape
        factors = (of[0].address, depth, _ONE), (of[1].address, columns, _NOWHERE, _SAME)
        start = (of[2].address, columns)
        product = Product(*factors[0], *factors[1], *start, _NOWHERE, of[2].address, rows, depth, columns)
        return _call(context, builder, left, product)[1]

    return types.float64(*kinds), generate


@generated
def add_packed(typing_context: Any, h: Any, packed: Any, z: Any) -> Any:
    """Writes z = z + h W^T, where `packed` is what `pack` made of W, and returns its sum of squares."""
    kinds = (h, packed, z)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (_, above) = of[0].shape, of[2].shape
        left, right = (of[0].address, below, _ONE), (_NOWHERE, _SAME, of[1].address, _rounded(builder, h.dtype, below))
        product = Product(*left, *right, of[2].address, above, _NOWHERE, of[2].address, batch, below, above)
        return _call(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def forward_packed(typing_context: Any, h: Any, packed: Any, b: Any, z: Any) -> Any:
    """Writes z = h W^T + b, where `packed` is what `pack` made of W, and returns its sum of squares."""
    kinds = (h, packed, b, z)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        of = [_Array(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]
        (batch, below), (_, above) = of[0].shape, of[3].shape
        left, right = (of[0].address, below, _ONE), (_NOWHERE, _SAME, of[1].address, _rounded(builder, h.dtype, below))
        product = Product(*left, *right, of[2].address, _SAME, _NOWHERE, of[3].address, batch, below, above)
        return _call(context, builder, h, product)[1]

    return types.float64(*kinds), generate


@generated
def pack(typing_context: Any, W: Any, packed: Any) -> Any:
    """Writes W^T into strips, one per panel of W's rows; `packed` has `registers.packed_size` numbers."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        source, target = (
            _Array(context, builder, kind, value) for kind, value in zip((W, packed), values, strict=True)
        )
        (above, below), number = source.shape, W.dtype
        pointer = context.get_value_type(number).as_pointer()
        start, strips = (builder.inttoptr(array.address, pointer) for array in (source, target))
        width = ir.Constant(INDEX, VECTORS * registers().vector_bytes // (number.bitwidth // 8))
        with cgutils.for_range_slice(builder, _NOWHERE, above, width) as (first, _):
            lines = builder.gep(start, [builder.mul(first, below)])
            strip = builder.gep(strips, [builder.mul(first, _rounded(builder, number, below))])
            call_transpose(builder, number, lines, below, builder.sub(above, first), below, strip)
        return context.get_dummy_value()

    return types.void(W, packed), generate


def _rounded(builder: Any, number: Any, depth: Any) -> ir.Value:
    """Returns the depth rounded up to whole vectors: so many lines a strip has room for."""
    count = registers().vector_bytes // (number.bitwidth // 8)
    return builder.and_(builder.add(depth, ir.Constant(INDEX, count - 1)), ir.Constant(INDEX, -count))
