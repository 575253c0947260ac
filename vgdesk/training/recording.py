"""What of a kernel's steps goes into the record: the wanted quantities, what is measured beside, what was not finite.

Cheap quantities are in every row of the kernel. The others are measured at the steps that are recorded, or at some of
them, one kernel call each; between two of them the kernel runs freely.
"""

import numpy as np

from vgdesk.kernels.step_measures import Bins
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.codec import frozen
from vgdesk.records.places import places_of, signal_places
from vgdesk.records.recorded import due_rows, wanted_quantities
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import When
from vgdesk.training.kernel import KernelRows, KernelTrainer
from vgdesk.training.memory import measures_steps

_ROW_FIELDS = {
    "weight": "log10_weight_norm",
    "bias": "log10_bias_norm",
    "delta": "log10_delta_norm",
    "state": "log10_state_norm",
    "cell": "log10_cell_norm",
}
"""Where a kernel's rows hold the cheap quantities."""
_FARTHEST = 1 << 20


class Recorder:
    """Runs a kernel and keeps what the experiment asks for.

    Parameters
    ----------
    experiment
        Says what is recorded, and when.
    kernel
        What trains it.
    measures
        At which of the recorded steps what is not cheap is measured; by default at all. The last one always is.
    """

    def __init__(self, experiment: Experiment, kernel: KernelTrainer, measures: When | None = None) -> None:
        self._experiment, self._kernel = experiment, kernel
        self._when = experiment.recording.when if measures is None else measures
        what = experiment.recording.what
        self._wanted = wanted_quantities(what)
        bins = what.histogram
        self._bins = None if bins is None else Bins(bins.bins, float(bins.low), float(bins.high))
        self._measures = measures_steps(experiment)

    def longest_block(self, step: int) -> int:
        """Returns how many steps from this one on the kernel may make in one call."""
        if not self._measures:
            return _FARTHEST
        if self._is_due(step):
            return 1
        to_last, ahead = self._experiment.training.steps - 1 - step, 1  # the last one is always recorded
        while ahead < to_last:
            due = due_rows(self._when, step, ahead + 1, False)
            if len(due):
                return min(int(due[0]), to_last)
            ahead *= 2
        return max(1, to_last)

    def run(self, order: np.ndarray, rates: np.ndarray, step: int) -> tuple[KernelRows, dict[str, np.ndarray]]:
        """Makes the steps of `order`, the first of which is `step`; returns their rows and what was measured beside.

        Measured arrays belong to a single step and have no axis for it; there are none unless it is measured.
        """
        if self._measures and len(order) == 1 and self._is_due(step):
            return self._kernel.measure_step(order[0], float(rates[0]), self._bins)
        return self._kernel.run(order, rates), {}

    def quantities(self, rows: KernelRows, measured: dict[str, np.ndarray], kept: np.ndarray) -> dict[str, np.ndarray]:
        """Returns name -> shape (kept rows, places) of every wanted quantity; nan where it was not measured."""
        return {name: frozen(self._values(name, rows, measured, kept)) for name in self._wanted}

    def histograms(self, measured: dict[str, np.ndarray], kept: np.ndarray) -> np.ndarray | None:
        """Returns shape (kept rows, places, bins + 2), or None where no histograms were asked for."""
        if self._bins is None:
            return None
        if "histogram" in measured:
            return frozen(measured["histogram"][None][kept])
        places = signal_places(self._experiment.network)[1]
        return frozen(np.full((len(kept), places, self._bins.number + 2), np.nan))

    def breakdown(self, step: int) -> Breakdown:
        """Returns what was the first not to be finite in the step the kernel has just made."""
        found = self._kernel.breakdown()
        place, operation = (0, "gradient") if found is None else found
        return Breakdown(step=step, operation=operation, places=signal_places(self._experiment.network)[0], place=place)

    def _is_due(self, step: int) -> bool:
        is_last = step == self._experiment.training.steps - 1
        return len(due_rows(self._when, step, 1, is_last)) == 1

    def _values(self, name: str, rows: KernelRows, measured: dict[str, np.ndarray], kept: np.ndarray) -> np.ndarray:
        if name in _ROW_FIELDS:
            return getattr(rows, _ROW_FIELDS[name])[kept]
        if name in measured:
            return measured[name][None][kept]
        return np.full((len(kept), places_of(name, self._experiment.network)[1]), np.nan)
