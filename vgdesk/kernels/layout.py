"""How a network lies in memory while kernels work on it. Private to this package.

All weights stand in one flat array, layer after layer, each as (out, in) rows; likewise biases, masks and every
quantity per unit. A kernel cuts a layer out by its offset. Layer indices count from 0 here (index l is layer l + 1).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vgdesk.kernels.formula.program import program_address
from vgdesk.kernels.memory import aligned_zeros
from vgdesk.kernels.simd.registers import registers, strip_size
from vgdesk.spec.activation import alpha_of, family_name, own_formula

ACTIVATION_CODES = {
    "sigmoid": 0,
    "tanh": 1,
    "relu": 2,
    "identity": 3,
    "softsign": 4,
    "erf": 5,
    "hard-tanh": 6,
    "leaky-relu": 7,
    "elu": 8,
    "selu": 9,
    "softplus": 10,
    "silu": 11,
    "gelu": 12,
    "gelu-tanh": 13,
    "mish": 14,
    "relu6": 15,
    "hard-sigmoid": 16,
    "log-sigmoid": 17,
    "hard-swish": 18,
    "celu": 19,
    "prelu": 20,
}
"""A number per family of `vgdesk.spec.activation`; it stands in compiled code, so it belongs to this package."""


def activation_code(activation: str) -> int:
    """Returns the code of an activation; that of one's own formula is the address of its program."""
    own = own_formula(activation)
    return ACTIVATION_CODES[family_name(activation)] if own is None else program_address(own)


MIXED = -1
"""Stands for the activation of a layer whose units have different ones; these have their codes in `Options`."""

SCALES_NOWHERE, SCALES_SMALL, SCALES_ANYWHERE = range(3)
"""Where an activation allows its z to be scaled, see `forward_scaling`."""
_HOMOGENEOUS = ("relu", "leaky-relu", "prelu", "identity")
_NOT_ZERO_AT_ZERO = ("sigmoid", "softplus", "hard-sigmoid", "log-sigmoid")

BLAS_WIDTH = 2048
"""From this width on BLAS measures as fast as the explicit products, or faster (float64)."""


class Wiring(NamedTuple):
    """Describes the network to a kernel; arrays are int64 except where another type is named.

    Attributes
    ----------
    widths
        Shape (layers + 1,): inputs, then the width of each layer.
    activations
        Shape (layers,): codes, see `activation_code`.
    alphas
        Shape (layers,), in the run's format: `alpha_of` the activations.
    bias_block
        Shape (layers,): number of the block of the layer's biases, -1 where they are not learned.
    weight_start, unit_start
        Shape (layers + 1,): where each layer begins in a flat array of weights, of units.
    mask
        Flat like the weights, in the run's format: 1 where a connection exists, 0 where not; of length 0 when the
        network is dense.
    strip_size
        Shape (layers,): how much scratch the explicit products of this layer need; 0 where BLAS does them.
    scales
        Shape (layers,): `SCALES_NOWHERE`, `SCALES_SMALL` or `SCALES_ANYWHERE`, which the activation allows.
    """

    widths: np.ndarray
    activations: np.ndarray
    alphas: np.ndarray
    bias_block: np.ndarray
    weight_start: np.ndarray
    unit_start: np.ndarray
    mask: np.ndarray
    strip_size: np.ndarray
    scales: np.ndarray


class Workspace(NamedTuple):
    """Holds everything a step writes; allocated once. `n` is the number of units of all layers, `B` the batch.

    Attributes
    ----------
    inputs, targets
        Shapes (B, inputs), (B, outputs): the current batch.
    preactivation, preactivation_start
        z, divided by 2**forward_exponent, and where each layer's z begins: one slot for all layers, unless z was
        asked for.
    activation, slope, delta
        Flat, B*n numbers: h divided by 2**forward_exponent, phi'(z), and delta = dL/dz divided by 2**delta_exponent.
    scratch, biases
        Room for the activation of any one layer, and for its biases.
    strip
        Room for the products of any one layer, see `Wiring.strip_size`.
    ones
        1 for every unit of any one layer: the factor that changes nothing.
    delta_square, delta_exponent
        Shape (layers,): sums of squares of the scaled deltas, and the exponents of two they were scaled by.
    state_square, state_exponent
        The same of dL/dh.
    forward_exponent
        Shape (layers,): the exponent of z and h (see `forward_scaling`); 0 at the output.
    """

    inputs: np.ndarray
    targets: np.ndarray
    preactivation: np.ndarray
    preactivation_start: np.ndarray
    activation: np.ndarray
    slope: np.ndarray
    delta: np.ndarray
    scratch: np.ndarray
    strip: np.ndarray
    ones: np.ndarray
    delta_square: np.ndarray
    delta_exponent: np.ndarray
    state_square: np.ndarray
    state_exponent: np.ndarray
    forward_exponent: np.ndarray
    biases: np.ndarray


