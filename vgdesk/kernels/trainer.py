"""The door to the fused trainer: checks shapes in Python, packs the network, calls the kernels, unpacks.

Kernels have no bounds check, so every array that reaches them is made or measured here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vgdesk.kernels import feed_forward
from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.layout import Record, build_record, build_wiring, build_workspace
from vgdesk.kernels.losses import LOSS_CODES
from vgdesk.kernels.probe import Probe, forward
from vgdesk.kernels.rules import PLAIN_DESCENT, Rule
from vgdesk.kernels.threads import one_blas_thread
from vgdesk.kernels.trained import Trained, build_trained


@dataclass(frozen=True)
class Network:
    """Names what a kernel needs to know of a feed-forward network.

    Attributes
    ----------
    widths
        Inputs, then the width of each layer.
    activations
        One name of `ACTIVATION_CODES` per layer.
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
    """Holds recorded steps: shapes (steps,) and, for the last two norms, (steps, layers).

    Not `finite` when the last row is not.
    """

    loss: np.ndarray
    learning_rate: np.ndarray
    log10_total_norm: np.ndarray
    log10_clipped_norm: np.ndarray
    clipped: np.ndarray
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
    """Trains one network and records every step.

    Parameters
    ----------
    network
        The network and its loss.
    weights, biases
        Parameters to start from, (out, in) and (out,) per layer; copied.
    inputs, targets
        All examples, shapes (N, inputs) and (N, outputs); copied.
    rate
        Learning rate where `run` is given none.
    batch
        Examples per step.
    precision
        "float64" or "float32".
    rule
        How the gradient changes the parameters; plain gradient descent by default.

    Attributes
    ----------
    cap
        How the gradient is clipped; it may be replaced between two calls of `run`.
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
        rule: Rule = PLAIN_DESCENT,
    ) -> None:
        _require_network(network)
        _require_parameters(network, weights, biases)
        _require_examples(network, inputs, targets)
        dtype = np.dtype(precision)
        self.cap = Cap()
        self._network, self._rule, self._rate, self._batch = network, rule, float(rate), batch
        self._inputs, self._targets = _converted(inputs, dtype), _converted(targets, dtype)
        self._wiring = build_wiring(network.widths, network.activations, network.masks, dtype)
        self._trained = build_trained(rule, (weights, biases), dtype)
        self._work = build_workspace(self._wiring, batch, dtype)

    def run(self, rows: np.ndarray, rates: np.ndarray | None = None) -> Rows:
        """Trains one step per line of `rows`, shape (steps, batch): the numbers of the examples it takes.

        `rates`, shape (steps,), holds the learning rate of each step; by default the one given at construction.
        """
        rows = self._checked(rows)
        rates = np.full(len(rows), self._rate) if rates is None else np.array(rates, np.float64, order="C")
        if rates.shape != (len(rows),):
            raise ValueError(f"rates must have shape ({len(rows)},), got {rates.shape}")
        record = build_record(len(rows), len(self._network.activations))
        with one_blas_thread():
            recorded, finite = feed_forward.train(
                self._wiring,
                LOSS_CODES[self._network.loss],
                self._rule,
                self.cap,
                rates,
                self._trained,
                self._inputs,
                self._targets,
                rows,
                self._work,
                record,
            )
        return _rows_of(record, rates, recorded, finite)

    def parameters(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Returns copies of the present weights and biases, float64."""
        return _parameters_of(self._network, self._trained, self._trained.parameters)

    def measure(self, rows: np.ndarray) -> tuple[float, np.ndarray]:
        """Returns loss and outputs of one batch at the present parameters, which stay as they are.

        `rows`, shape (batch,), are the numbers of its examples.
        """
        loss_code, batch = LOSS_CODES[self._network.loss], self._checked(np.asarray(rows)[None])[0]
        return forward(self._wiring, self._trained, loss_code, self._inputs, self._targets, batch, self._work)

    def probe(self, inputs: np.ndarray, targets: np.ndarray) -> Probe:
        """Returns what measures other examples at this trainer's parameters, whatever they are by then."""
        _require_examples(self._network, inputs, targets)
        dtype, loss_code = self._inputs.dtype, LOSS_CODES[self._network.loss]
        return Probe(self._wiring, self._trained, loss_code, _converted(inputs, dtype), _converted(targets, dtype))

    def _checked(self, rows: np.ndarray) -> np.ndarray:
        """Returns numbers of examples as kernels take them, shape (steps, batch)."""
        rows = np.array(rows, np.int64, order="C")
        if rows.ndim != 2 or rows.shape[1] != self._batch:
            raise ValueError(f"rows must have shape (steps, {self._batch}), got {rows.shape}")
        if rows.size and not 0 <= rows.min() <= rows.max() < len(self._inputs):
            raise ValueError(f"rows must name examples 0 to {len(self._inputs) - 1}, got {rows.min()} to {rows.max()}")
        return rows


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
    trained = build_trained(PLAIN_DESCENT, (weights, biases), dtype)
    work = build_workspace(wiring, len(inputs), dtype, keep_preactivations=True)
    record = build_record(1, layers)
    with one_blas_thread():
        _, finite = feed_forward.train(
            wiring,
            LOSS_CODES[network.loss],
            PLAIN_DESCENT,
            Cap(),
            np.zeros(0),
            trained,
            _converted(inputs, dtype),
            _converted(targets, dtype),
            np.arange(len(inputs), dtype=np.int64)[None],
            work,
            record,
        )
    if not finite:  # what the buffers hold then was not computed in full
        for unknown in (work.delta, trained.gradient):
            unknown[:] = np.nan
    scaled_weights, scaled_biases = _parameters_of(network, trained, trained.gradient)
    deltas = _units_of(network, work.delta, len(inputs))
    return Gradient(
        loss=float(record.loss[0]),
        weights=_unscaled(scaled_weights, trained.exponent[:layers]),
        biases=_unscaled(scaled_biases, trained.exponent[layers:]),
        activations=(np.array(inputs, np.float64), *_units_of(network, work.activation, len(inputs))),
        preactivations=_units_of(network, work.preactivation, len(inputs)),
        deltas=_unscaled(deltas, work.delta_exponent),
        log10_weight_norm=record.weight_norm[0],
        log10_delta_norm=record.delta_norm[0],
    )


