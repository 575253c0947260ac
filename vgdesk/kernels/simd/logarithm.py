"""log10 of the norms of all layers at once; one by one, as processors' libraries do it, they took a fiftieth of a step.

Of a layer, the sum of squares S and the exponent e of two are known (see `scaling`); its norm is sqrt(S) 2^e. Write
S = 2^k m with an integer k and sqrt(1/2) <= m < sqrt(2). Then

    log10 norm = (log2(S) / 2 + e) log10(2),   log2(S) = k + 2 artanh(s) / ln 2,   s = (m - 1) / (m + 1)

and artanh(s) = s + s^3/3 + s^5/5 + ... with |s| < 0.172 needs eleven terms.
"""

import math
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import generated
from vgdesk.kernels.simd.lanes import INDEX
from vgdesk.kernels.simd.masked import MaskedLanes
from vgdesk.kernels.views import field

_SERIES = tuple(1 / (2 * n + 1) for n in range(11))
_MANTISSA_BITS = 52
_BIT = ir.IntType(1)
_BITS_OF_ROOT_HALF = 0x3FE6A09E667F3BCD


@generated
def log10_norms(typing_context: Any, squares: Any, exponents: Any, out: Any) -> Any:
    """Writes log10 of the norms and returns whether all are numbers (or -inf, exactly zero).

    `squares` and `out` are float64, `exponents` int64; all are flat, contiguous and of equal length.
    """
    kinds = (squares, exponents, out)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> ir.Value:
        places = [field(context, builder, kind, value, "data") for kind, value in zip(kinds, values, strict=True)]
        size = field(context, builder, squares, values[0], "nitems")
        lanes, good = MaskedLanes(builder, types.float64), cgutils.alloca_once_value(builder, ir.Constant(_BIT, 1))
        with cgutils.for_range_slice(builder, ir.Constant(INDEX, 0), size, ir.Constant(INDEX, lanes.count)) as (at, _):
            mask = lanes.mask(builder.sub(size, at))
            square, exponent = (lanes.load(builder.gep(place, [at]), mask) for place in places[:2])
            norm = _log10_norm(lanes, square, builder.bitcast(exponent, lanes.integers))
            lanes.store(norm, builder.gep(places[2], [at]), mask)
            finite = lanes.folded(builder.fcmp_ordered("<", square, lanes.constant(math.inf)), builder.and_)
            builder.store(builder.and_(builder.load(good), finite), good)
        return builder.load(good)

    return types.boolean(*kinds), generate


def _log10_norm(lanes: MaskedLanes, square: ir.Value, exponent: ir.Value) -> ir.Value:
    builder, shift = lanes.builder, lanes.integer_constant(_MANTISSA_BITS)
    bits = builder.bitcast(square, lanes.integers)
    power = builder.ashr(builder.sub(bits, lanes.integer_constant(_BITS_OF_ROOT_HALF)), shift)
    m = builder.bitcast(builder.sub(bits, builder.shl(power, shift)), lanes.vector)
    one = lanes.constant(1.0)
    s = builder.fdiv(builder.fsub(m, one), builder.fadd(m, one))
    series = builder.fmul(s, lanes.polynomial(builder.fmul(s, s), _SERIES))
    k, e = (builder.sitofp(whole, lanes.vector) for whole in (power, exponent))
    log2 = lanes.multiply_add(series, lanes.constant(2 / math.log(2)), k)
    log10 = builder.fmul(lanes.multiply_add(log2, lanes.constant(0.5), e), lanes.constant(math.log10(2)))
    log10 = lanes.where("==", square, 0.0, lanes.constant(-math.inf), log10)
    return lanes.where("<", square, math.inf, log10, square)
