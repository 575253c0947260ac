"""The symbolic gradients of all parameters over a batch, and finite differences of the symbolic forward pass."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import mpmath
import numpy as np

from vgdesk.records.parameters import Parameters
from vgdesk.spec.activation import facts_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.evaluate import DIGITS, Evaluator, Values, log10_magnitude
from vgdesk.symbolic.layers import couples_examples, is_always_zero
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.shared import given_numbers, unfold

_SAFE_SHARE = 1e-34
"""60 digits less 12 of the step less 14 that float64 shows."""
_FINE_DIGITS = 420


class BatchGradient:
    """Holds every intermediate and every derivative of a batch, evaluated with 60 digits.

    Parameters
    ----------
    parameters
        Where to differentiate.
    inputs, targets
        The examples, batch first.

    Raises
    ------
    DerivationTooLarge
        The network or a coupled batch is too large to be written down.
    """

    def __init__(self, experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray) -> None:
        self._experiment = experiment
        self._unfolded = unfold(experiment, len(inputs) if couples_examples(experiment) else 1)
        self._evaluator = Evaluator(self._unfolded)
        self._examples = list(_given(experiment, parameters, inputs, targets))
        self._passes = [self._evaluator.gradients(given) for given in self._examples]

    def by_name(self) -> dict[str, Any]:
        """Returns the gradient of the batch loss by each parameter's name; exactly 0 for those that nothing reads."""
        with mpmath.workdps(DIGITS):
            return {name: self._mean(name, entry.array) for name, entry in self._unfolded.learned.items()}

    def sizes(self) -> dict[str, float]:
        """Returns the mean over the examples of |dL/dp|: what cancels in a gradient whose examples disagree."""
        with mpmath.workdps(DIGITS):
            return {name: float(self._mean(name, entry.array, abs)) for name, entry in self._unfolded.learned.items()}

    def _mean(self, name: str, array: str, of: Callable[[Any], Any] = lambda slope: slope) -> Any:
        zero = mpmath.mpf(0)
        if is_always_zero(self._experiment, array):
            return zero
        return sum((of(values.get(f"dL_{name}", zero)) for values in self._passes), zero) / len(self._passes)

    def log10_weight_norms(self) -> list[float]:
        """Returns log10 |dL/dW| of each weight matrix: of each layer, or of W_ih, W_hh and W_out."""
        arrays: dict[str, list[Any]] = {}
        for name, value in self.by_name().items():
            arrays.setdefault(self._unfolded.learned[name].array, []).append(value)
        return [_log10_norm(values) for array, values in arrays.items() if array.startswith("W")]

    def log10_state_norms(self) -> list[float]:
        """Returns log10 |dL/dh| of each layer or time step, over all units and examples of the batch loss."""
        return self._signal_norms("h")

    def log10_delta_norms(self) -> list[float]:
        """Returns log10 |dL/dz| of each layer, or of all sums below the gates of each time step."""
        return self._signal_norms("z" if isinstance(self._experiment.network, FeedForward) else "a")

    def _signal_norms(self, letter: str) -> list[float]:
        places: dict[int, list[Any]] = {}
        for name, about in self._unfolded.intermediates.items():
            if name.startswith(f"{letter}_") and not name.startswith("a_y_"):
                slopes = (values.get(f"dL_{name}", 0) / len(self._passes) for values in self._passes)
                places.setdefault(about.place.layer, []).extend(slopes)
        return [_log10_norm(places[place]) for place in sorted(places)]

    def losses_along(self, direction: Mapping[str, float], steps: Iterable[float]) -> list[Any]:
        """Returns the batch loss at p + h v for each step h, v given by the parameters' names; 60 digits."""
        with mpmath.workdps(DIGITS):
            return [
                self._loss_at({name: mpmath.mpf(h) * mpmath.mpf(v) for name, v in direction.items()}) for h in steps
            ]

    def _loss_at(self, move: Mapping[str, Any]) -> Any:
        total = mpmath.mpf(0)
        for given in self._examples:
            moved = {name: given[name] + step for name, step in move.items()}
            total += self._evaluator.forward({**given, **moved})["L"]
        return total / len(self._examples)

    def is_at_kink(self, reach: float) -> bool:
        """Whether some activation's argument lies so near a kink that a central difference may see both sides."""
        return any(
            abs(values[argument] - kink) <= reach
            for values in self._passes
            for argument, activation in self._unfolded.activated
            for kink in facts_of(activation).kinks
        )


