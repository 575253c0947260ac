"""Loss and all derivatives of one batch of sequences at given parameters, from the same kernels that train."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.recurrent.assembly import RecurrentAssembly
from vgdesk.kernels.recurrent.layout import (
    B_HN,
    B_IN,
    B_MAIN,
    B_OUT,
    W_HH,
    W_HN,
    W_IH,
    W_IN,
    W_OUT,
    cut_parameters,
)
from vgdesk.kernels.recurrent.network import RecurrentNetwork, require_sequences
from vgdesk.kernels.recurrent.unpacked import arguments_of, by_time, side_by_side


@dataclass(frozen=True)
class RecurrentGradient:
    """Holds loss and derivatives of one batch, true values (scaling undone), float64.

    Attributes
    ----------
    loss
        Batch loss.
    parameters
        dL/dp by name, in the parameters' shapes.
    states, cells
        h_t and c_t, shape (T, batch, width); `cells` has no time steps where there is no cell.
    preactivations, deltas
        z_t and dL/dz_t of all gates side by side, shape (T, batch, gates * width).
    d_states, d_cells
        dL/dh_t and dL/dc_t, shape as `states`.
    log10_weight_norm, log10_state_norm
        Norms of dL/dW_ih, dL/dW_hh, dL/dW_out (3,), and of `d_states` (T,); they have a number also where the values
        themselves underflow to 0 or overflow.
    """

    loss: float
    parameters: dict[str, np.ndarray]
    states: np.ndarray
    cells: np.ndarray
    preactivations: np.ndarray
    deltas: np.ndarray
    d_states: np.ndarray
    d_cells: np.ndarray
    log10_weight_norm: np.ndarray
    log10_state_norm: np.ndarray


def differentiate(
    network: RecurrentNetwork,
    parameters: Mapping[str, np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    precision: str = "float64",
    initial: tuple[np.ndarray, np.ndarray] | None = None,
) -> RecurrentGradient:
    """Computes loss and gradient of one batch at the given parameters.

    Parameters
    ----------
    network, parameters, precision
        As for `trainer.RecurrentTrainer`.
    inputs, targets
        The batch, shapes (B, T, inputs) and (B, output steps, outputs).
    initial
        h_0 and c_0, shape (B, width); zeros by default. Cells without c ignore the second.
    """
    assembly = RecurrentAssembly(network, parameters, precision)
    require_sequences(network, inputs, targets)
    place = assembly.place(len(inputs), keeps_deltas=True, is_blank=initial is None)
    shape, room, trained = place.shape, place.room, assembly.trained
    if initial is not None:
        one = shape.batch * shape.width
        room.h[:one], room.c[:one] = np.ravel(initial[0]), np.ravel(initial[1])[: room.c.size]
    given = assembly.converted(inputs), assembly.converted(targets)
    outcome = assembly.run(place, *given, np.arange(len(inputs), dtype=np.int64)[None])
    if not outcome.finite:  # what the buffers hold then was not computed in full
        for unknown in (room.dh, room.dc, room.kept, room.candidate_kept, trained.gradient):
            unknown[:] = np.nan
    cells, d_cells = (by_time(shape, flat, shape.width)[1:] for flat in (room.c, room.dc))
    return RecurrentGradient(
        loss=float(outcome.record.loss[0]),
        parameters=_unscaled_parameters(assembly),
        states=by_time(shape, room.h, shape.width)[1:],
        cells=cells,
        preactivations=arguments_of(shape, room),
        deltas=_unscaled(side_by_side(shape, room.kept, room.candidate_kept), room.exponent),
        d_states=_unscaled(by_time(shape, room.dh, shape.width)[1:], room.signal_exponent),
        d_cells=_unscaled(d_cells, room.signal_exponent) if len(d_cells) else d_cells,
        log10_weight_norm=outcome.record.weight_norm[0],
        log10_state_norm=outcome.record.state_norm[0],
    )


def _unscaled(signals: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore"):  # what exceeds float64 is 0 or infinite there, as it should be
        return np.ldexp(signals, exponents[:, None, None])


def _unscaled_parameters(assembly: RecurrentAssembly) -> dict[str, np.ndarray]:
    """Returns true gradients by name: each block with its own exponent."""
    trained = assembly.trained
    scaled = trained.gradient.astype(np.float64)
    with np.errstate(over="ignore", under="ignore"):
        for block in (W_IH, W_IN, W_HH, W_HN, W_OUT, B_MAIN, B_IN, B_HN, B_OUT):
            where = slice(int(trained.start[block]), int(trained.start[block] + trained.size[block]))
            scaled[where] = np.ldexp(scaled[where], trained.exponent[block])
    return cut_parameters(assembly.network, trained, scaled)
