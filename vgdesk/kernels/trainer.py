"""The door to the fused trainer: checks shapes in Python, packs the network, calls the kernels, unpacks.

Kernels have no bounds check, so every array that reaches them is made or measured here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vgdesk.kernels import feed_forward
from vgdesk.kernels.layout import build_wiring, build_workspace, flatten
from vgdesk.kernels.losses import LOSS_CODES
from vgdesk.kernels.threads import one_blas_thread


@dataclass(frozen=True)
class Network:
    """Names what a kernel needs to know of a feed-forward network.

    Attributes
    ----------
    widths
        Inputs, then the width of each layer.
    activations
        One name per layer: sigmoid, tanh, relu, identity.
    loss
        One of `LOSS_CODES`.
    masks
        One (out, in) array of 1 and 0 per layer where wiring is sparse; None when every connection exists.
    """

    widths: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    masks: tuple[np.ndarray, ...] | None = None


@dataclass(frozen=True)
class Rows:
    """Holds recorded steps: `loss` (steps,), log10 norms (steps, layers); not `finite` when the last row is not."""

    loss: np.ndarray
    log10_weight_norm: np.ndarray
    log10_delta_norm: np.ndarray
    finite: bool


@dataclass(frozen=True)
class Gradient:
    """Holds loss and derivatives of one batch, true values (scaling undone), float64, layer by layer.

    `log10_weight_norm` and `log10_delta_norm`, shape (layers,), also have a number where the values themselves
    underflow to 0 or overflow.
    """

    loss: float
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]
    preactivations: tuple[np.ndarray, ...]
    deltas: tuple[np.ndarray, ...]
    log10_weight_norm: np.ndarray
    log10_delta_norm: np.ndarray


class FusedTrainer:
    """Trains one network by stochastic gradient descent and records every step.

    Parameters
    ----------
    network
        The network and its loss.
    weights, biases
        Parameters to start from, (out, in) and (out,) per layer; copied.
    inputs, targets
        All examples, shapes (N, inputs) and (N, outputs); copied.
    rate
        Learning rate.
    batch
        Examples per step.
    precision
        "float64" or "float32".
    """

    def __init__(
        self,
        network: Network,
        weights: Sequence[np.ndarray],
        biases: Sequence[np.ndarray],
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        rate: float,
        batch: int,
        precision: str = "float64",
    ) -> None:
        _require_network(network)
        _require_parameters(network, weights, biases)
        _require_examples(network, inputs, targets)
        dtype = np.dtype(precision)
        self._network, self._rate, self._batch = network, float(rate), batch
        self._weights, self._biases = flatten(weights, dtype), flatten(biases, dtype)
        self._inputs, self._targets = _converted(inputs, dtype), _converted(targets, dtype)
        self._wiring = build_wiring(network.widths, network.activations, network.masks, dtype)
        self._work = build_workspace(self._wiring, batch, dtype)

    def run(self, rows: np.ndarray) -> Rows:
        """Trains one step per line of `rows`, shape (steps, batch): the numbers of the examples it takes."""
        rows = np.array(rows, np.int64, order="C")
        if rows.ndim != 2 or rows.shape[1] != self._batch:
            raise ValueError(f"rows must have shape (steps, {self._batch}), got {rows.shape}")
        if rows.size and not 0 <= rows.min() <= rows.max() < len(self._inputs):
            raise ValueError(f"rows must name examples 0 to {len(self._inputs) - 1}, got {rows.min()} to {rows.max()}")
        shape = (len(rows), len(self._network.activations))
        loss, weight_norms, delta_norms = np.empty(len(rows)), np.empty(shape), np.empty(shape)
        with one_blas_thread():
            recorded, finite = feed_forward.train(
                self._wiring,
                LOSS_CODES[self._network.loss],
                self._rate,
                True,
                self._inputs,
                self._targets,
                rows,
                self._weights,
                self._biases,
                self._work,
                loss,
                weight_norms,
                delta_norms,
            )
        return Rows(loss[:recorded], weight_norms[:recorded], delta_norms[:recorded], finite)

    def parameters(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Returns copies of the present weights and biases, float64."""
        return _weights_of(self._network, self._weights), _biases_of(self._network, self._biases)


