"""The door to the fused trainer: checks shapes in Python, packs the network, calls the kernels, unpacks.

Kernels have no bounds check, so every array that reaches them is made or measured here or in `network`.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from vgdesk.kernels.assembly import ANSWER, REHEARSAL, TRAINING, Assembly, Room
from vgdesk.kernels.breakdown import breakdown
from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.differentiate import Gradient, differentiate
from vgdesk.kernels.input_gradient import log10_input_norm
from vgdesk.kernels.network import Network, example_numbers, require_examples
from vgdesk.kernels.options import Moments
from vgdesk.kernels.probe import Probe, answers, outputs_in
from vgdesk.kernels.rows import Rows, rows_of
from vgdesk.kernels.rules import PLAIN_DESCENT, Rule
from vgdesk.kernels.step_measures import Bins, measures_of, update_norm, without_gradient

__all__ = ["Bins", "FusedTrainer", "Gradient", "Network", "Rows", "differentiate"]


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
    others
        Parameters to start from that are neither weight nor bias, named as `network.other_shapes` says; those not given
        have their usual start, but gates must be given.
    seed
        Of the dropout.
    keeps_start
        Whether a copy of the first parameters is kept, without which `measure_step` takes them for 0.

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
        others: Mapping[str, np.ndarray] | None = None,
        seed: int = 0,
        keeps_start: bool = True,
    ) -> None:
        self._assembly = Assembly(network, weights, biases, others, precision, rule, seed)
        require_examples(network, inputs, targets)
        self.cap = Cap()
        self._rate, self._batch = float(rate), batch
        self._inputs, self._targets = self._assembly.converted(inputs), self._assembly.converted(targets)
        first = self._assembly.trained.parameters
        self._start = first.copy() if keeps_start else np.zeros(first.size, first.dtype)  # no memory until used
        self._room = self._assembly.room(batch)
        self._rehearsal_room: Room | None = None
        self._last_loss, self._is_finite = 0.0, True

    def run(self, rows: np.ndarray, rates: np.ndarray | None = None) -> Rows:
        """Trains one step per line of `rows`, shape (steps, batch): the numbers of the examples it takes.

        `rates`, shape (steps,), holds the learning rate of each step; by default the one given at construction.
        """
        rows = self._checked(rows)
        rates = np.full(len(rows), self._rate) if rates is None else np.array(rates, np.float64, order="C")
        if rates.shape != (len(rows),):
            raise ValueError(f"rates must have shape ({len(rows)},), got {rates.shape}")
        outcome = self._assembly.run(self._room, TRAINING, self._inputs, self._targets, rows, rates, self.cap)
        if outcome.recorded:
            self._last_loss, self._is_finite = float(outcome.record.loss[outcome.recorded - 1]), outcome.finite
        return rows_of(outcome.record, rates, outcome.recorded, outcome.finite)

    def parameters(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Returns copies of the present weights and biases, float64."""
        self._complete()
        return self._assembly.cut_parameters(self._assembly.trained.parameters)

    def others(self) -> dict[str, np.ndarray]:
        """Returns copies of the present parameters that are neither weight nor bias, float64, by name."""
        self._complete()
        return self._assembly.cut_others(self._assembly.trained.parameters)

    def moments(self) -> Moments:
        """Returns copies of batch normalisation's running mean and variance, one number per unit of all layers."""
        return Moments(*(moment.copy() for moment in self._assembly.moments))

    def measure(self, rows: np.ndarray) -> tuple[float, np.ndarray]:
        """Returns loss and outputs of one batch at the present parameters, which stay as they are.

        Nothing is dropped, and batch normalisation uses its running moments. `rows`, shape (batch,), are the numbers of
        the examples.
        """
        batch = self._checked(np.asarray(rows)[None])[0]
        return answers(self._assembly, self._room, self._inputs, self._targets, batch)

    def measure_input(self, rows: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
        """Returns outputs as `measure` does, and how large the gradient of the step is that takes these examples next.

        Returns
        -------
        outputs, norms
            Shape (batch, outputs); log10 of |dL/dh^0| and |dL/dh^1|, nan where loss or gradient is no finite number.
        """
        batch, network = self._checked(np.asarray(rows)[None]), self._assembly.network
        found = self._assembly.run(self._room, ANSWER, self._inputs, self._targets, batch)
        outputs = outputs_in(self._assembly, self._room)
        if any(network.dropouts) or "batch" in network.normalisations:  # then a step is not as an answer is
            found = self._assembly.run(self._room, REHEARSAL, self._inputs, self._targets, batch)
        if not found.finite or not found.recorded:
            return outputs, (math.nan, math.nan)
        return outputs, (log10_input_norm(self._assembly, self._room), float(found.record.state_norm[0, 0]))

    def probe(self, inputs: np.ndarray, targets: np.ndarray) -> Probe:
        """Returns what measures other examples at this trainer's parameters, whatever they are by then."""
        require_examples(self._assembly.network, inputs, targets)
        return Probe(self._assembly, self._assembly.converted(inputs), self._assembly.converted(targets))

    def measure_step(
        self, rows: np.ndarray, rate: float | None = None, bins: Bins | None = None
    ) -> tuple[Rows, dict[str, np.ndarray]]:
        """Makes one step and tells more about it than a row does, at the cost of a few steps.

        Parameters
        ----------
        rows
            Shape (batch,): the numbers of the examples.
        rate
            Learning rate; by default the one given at construction.
        bins
            Asks for histograms of z.

        Returns
        -------
        rows, quantities
            The step as `run` returns it, and arrays of one number per layer (see `step_measures`).
        """
        batch, trained = self._checked(np.asarray(rows)[None]), self._assembly.trained
        if self._rehearsal_room is None:
            self._rehearsal_room = self._assembly.room(self._batch, keep_preactivations=True)
        self._assembly.run(self._rehearsal_room, REHEARSAL, self._inputs, self._targets, batch)
        quantities = measures_of(self._assembly, self._rehearsal_room, self._start, bins)
        before = trained.parameters.copy()
        step = self.run(batch, None if rate is None else np.array([rate]))
        if not len(step.loss):  # interrupted
            return step, {}
        self._complete()
        known = quantities if step.finite else without_gradient(quantities)
        return step, known | {"update": update_norm(self._assembly, before)}

    def breakdown(self) -> tuple[int, str] | None:
        """Returns layer (from 1) and operation where the last run met its first non-finite number; None if it did not.

        To be asked right after `run`: `measure` works in the same memory.
        """
        return None if self._is_finite else breakdown(self._assembly, self._room, self._last_loss)

    def _complete(self) -> None:
        """Makes the last update whole where it was left off, which every call of the kernel does first."""
        if self._assembly.trained.pending[0] >= 0:
            self.run(np.zeros((0, self._batch), np.int64))

    def _checked(self, rows: np.ndarray) -> np.ndarray:
        return example_numbers(rows, self._batch, len(self._inputs))
