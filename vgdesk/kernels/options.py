"""What layers with options need in memory beside the plain network's. Private to this package.

    z = W h_below + b,   a = norm(z),   F = phi(a) * factor,   h = F, or h_below + F, or T F + (1 - T) h_below

`factor` is what dropout multiplies by: 0, or 1 / (1 - p). A plain network has `no_options`, and the code that
handles options is compiled when a network first has some. Layer indices count from 0 here, as in `layout`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vgdesk.kernels.layout import ACTIVATION_CODES, Wiring, activation_code
from vgdesk.kernels.memory import aligned_zeros
from vgdesk.kernels.network import NORMALISATION_CODES, SKIP_CODES, Network
from vgdesk.spec.activation import alpha_of

NO_NORMALISATION, BATCH, LAYER = NORMALISATION_CODES.values()
NO_SKIP, RESIDUAL, HIGHWAY = SKIP_CODES.values()
GAMMA, BETA, SLOPE, GATE_W, GATE_B = range(5)
"""Columns of `Options.block`."""
ROWS_OF_A_UNIT = 3
"""Argument, value and slope, each with a number per example."""
_KINDS = ("gamma", "beta", "slope", "gate_W", "gate_b")


class Options(NamedTuple):
    """Describes the options of each layer and holds what they leave for the way back; `n` units, batch `B`.

    Attributes
    ----------
    normalisation, skip
        Shape (layers,), int64: codes of `network`.
    dropout
        Shape (layers,), float64: probability of dropping a unit.
    block
        Shape (layers, 5), int64: which block of `Trained` holds gamma, beta, ..., or -1.
    unit_codes, unit_alphas
        Shape (n,), int64 and the run's format: `activation_code` and alpha of every unit; of length 0 when no layer is
        mixed (see `mixed`).
    running_mean, running_variance
        Shape (n,), float64: what batch normalisation remembers of the batches it has seen.
    mean, variance
        Shape (widest,), float64: moments of one layer.
    root
        Shape (layers, larger of B and widest), float64: 1 / sqrt(variance + epsilon) per unit, or per example.
    standard, argument
        Flat, B*n: normalised z, and a; of length 0 when no layer is normalised.
    factor
        Flat, B*n; of length 0 when no layer has dropout.
    inner
        Flat, B*n: F of the layers with a skip connection; of length 0 when there are none.
    gate, carry
        Flat, B*n: T and 1 - T; of length 0 without highways.
    signal
        Flat, B*n: dL/dh divided by 2**state_exponent of the layer.
    spare, other_spare
        Room for any one layer; `spare` also for the numbers of one unit that `mixed` brings together.
    sigmoid
        Code of the gates' activation (a constant in a kernel would compile `activate` once more).
    seed
        uint64, of the dropout.
    drops, learns, remembers
        1 or 0: whether units are dropped, whether running moments move, whether running moments take the place of the
        batch's.
    """

    normalisation: np.ndarray
    skip: np.ndarray
    dropout: np.ndarray
    block: np.ndarray
    unit_codes: np.ndarray
    unit_alphas: np.ndarray
    running_mean: np.ndarray
    running_variance: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    root: np.ndarray
    standard: np.ndarray
    argument: np.ndarray
    factor: np.ndarray
    inner: np.ndarray
    gate: np.ndarray
    carry: np.ndarray
    signal: np.ndarray
    spare: np.ndarray
    other_spare: np.ndarray
    sigmoid: int
    seed: np.uint64
    drops: int
    learns: int
    remembers: int


class Moments(NamedTuple):
    """Holds the running mean and variance of every unit, float64, shared by all that use the network."""

    mean: np.ndarray
    variance: np.ndarray


def build_moments(wiring: Wiring) -> Moments:
    """Returns mean 0 and variance 1."""
    units = int(wiring.unit_start[-1])
    return Moments(np.zeros(units), np.ones(units))


def build_options(
    network: Network, wiring: Wiring, names: Sequence[str], moments: Moments, batch: int, dtype: np.dtype, seed: int
) -> Options:
    """Allocates what a step with options needs; `names` are those of `network.other_shapes`, in their order."""
    units, widest = batch * int(wiring.unit_start[-1]), int(wiring.widths.max())
    is_normalised = set(network.normalisations) != {"none"}
    has_highway, has_skip = "highway" in network.skips, set(network.skips) != {None}

    own = unit_names(network) if any(network.unit_activations) else []

    def room(needed: bool, size: int = units) -> np.ndarray:
        return aligned_zeros(size if needed else 0, dtype)

    return Options(
        normalisation=np.array([NORMALISATION_CODES[name] for name in network.normalisations], np.int64),
        skip=np.array([SKIP_CODES[name] for name in network.skips], np.int64),
        dropout=np.array(network.dropouts, np.float64),
        block=_blocks(len(network.activations), names),
        unit_codes=np.array([activation_code(name) for name in own], np.int64),
        unit_alphas=np.array([alpha_of(name) for name in own], dtype),
        running_mean=moments.mean,
        running_variance=moments.variance,
        mean=np.zeros(widest),
        variance=np.zeros(widest),
        root=np.zeros((len(network.activations), max(batch, widest))),
        standard=room(is_normalised),
        argument=room(is_normalised),
        factor=room(any(network.dropouts)),
        inner=room(has_skip),
        gate=room(has_highway),
        carry=room(has_highway),
        signal=room(True),
        spare=room(True, batch * max(widest, ROWS_OF_A_UNIT)),
        other_spare=room(True, batch * widest),
        sigmoid=ACTIVATION_CODES["sigmoid"],
        seed=np.uint64(seed % 2**64),
        drops=0,
        learns=0,
        remembers=0,
    )


def no_options(wiring: Wiring, dtype: np.dtype) -> Options:
    """Returns what tells a kernel that its network is plain."""
    nothing = Network((1,), (), "mse")
    return build_options(nothing, wiring, (), Moments(np.zeros(0), np.zeros(0)), 0, dtype, 0)


def unit_names(network: Network) -> list[str]:
    """Returns the activation of every unit, layer by layer."""
    return [
        name
        for width, usual, own in zip(network.widths[1:], network.activations, network.unit_activations, strict=True)
        for name in own or (usual,) * width
    ]


def _blocks(layers: int, names: Sequence[str]) -> np.ndarray:
    """Returns the table of blocks: weights and biases come first, then the parameters named."""
    table = np.full((layers, len(_KINDS)), -1, np.int64)
    for place, name in enumerate(names):
        kind = name.rstrip("0123456789")
        table[int(name[len(kind) :]) - 1, _KINDS.index(kind)] = 2 * layers + place
    return table