def differentiate(
    network: Network,
    weights: Sequence[np.ndarray],
    biases: Sequence[np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    precision: str = "float64",
) -> Gradient:
    """Computes loss and gradient of one batch at the given parameters.

    Parameters
    ----------
    network, weights, biases, precision
        As for `FusedTrainer`.
    inputs, targets
        The batch, shapes (B, inputs) and (B, outputs).
    """
    _require_network(network)
    _require_parameters(network, weights, biases)
    _require_examples(network, inputs, targets)
    dtype, layers = np.dtype(precision), len(network.activations)
    wiring = build_wiring(network.widths, network.activations, network.masks, dtype)
    work = build_workspace(wiring, len(inputs), dtype, keep_preactivations=True)
    loss, weight_norms, delta_norms = np.empty(1), np.empty((1, layers)), np.empty((1, layers))
    flat_weights, flat_biases = flatten(weights, dtype), flatten(biases, dtype)
    with one_blas_thread():
        _, finite = feed_forward.train(
            wiring,
            LOSS_CODES[network.loss],
            0.0,
            False,
            _converted(inputs, dtype),
            _converted(targets, dtype),
            np.arange(len(inputs), dtype=np.int64)[None],
            flat_weights,
            flat_biases,
            work,
            loss,
            weight_norms,
            delta_norms,
        )
    if not finite:  # what the buffers hold then was not computed in full
        for unknown in (work.delta, work.weight_gradient, work.bias_gradient):
            unknown[:] = np.nan
    scaled_weights, scaled_biases = _weights_of(network, work.weight_gradient), _biases_of(network, work.bias_gradient)
    deltas = _units_of(network, work.delta, len(inputs))
    return Gradient(
        loss=float(loss[0]),
        weights=_unscaled(scaled_weights, work.weight_exponent),
        biases=_unscaled(scaled_biases, work.delta_exponent),
        activations=(np.array(inputs, np.float64), *_units_of(network, work.activation, len(inputs))),
        preactivations=_units_of(network, work.preactivation, len(inputs)),
        deltas=_unscaled(deltas, work.delta_exponent),
        log10_weight_norm=weight_norms[0],
        log10_delta_norm=delta_norms[0],
    )


def _converted(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    with np.errstate(over="ignore"):  # what exceeds float32 is infinite there, and the run says so
        return np.array(array, dtype, order="C")


def _weights_of(network: Network, flat: np.ndarray) -> tuple[np.ndarray, ...]:
    shapes = [(above, below) for below, above in pairwise(network.widths)]
    return _cut(flat, shapes)


def _biases_of(network: Network, flat: np.ndarray) -> tuple[np.ndarray, ...]:
    return _cut(flat, [(width,) for width in network.widths[1:]])


def _units_of(network: Network, flat: np.ndarray, batch: int) -> tuple[np.ndarray, ...]:
    return _cut(flat, [(batch, width) for width in network.widths[1:]])


def _cut(flat: np.ndarray, shapes: Sequence[tuple[int, ...]]) -> tuple[np.ndarray, ...]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(flat, ends[:-1])
    return tuple(part.reshape(shape).astype(np.float64) for part, shape in zip(parts, shapes, strict=True))


def _unscaled(arrays: Sequence[np.ndarray], exponents: np.ndarray) -> tuple[np.ndarray, ...]:
    with np.errstate(over="ignore", under="ignore"):  # what exceeds float64 is 0 or infinite there, as it should be
        return tuple(np.ldexp(array, np.int32(exponent)) for array, exponent in zip(arrays, exponents, strict=True))


def _require_network(network: Network) -> None:
    layers = len(network.widths) - 1
    if layers < 1 or len(network.activations) != layers or min(network.widths) < 1:
        raise ValueError(f"widths {network.widths} and {len(network.activations)} activations do not make a network")
    if network.loss not in LOSS_CODES:
        raise ValueError(f"loss must be one of {', '.join(LOSS_CODES)}; got {network.loss!r}")
    if network.loss == "bce" and network.activations[-1] != "sigmoid":
        raise ValueError(f"bce needs a sigmoid output, got {network.activations[-1]!r}")
    if network.loss == "softmax-cross-entropy" and network.activations[-1] != "identity":
        raise ValueError(f"softmax-cross-entropy needs an identity output, got {network.activations[-1]!r}")
    if network.masks is not None:
        _require_shapes("masks", network.masks, list(zip(network.widths[1:], network.widths, strict=False)))


def _require_parameters(network: Network, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> None:
    _require_shapes("weights", weights, list(zip(network.widths[1:], network.widths, strict=False)))
    _require_shapes("biases", biases, [(width,) for width in network.widths[1:]])


def _require_examples(network: Network, inputs: np.ndarray, targets: np.ndarray) -> None:
    count = len(inputs)
    if count < 1:
        raise ValueError("at least one example is needed, got none")
    _require_shapes("inputs and targets", [inputs, targets], [(count, network.widths[0]), (count, network.widths[-1])])


def _require_shapes(name: str, arrays: Sequence[np.ndarray], shapes: Sequence[tuple[int, ...]]) -> None:
    found = [np.shape(array) for array in arrays]
    if found != list(shapes):
        raise ValueError(f"{name} must have shapes {list(shapes)}, got {found}")