def central_differences(
    experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray
) -> dict[str, float]:
    """Returns (L(p + e) - L(p - e)) / 2e of the batch loss for every parameter p.

    No derivative rule is used. The forward pass has 60 digits and e = 1e-12; where the difference is so small beside L
    that rounding could touch it (deep chains), it is taken again with 420 digits and e = 1e-40, which leaves 12 true
    digits of every derivative that float64 can hold.
    """
    evaluator = Evaluator(unfold(experiment, len(inputs) if couples_examples(experiment) else 1))
    examples = list(_given(experiment, parameters, inputs, targets))
    return {
        entry.name: _central_difference(evaluator, examples, entry.name)
        for entry in learned_numbers(experiment.network)
    }


def one_sided_differences(
    experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray, names: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Returns ((L(p) - L(p - e)) / e, (L(p + e) - L(p)) / e) of the batch loss for the parameters with these names.

    At a kink the two are the slopes on its sides, of which the central difference is the mean. With e = 1e-40 a kink
    lies between them only where the float64 numbers put it exactly there.
    """
    evaluator = Evaluator(unfold(experiment, len(inputs) if couples_examples(experiment) else 1))
    examples = list(_given(experiment, parameters, inputs, targets))
    return {name: _sides(evaluator, examples, name) for name in names}


def _sides(evaluator: Evaluator, examples: list[Values], name: str) -> tuple[float, float]:
    with mpmath.workdps(_FINE_DIGITS):
        step, totals = mpmath.mpf(10) ** -40, [mpmath.mpf(0), mpmath.mpf(0)]
        for given in examples:
            below, here, above = (
                evaluator.forward({**given, name: given[name] + move}, _FINE_DIGITS)["L"] for move in (-step, 0, step)
            )
            totals = [totals[0] + (here - below) / step, totals[1] + (above - here) / step]
        return float(totals[0] / len(examples)), float(totals[1] / len(examples))


def _given(experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray) -> Iterable[Values]:
    """Yields the numbers of every example, or once those of a batch that is coupled."""
    size = len(inputs) if couples_examples(experiment) else 1
    for n in range(0, len(inputs), size):
        yield given_numbers(experiment, parameters, inputs[n : n + size], targets[n : n + size])


def _log10_norm(values: Iterable[Any]) -> float:
    with mpmath.workdps(DIGITS):
        total = mpmath.sqrt(sum((value**2 for value in values), mpmath.mpf(0)))
        return float("nan") if mpmath.isnan(total) else log10_magnitude(total)


def _central_difference(evaluator: Evaluator, examples: list[Values], name: str) -> float:
    coarse, size = _difference(evaluator, examples, name, DIGITS, 12)
    if abs(coarse) > _SAFE_SHARE * size:
        return float(coarse)
    return float(_difference(evaluator, examples, name, _FINE_DIGITS, 40)[0])


def _difference(evaluator: Evaluator, examples: list[Values], name: str, digits: int, decimals: int) -> tuple[Any, Any]:
    """Returns the mean central difference with e = 10^-decimals, and the largest |L| met."""
    with mpmath.workdps(digits):
        step, total, size = mpmath.mpf(10) ** -decimals, mpmath.mpf(0), mpmath.mpf(0)
        for given in examples:
            above = evaluator.forward({**given, name: given[name] + step}, digits)["L"]
            below = evaluator.forward({**given, name: given[name] - step}, digits)["L"]
            total += (above - below) / (2 * step)
            size = max(size, abs(above))
        return total / len(examples), size
