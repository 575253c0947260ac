"""Loss and all derivatives of one batch at given parameters, from the same kernels that train."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.assembly import DIFFERENTIATION, Assembly, Room
from vgdesk.kernels.input_gradient import input_gradient, log10_input_norm
from vgdesk.kernels.network import Network, require_examples


@dataclass(frozen=True)
class Gradient:
    """Holds loss and derivatives of one batch, true values (scaling undone), float64, layer by layer.

    `others` are the derivatives by the parameters that are neither weight nor bias, by name; `deltas` and `states` are
    dL/dz and dL/dh of each layer, `inputs` is dL/dh^0, the derivative by the inputs. The norms, shape (layers,) but for
    that of dL/dh^0, also have a number where the values themselves underflow to 0 or overflow.
    """

    loss: float
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    others: Mapping[str, np.ndarray]
    activations: tuple[np.ndarray, ...]
    preactivations: tuple[np.ndarray, ...]
    deltas: tuple[np.ndarray, ...]
    states: tuple[np.ndarray, ...]
    inputs: np.ndarray
    log10_weight_norm: np.ndarray
    log10_bias_norm: np.ndarray
    log10_delta_norm: np.ndarray
    log10_state_norm: np.ndarray
    log10_input_norm: float


def differentiate(
    network: Network,
    weights: Sequence[np.ndarray],
    biases: Sequence[np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    precision: str = "float64",
    others: Mapping[str, np.ndarray] | None = None,
) -> Gradient:
    """Computes loss and gradient of one batch at the given parameters.

    Nothing is dropped; batch normalisation uses the moments of this batch.

    Parameters
    ----------
    network, weights, biases, precision, others
        As for `FusedTrainer`.
    inputs, targets
        The batch, shapes (B, inputs) and (B, outputs).
    """
    assembly = Assembly(network, weights, biases, others, precision)
    require_examples(network, inputs, targets)
    batch, layers, trained = len(inputs), len(network.activations), assembly.trained
    room, every = assembly.room(batch, keep_preactivations=True), np.arange(batch, dtype=np.int64)[None]
    given = assembly.converted(inputs), assembly.converted(targets)
    record, _, finite = assembly.run(room, DIFFERENTIATION, *given, every)
    if not finite:  # what the buffers hold then was not computed in full
        for unknown in (room.work.delta, trained.gradient):
            unknown[:] = np.nan
    scaled_weights, scaled_biases = assembly.cut_parameters(trained.gradient)
    deltas, exponents = assembly.cut_units(room.work.delta, batch), trained.exponent
    forward, others_scaled = room.work.forward_exponent, assembly.cut_others(trained.gradient)
    activations = _unscaled(assembly.cut_units(room.work.activation, batch), forward)
    return Gradient(
        loss=float(record.loss[0]),
        weights=_unscaled(scaled_weights, exponents[:layers]),
        biases=_unscaled(scaled_biases, exponents[layers : 2 * layers]),
        others=dict(zip(others_scaled, _unscaled([*others_scaled.values()], exponents[2 * layers :]), strict=True)),
        activations=(np.array(inputs, np.float64), *activations),
        preactivations=_unscaled(assembly.cut_units(room.work.preactivation, batch), forward),
        deltas=_unscaled(deltas, room.work.delta_exponent),
        states=_states(assembly, room, deltas),
        inputs=_true(*input_gradient(assembly, room)) if finite else np.full(np.shape(inputs), np.nan),
        log10_weight_norm=record.weight_norm[0],
        log10_bias_norm=record.bias_norm[0],
        log10_delta_norm=record.delta_norm[0],
        log10_state_norm=record.state_norm[0],
        log10_input_norm=log10_input_norm(assembly, room) if finite else np.nan,
    )


def _states(assembly: Assembly, room: Room, deltas: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """Returns dL/dh of every layer; `deltas` are scaled."""
    exponents, output = room.work.delta_exponent, _output_state(assembly, room)
    if room.options is not None:
        signals = assembly.cut_units(room.options.signal, room.work.inputs.shape[0])
        return (*_unscaled(signals[:-1], room.work.state_exponent[:-1]), output)
    weights, _ = assembly.cut_parameters(assembly.trained.parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        below = [delta @ W for delta, W in zip(deltas[1:], weights[1:], strict=True)]
    return (*_unscaled(below, exponents[1:]), output)


def _output_state(assembly: Assembly, room: Room) -> np.ndarray:
    """Returns dL/dh of the output layer (see `losses` and `states` for the formulas)."""
    targets, last = room.work.targets.astype(np.float64), assembly.wiring.unit_start[-2]
    first, batch = last * len(targets), len(targets)
    h, z = (flat[first:].reshape(targets.shape) for flat in (room.work.activation, room.work.preactivation))
    with np.errstate(over="ignore", invalid="ignore"):
        if assembly.network.loss == "bce":
            up, down = 1.0 + np.exp(z.astype(np.float64)), 1.0 + np.exp(-z.astype(np.float64))
            rest = np.where(targets == 1.0, 0.0, (1.0 - targets) * up)
            return (rest - np.where(targets == 0.0, 0.0, targets * down)) / targets.size
        if assembly.network.loss == "softmax-cross-entropy":
            delta = room.work.delta[first:].reshape(targets.shape).astype(np.float64)
            return _true(delta, room.work.delta_exponent[-1])
        factor = 2.0 / targets.size if assembly.network.loss == "mse" else 1.0 / batch
        return factor * (h - targets)


def _unscaled(arrays: Sequence[np.ndarray], exponents: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(_true(array, exponent) for array, exponent in zip(arrays, exponents, strict=True))


def _true(array: np.ndarray, exponent: int) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore"):  # what exceeds float64 is 0 or infinite there, as it should be
        return np.ldexp(array, np.int32(exponent))