def _rows_of(record: Record, rates: np.ndarray, recorded: int, finite: bool) -> Rows:
    kept = slice(recorded)
    return Rows(
        loss=record.loss[kept],
        learning_rate=rates[kept],
        log10_total_norm=record.total_norm[kept],
        log10_clipped_norm=record.clipped_norm[kept],
        clipped=record.clipped[kept],
        log10_weight_norm=record.weight_norm[kept],
        log10_delta_norm=record.delta_norm[kept],
        finite=finite,
    )


def _converted(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    with np.errstate(over="ignore"):  # what exceeds float32 is infinite there, and the run says so
        return np.array(array, dtype, order="C")


def _parameters_of(
    network: Network, trained: Trained, flat: np.ndarray
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Cuts weights and biases out of an array that is flat like the parameters; copies, float64."""
    first_bias = int(trained.start[len(network.activations)])
    shapes = [(above, below) for below, above in pairwise(network.widths)]
    return _cut(flat, shapes), _cut(flat[first_bias:], [(width,) for width in network.widths[1:]])


def _units_of(network: Network, flat: np.ndarray, batch: int) -> tuple[np.ndarray, ...]:
    return _cut(flat, [(batch, width) for width in network.widths[1:]])


def _cut(flat: np.ndarray, shapes: Sequence[tuple[int, ...]]) -> tuple[np.ndarray, ...]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(flat[: ends[-1]], ends[:-1])
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