class Record(NamedTuple):
    """Holds the recorded rows; all float64 but `clipped` (bool). Norms are log10.

    Attributes
    ----------
    loss, total_norm, clipped_norm, clipped
        Shape (steps,): loss, norm of all gradients before and after clipping, whether clipping changed it.
    weight_norm, bias_norm, delta_norm, state_norm
        Shape (steps, layers): |dL/dW|, |dL/db|, |dL/dz|, |dL/dh|.
    """

    loss: np.ndarray
    total_norm: np.ndarray
    clipped_norm: np.ndarray
    clipped: np.ndarray
    weight_norm: np.ndarray
    bias_norm: np.ndarray
    delta_norm: np.ndarray
    state_norm: np.ndarray


def build_wiring(
    widths: Sequence[int],
    activations: Sequence[str],
    masks: Sequence[np.ndarray] | None,
    dtype: np.dtype,
    learns_bias: Sequence[bool] = (),
) -> Wiring:
    """Returns the description of a network; `masks` holds one (out, in) array per layer, or is None when dense.

    `learns_bias` is that of `Network`.
    """
    layers = len(activations)
    learns = learns_bias or (True,) * layers
    sizes = [above * below for below, above in pairwise(widths)]
    return Wiring(
        widths=np.array(widths, np.int64),
        activations=np.array([activation_code(name) for name in activations], np.int64),
        alphas=np.array([alpha_of(name) for name in activations], dtype),
        bias_block=np.array([layers + n if learned else -1 for n, learned in enumerate(learns)], np.int64),
        weight_start=np.cumsum([0, *sizes], dtype=np.int64),
        unit_start=np.cumsum([0, *widths[1:]], dtype=np.int64),
        mask=np.zeros(0, dtype) if masks is None else flatten(masks, dtype),
        strip_size=np.array([_strip_size(*pair, dtype) for pair in pairwise(widths)], np.int64),
        scales=np.array([_where_it_scales(name) for name in activations], np.int64),
    )


def build_workspace(wiring: Wiring, batch: int, dtype: np.dtype, keep_preactivations: bool = False) -> Workspace:
    """Allocates what a step writes."""
    layers = len(wiring.activations)
    units = int(wiring.unit_start[-1])
    widest = int(wiring.widths.max())
    return Workspace(
        inputs=aligned_zeros(batch * int(wiring.widths[0]), dtype).reshape(batch, -1),
        targets=aligned_zeros(batch * int(wiring.widths[-1]), dtype).reshape(batch, -1),
        preactivation=aligned_zeros(batch * (units if keep_preactivations else widest), dtype),
        preactivation_start=batch * wiring.unit_start * int(keep_preactivations),
        activation=aligned_zeros(batch * units, dtype),
        slope=aligned_zeros(batch * units, dtype),
        delta=aligned_zeros(batch * units, dtype),
        scratch=aligned_zeros(batch * widest, dtype),
        strip=aligned_zeros(int(wiring.strip_size.max()), dtype),
        ones=_ones(batch * widest, dtype),
        delta_square=np.zeros(layers),
        delta_exponent=np.zeros(layers, np.int64),
        state_square=np.zeros(layers),
        state_exponent=np.zeros(layers, np.int64),
        forward_exponent=np.zeros(layers, np.int64),
        biases=aligned_zeros(widest, dtype),
    )


def build_record(steps: int, layers: int) -> Record:
    """Allocates the rows of a record."""
    return Record(
        loss=np.empty(steps),
        total_norm=np.empty(steps),
        clipped_norm=np.empty(steps),
        clipped=np.zeros(steps, np.bool_),
        weight_norm=np.empty((steps, layers)),
        bias_norm=np.empty((steps, layers)),
        delta_norm=np.empty((steps, layers)),
        state_norm=np.empty((steps, layers)),
    )


def _where_it_scales(activation: str) -> int:
    """Returns where an activation allows scaling; nothing is known of one's own formula."""
    if own_formula(activation) is not None or family_name(activation) in _NOT_ZERO_AT_ZERO:
        return SCALES_NOWHERE
    return SCALES_ANYWHERE if family_name(activation) in _HOMOGENEOUS else SCALES_SMALL


def _strip_size(below: int, above: int, dtype: np.dtype) -> int:
    """Decides who multiplies: explicit vectors up to the width where BLAS measures faster, and where they fit."""
    if max(below, above) >= BLAS_WIDTH or not registers().fit:
        return 0
    return strip_size(below, dtype.itemsize)


def _ones(size: int, dtype: np.dtype) -> np.ndarray:
    ones = aligned_zeros(size, dtype)
    ones[:] = 1
    return ones


def flatten(arrays: Sequence[np.ndarray], dtype: np.dtype) -> np.ndarray:
    """Returns one aligned array with all numbers of the arrays, one after the other."""
    flat = aligned_zeros(sum(array.size for array in arrays), dtype)
    with np.errstate(over="ignore"):  # what exceeds float32 is infinite there, and the run says so
        np.concatenate([np.ravel(array) for array in arrays], out=flat, casting="same_kind")
    return flat
