"""dL/dh^0, the gradient at a network's input: one product more than training needs, so it is made when asked for.

    dL/dh^0 = delta^1 W^1  +  what a skip of layer 1 leads past it
        residual   dL/dh^1
        highway    C dL/dh^1 + delta_T W_T,     delta_T = dL/dh^1 (F - h^0) T C     (letters as in `skips`)

Its factors are scaled numbers (see `scaling`), W^1 is brought near 1 as well, and all is added in float64: the norm has
a number where the values themselves leave every format.
"""

import math
from collections.abc import Sequence
from itertools import starmap

import numpy as np

from vgdesk.kernels.assembly import Assembly, Room
from vgdesk.kernels.layout import Workspace
from vgdesk.kernels.options import GATE_W, HIGHWAY, NO_SKIP, Options

_ORDINARY = 1000
"""Up to here 2**exponent is a normal number."""


def input_gradient(assembly: Assembly, room: Room) -> tuple[np.ndarray, int]:
    """Returns dL/dh^0 of the batch that has just gone there and back in a room, divided by 2**exponent.

    Returns
    -------
    gradient, exponent
        Shape (batch, inputs), float64, of ordinary size; all zeros where nothing arrives.
    """
    work, (below, above) = room.work, assembly.network.widths[:2]
    delta = work.delta[: len(work.inputs) * above].reshape(-1, above)
    parts = [_product(delta, _weights(assembly, 0, above, below), int(work.delta_exponent[0]))]
    if room.options is not None and room.options.skip[0] != NO_SKIP:
        parts += _beside(assembly, work, room.options)
    return _sum(parts)


def log10_input_norm(assembly: Assembly, room: Room) -> float:
    """Returns log10 of |dL/dh^0|; -inf = exactly zero."""
    gradient, exponent = input_gradient(assembly, room)
    norm = float(np.linalg.norm(gradient))
    return math.log10(norm) + exponent * math.log10(2.0) if norm else -math.inf


def _beside(assembly: Assembly, work: Workspace, options: Options) -> list[tuple[np.ndarray, int]]:
    """Returns what the skip of layer 1 leads to the input; layers with a skip are as wide as what is below them."""
    units, exponent = assembly.network.widths[0], int(work.state_exponent[0])
    shape, size = work.inputs.shape, work.inputs.size
    signal = options.signal[:size].reshape(shape).astype(np.float64)
    if options.skip[0] != HIGHWAY:
        return [(signal, exponent)]
    inner, gate, carry = (
        values[:size].reshape(shape).astype(np.float64) for values in (options.inner, options.gate, options.carry)
    )
    gate_delta = signal * (inner - work.inputs) * (gate * carry)
    W = _weights(assembly, int(options.block[0, GATE_W]), units, units)
    return [(signal * carry, exponent), _product(gate_delta, W, exponent)]


def _weights(assembly: Assembly, block: int, above: int, below: int) -> np.ndarray:
    """Returns the matrix of a block of parameters, (above, below)."""
    start = int(assembly.trained.start[block])
    return assembly.trained.parameters[start : start + above * below].reshape(above, below)


def _product(delta: np.ndarray, W: np.ndarray, exponent: int) -> tuple[np.ndarray, int]:
    """Returns delta W as a scaled number, given the exponent of delta."""
    near, shift = _near_one(W.astype(np.float64), exponent)
    return delta.astype(np.float64) @ near, shift


def _sum(parts: Sequence[tuple[np.ndarray, int]]) -> tuple[np.ndarray, int]:
    """Returns the sum of scaled numbers; digits of one are lost only far below the last one of another."""
    if len(parts) == 1:
        return parts[0]
    scaled = list(starmap(_near_one, parts))
    top = max((shift for values, shift in scaled if values.any()), default=0)
    with np.errstate(under="ignore"):
        total = sum(np.ldexp(values, max(shift - top, -2000)) for values, shift in scaled if values.any())
    return (np.zeros_like(parts[0][0]), 0) if isinstance(total, int) else (total, top)


def _near_one(values: np.ndarray, exponent: int) -> tuple[np.ndarray, int]:
    """Brings the largest magnitude between 1/2 and 1."""
    _, shift = math.frexp(float(np.max(np.abs(values))))
    near = values * math.ldexp(1.0, -shift) if abs(shift) < _ORDINARY else np.ldexp(values, -shift)  # far slower
    return near, exponent + shift
