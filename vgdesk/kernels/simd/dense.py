"""The three products of a dense layer, panel by panel."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.simd.panel import panel
from vgdesk.kernels.simd.registers import VECTORS, registers
from vgdesk.kernels.simd.strip import transpose_strip
from vgdesk.kernels.views import address, address_if_any, null

_PANEL_BYTES = VECTORS * registers().vector_bytes


@inlined_kernel
def forward(h, W, b, z, strip):
    """Writes z = h W^T + b and returns its sum of squares."""
    batch, below = h.shape
    above, width = W.shape[0], _PANEL_BYTES // h.itemsize
    left, right, none = address(h, 0), address(strip, 0), null(h)
    total = 0.0
    for first in range(0, above, width):
        transpose_strip(address(W, first * below), below, above - first, below, right)
        start, out = address(b, first), address(z, first)
        square, _ = panel(left, below, 1, right, width, start, none, out, above, batch, below, above - first)
        total += square
    return total


@inlined_kernel
def backward(delta, W, slope, dh):
    """Writes dh = (delta W) * slope and returns the sums of squares before and after the factor."""
    batch, above = delta.shape
    below, width = W.shape[1], _PANEL_BYTES // delta.itemsize
    left, none = address(delta, 0), null(delta)
    before = after = 0.0
    for first in range(0, below, width):
        right, factor, out = address(W, first), address_if_any(slope, first), address(dh, first)
        squares = panel(left, above, 1, right, below, none, factor, out, below, batch, above, below - first)
        before += squares[0]
        after += squares[1]
    return before, after


@inlined_kernel
def gradient(delta, h, mask, dW):
    """Writes dW = (delta^T h) * mask and returns its sum of squares."""
    batch, above = delta.shape
    below, width = h.shape[1], _PANEL_BYTES // delta.itemsize
    left, none = address(delta, 0), null(delta)
    total = 0.0
    for first in range(0, below, width):
        right, factor, out = address(h, first), address_if_any(mask, first), address(dW, first)
        _, square = panel(left, 1, above, right, below, none, factor, out, below, above, batch, below - first)
        total += square
    return total
