"""The rows a trainer hands out: what each recorded step was."""

from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.layout import Record


@dataclass(frozen=True)
class Rows:
    """Holds recorded steps: shapes (steps,) and, for the last four norms, (steps, layers).

    The last four are |dL/dW|, |dL/db|, |dL/dz| and |dL/dh| (after all that belongs to the layer, on every path to the
    loss). Not `finite` when the last row is not.
    """

    loss: np.ndarray
    learning_rate: np.ndarray
    log10_total_norm: np.ndarray
    log10_clipped_norm: np.ndarray
    clipped: np.ndarray
    log10_weight_norm: np.ndarray
    log10_bias_norm: np.ndarray
    log10_delta_norm: np.ndarray
    log10_state_norm: np.ndarray
    finite: bool


def rows_of(record: Record, rates: np.ndarray, recorded: int, finite: bool) -> Rows:
    """Returns the rows that were written."""
    kept = slice(recorded)
    return Rows(
        loss=record.loss[kept],
        learning_rate=rates[kept],
        log10_total_norm=record.total_norm[kept],
        log10_clipped_norm=record.clipped_norm[kept],
        clipped=record.clipped[kept],
        log10_weight_norm=record.weight_norm[kept],
        log10_bias_norm=record.bias_norm[kept],
        log10_delta_norm=record.delta_norm[kept],
        log10_state_norm=record.state_norm[kept],
        finite=finite,
    )
