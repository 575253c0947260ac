"""Use case: tell a step of a lesson with the real numbers, each measured anew and compared with what is said.

The training behind the numbers makes the step's updates and records one gradient more, the one that is on show in the
window while the run rests there.
"""

import math
from collections.abc import Callable
from typing import Any

import msgspec

from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.errors import SpecError
from vgdesk.records.derivation import Derivation
from vgdesk.records.history import GradientHistory, concatenate
from vgdesk.records.lesson import ToldNumber, ToldStep
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.lesson import Expected, LessonStep
from vgdesk.spec.lessons import experiment_of
from vgdesk.spec.recurrent import Recurrent
from vgdesk.study.derive import derive
from vgdesk.theory.recurrent import steepest_slope
from vgdesk.training.loop import Trainer, prepared

ROUNDING = 1e-9
"""Of a stated number's tolerance: a measured 0.25 that differs in its last bit still rounds to 0.25."""


def tell(step: LessonStep) -> ToldStep:
    """Returns a step with the derivation and the run it speaks of, and every stated number beside the measured one.

    Raises
    ------
    SpecError
        When the step names an example, field, parameter, factor or place that does not exist.
    """
    measured = _Measured(step)
    numbers = tuple(_compared(expected, measured.value(expected)) for expected in step.expect)
    return ToldStep(
        experiment=measured.experiment,
        numbers=numbers,
        derivation=measured.derivation if step.weight else None,
        history=measured.history,
    )


class _Measured:
    """Makes derivation and training of a step and reads numbers from them."""

    def __init__(self, step: LessonStep) -> None:
        self._step, self.experiment = step, experiment_of(step)
        self.history, self._accuracy = _trained(self.experiment, step.updates)
        self._derivations: dict[str, Derivation] = {}

    @property
    def derivation(self) -> Derivation:
        return self._derived(self._step.weight)

    def value(self, expected: Expected) -> float | str:
        readers: dict[str, Callable[[Expected], float | str]] = {
            "gradient": lambda one: self._derived(one.of).value,
            "factor": self._factor,
            "setting": lambda one: setting(self.experiment, one.of),
            "slope": lambda one: steepest_slope(one.of),
            "magnitude": lambda one: 10.0 ** self._recorded(one)[0],
            "level": lambda one: self._recorded(one)[0],
            "ratio": lambda one: 10.0 ** -self._decades(one),
            "decades": self._decades,
            "unit": self._unit,
            "first-loss": lambda _: float(self.history.loss[0]),
            "loss": lambda _: float(self.history.loss[-1]),
            "accuracy": lambda _: self._accuracy,
            "gamma": lambda _: 10.0**self._diagnosis.log10_gamma,
            "remains": lambda _: 10.0**self._diagnosis.log10_gain,
            "verdict": lambda _: str(self._diagnosis.verdict),
            "learning": lambda _: str(self._diagnosis.learning),
        }
        return readers[expected.measure](expected)

    @property
    def _diagnosis(self) -> Any:
        return diagnose(self.history, self.experiment)

    def _derived(self, name: str) -> Derivation:
        if name not in self._derivations:
            self._derivations[name] = derive(self.experiment, name)
        return self._derivations[name]

    def _factor(self, expected: Expected) -> float:
        factors = {factor.id: factor.value for factor in self.derivation.factors}
        if expected.of not in factors:
            raise SpecError(f"factor must be one of {', '.join(factors)}; got {expected.of!r}")
        return factors[expected.of]

    def _unit(self, expected: Expected) -> float:
        layer, unit = expected.places
        state = self.derivation.state
        if state is None or not 0 <= layer < len(state.activations) or not 1 <= unit <= len(state.activations[layer]):
            raise SpecError(f"places of {expected.name} must be a layer and a unit of it, got {list(expected.places)}")
        return float(state.activations[layer][unit - 1])

    def _recorded(self, expected: Expected) -> list[float]:
        row = self.history.values(expected.quantity)[-1]
        for place in expected.places:
            if not 1 <= place <= len(row):
                raise SpecError(f"places of {expected.name} must be from 1 to {len(row)}, got {place}")
        return [float(row[place - 1]) for place in expected.places]

    def _decades(self, expected: Expected) -> float:
        first, second = self._recorded(expected)
        return second - first


def setting(experiment: Experiment, path: str) -> float | str:
    """Returns what an experiment's JSON has at a path; "depth" counts layers or time steps."""
    if path == "depth":
        network = experiment.network
        return network.steps if isinstance(network, Recurrent) else network.depth
    found: Any = msgspec.to_builtins(experiment)
    try:
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list | tuple) else found[name]
    except (KeyError, IndexError, ValueError, TypeError):
        raise SpecError(f"setting must be a path in the experiment's JSON, got {path!r}") from None
    return found


def _trained(experiment: Experiment, updates: int) -> tuple[GradientHistory, float]:
    """Returns the run up to the gradient after so many updates, and the share of right answers there."""
    training = msgspec.structs.replace(experiment.training, steps=updates + 1)
    shorter = msgspec.structs.replace(experiment, training=training)
    trainer = Trainer(shorter, prepared(shorter))
    parts = [trainer.advance(updates + 1)]
    return concatenate(parts), trainer.assess()[1]


def _compared(expected: Expected, value: float | str) -> ToldNumber:
    return ToldNumber(
        name=expected.name,
        measure=expected.measure,
        compare=expected.compare,
        said=expected.says,
        measured=value,
        holds=_holds(expected, value),
    )


def _holds(expected: Expected, value: float | str) -> bool:
    """Whether the measured number rounds to what is said, or lies beyond it."""
    if isinstance(value, str) or not expected.is_number:
        return value == expected.says
    match expected.compare:
        case "above":
            return value > expected.number
        case "below":
            return value < expected.number
        case _:
            return math.isfinite(value) and abs(value - expected.number) <= expected.tolerance * (1 + ROUNDING)
