"""The door to the trainer of recurrent networks: checks shapes in Python, packs, calls the kernels, unpacks.

Kernels have no bounds check, so every array that reaches them is made or measured here or in `network`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.network import example_numbers
from vgdesk.kernels.recurrent.assembly import Outcome, Place, RecurrentAssembly
from vgdesk.kernels.recurrent.breakdown import breakdown
from vgdesk.kernels.recurrent.differentiate import RecurrentGradient, differentiate
from vgdesk.kernels.recurrent.layout import cut_parameters
from vgdesk.kernels.recurrent.network import RecurrentNetwork, require_sequences
from vgdesk.kernels.recurrent.probe import RecurrentProbe, answers
from vgdesk.kernels.recurrent.step_measures import measures_of, weight_distances
from vgdesk.kernels.rules import PLAIN_DESCENT, Rule
from vgdesk.kernels.step_measures import Bins, without_gradient

__all__ = ["RecurrentGradient", "RecurrentNetwork", "RecurrentRows", "RecurrentTrainer", "differentiate"]


@dataclass(frozen=True)
class RecurrentRows:
    """Holds recorded steps; norms are log10. Not `finite` when the last row is not.

    Attributes
    ----------
    loss, learning_rate, log10_total_norm, log10_clipped_norm, clipped
        Shape (steps,).
    log10_weight_norm, log10_bias_norm
        Shape (steps, 3): of W_ih, W_hh, W_out; of b, b_hn (-inf where there is none), b_out.
    log10_state_norm, log10_cell_norm, log10_delta_norm
        Shape (steps, T): |dL/dh_t|, |dL/dc_t| (LSTM; else of length 0), |dL/dz_t| of all gates.
    """

    loss: np.ndarray
    learning_rate: np.ndarray
    log10_total_norm: np.ndarray
    log10_clipped_norm: np.ndarray
    clipped: np.ndarray
    log10_weight_norm: np.ndarray
    log10_bias_norm: np.ndarray
    log10_state_norm: np.ndarray
    log10_cell_norm: np.ndarray
    log10_delta_norm: np.ndarray
    finite: bool


class RecurrentTrainer:
    """Trains one recurrent network and records every step.

    Parameters
    ----------
    network
        The network and its loss.
    parameters
        Where to start, named and shaped as `network.parameter_shapes` says; copied.
    inputs, targets
        All examples, shapes (N, T, inputs) and (N, output steps, outputs); copied.
    rate, batch, precision, rule, keeps_start
        As for `kernels.trainer.FusedTrainer`.

    Attributes
    ----------
    cap
        How the gradient is clipped; it may be replaced between two calls of `run`.
    """

    def __init__(
        self,
        network: RecurrentNetwork,
        parameters: Mapping[str, np.ndarray],
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        rate: float,
        batch: int,
        precision: str = "float64",
        rule: Rule = PLAIN_DESCENT,
        keeps_start: bool = True,
    ) -> None:
        self._assembly = RecurrentAssembly(network, parameters, precision, rule)
        require_sequences(network, inputs, targets)
        self.cap = Cap()
        self._rate, self._batch = float(rate), batch
        self._inputs, self._targets = self._assembly.converted(inputs), self._assembly.converted(targets)
        first = self._assembly.trained.parameters
        self._start = first.copy() if keeps_start else np.zeros(first.size, first.dtype)  # no memory until used
        self._place = self._assembly.place(batch)
        self._rehearsal: Place | None = None
        self._last_loss, self._is_finite = 0.0, True

    def run(self, rows: np.ndarray, rates: np.ndarray | None = None) -> RecurrentRows:
        """Trains one step per line of `rows`, shape (steps, batch): the numbers of the examples it takes.

        `rates`, shape (steps,), holds the learning rate of each step; by default the one given at construction.
        """
        rows = self._checked(rows)
        rates = np.full(len(rows), self._rate) if rates is None else np.array(rates, np.float64, order="C")
        if rates.shape != (len(rows),):
            raise ValueError(f"rates must have shape ({len(rows)},), got {rates.shape}")
        outcome = self._assembly.run(self._place, self._inputs, self._targets, rows, rates, self.cap)
        if outcome.recorded:
            self._last_loss, self._is_finite = float(outcome.record.loss[outcome.recorded - 1]), outcome.finite
        return _rows_of(outcome, rates)

    def parameters(self) -> dict[str, np.ndarray]:
        """Returns copies of the present parameters, float64, by name."""
        self._complete()
        return cut_parameters(self._assembly.network, self._assembly.trained, self._assembly.trained.parameters)

    def measure(self, rows: np.ndarray) -> tuple[float, np.ndarray]:
        """Returns loss and outputs, shape (batch, output steps, outputs), of one batch at the present parameters.

        `rows`, shape (batch,), are the numbers of its examples.
        """
        batch = self._checked(np.asarray(rows)[None])[0]
        return answers(self._assembly, self._place, self._inputs, self._targets, batch)

    def measure_input(self, rows: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
        """Returns outputs as `measure` does, and nan twice: inputs come at every time step, there is no first layer."""
        return self.measure(rows)[1], (math.nan, math.nan)

    def probe(self, inputs: np.ndarray, targets: np.ndarray) -> RecurrentProbe:
        """Returns what measures other examples at this trainer's parameters, whatever they are by then."""
        require_sequences(self._assembly.network, inputs, targets)
        return RecurrentProbe(self._assembly, self._assembly.converted(inputs), self._assembly.converted(targets))

    def measure_step(
        self, rows: np.ndarray, rate: float | None = None, bins: Bins | None = None
    ) -> tuple[RecurrentRows, dict[str, np.ndarray]]:
        """Makes one step and tells more about it than a row does, at the cost of some steps.

        Parameters and the first result are as for `FusedTrainer.measure_step`; the quantities (see `step_measures`)
        have one number for each time step, or for each of W_ih, W_hh, W_out.
        """
        batch, trained = self._checked(np.asarray(rows)[None]), self._assembly.trained
        if self._rehearsal is None:
            self._rehearsal = self._assembly.place(self._batch, keeps_deltas=True)
        self._assembly.run(self._rehearsal, self._inputs, self._targets, batch)
        quantities = measures_of(self._assembly, self._rehearsal, self._start, bins)
        before = trained.parameters.copy()
        step = self.run(batch, None if rate is None else np.array([rate]))
        if not len(step.loss):  # interrupted
            return step, {}
        self._complete()
        known = quantities if step.finite else without_gradient(quantities)
        return step, known | {"update": weight_distances(self._assembly, before)}

    def breakdown(self) -> tuple[int, str] | None:
        """Returns time step (from 1) and operation where the last run met its first non-finite number; else None.

        To be asked right after `run`: `measure` works in the same memory.
        """
        return None if self._is_finite else breakdown(self._assembly, self._place, self._last_loss)

    def _complete(self) -> None:
        """As of `kernels.trainer.FusedTrainer`."""
        if self._assembly.trained.pending[0] >= 0:
            self.run(np.zeros((0, self._batch), np.int64))

    def _checked(self, rows: np.ndarray) -> np.ndarray:
        return example_numbers(rows, self._batch, len(self._inputs))


def _rows_of(outcome: Outcome, rates: np.ndarray) -> RecurrentRows:
    kept, record = slice(outcome.recorded), outcome.record
    return RecurrentRows(
        loss=record.loss[kept],
        learning_rate=rates[kept],
        log10_total_norm=record.total_norm[kept],
        log10_clipped_norm=record.clipped_norm[kept],
        clipped=record.clipped[kept],
        log10_weight_norm=record.weight_norm[kept],
        log10_bias_norm=record.bias_norm[kept],
        log10_state_norm=record.state_norm[kept],
        log10_cell_norm=record.cell_norm[kept],
        log10_delta_norm=record.delta_norm[kept],
        finite=outcome.finite,
    )
