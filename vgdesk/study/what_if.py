"""Use case: what if this weight, input, target or learning rate were another number?

The numbers that can be changed have the names of `--wrt` for what is learned, the network's own names or x1, x2, ...
for inputs (x3_1 is input 1 at time step 3), t1, t2, ... for targets (t3_1 at time step 3) and eta for the learning
rate. Where batch normalisation couples the examples, _e2 behind a name of an input or target says which one.
"""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.changed_parameters import with_numbers
from vgdesk.records.codec import frozen
from vgdesk.records.derivation import Derivation, Place, PlaceKind
from vgdesk.records.derivation_views import GradientView
from vgdesk.records.live import Adjustable, LiveDerivation, NumberKind
from vgdesk.records.parameters import Parameters
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.edit import with_learning_rate
from vgdesk.spec.experiment import OUTPUT_FOR_LOSS, Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.study.derivation_views import view
from vgdesk.study.derive import derive, derived_example, of_example, symbolic_profile
from vgdesk.symbolic.layers import couples_examples
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.live import RATE, live_derivation
from vgdesk.symbolic.shared import given_numbers
from vgdesk.training.data import TaskData
from vgdesk.training.parameters import draw

_KINDS = {"w": NumberKind.WEIGHT, "u": NumberKind.WEIGHT, "v": NumberKind.WEIGHT, "b": NumberKind.BIAS}


class Changed(NamedTuple):
    """Is what is derived: experiment (with its learning rate), parameters and examples."""

    experiment: Experiment
    parameters: Parameters
    data: TaskData


def adjustable(experiment: Experiment, example: int = 1) -> tuple[Adjustable, ...]:
    """Returns every number of one example's derivation that can be changed, the learning rate last."""
    data, parameters = derived_example(experiment, example), draw(experiment)
    chosen = _chosen(experiment, example)
    given = given_numbers(experiment, parameters, data.inputs[chosen], data.targets[chosen])
    learned = {entry.name: entry for entry in learned_numbers(experiment.network)}
    return tuple(_numbers(experiment, given, learned))


def changed(experiment: Experiment, changes: Mapping[str, float], example: int = 1) -> Changed:
    """Returns the experiment with other numbers.

    Raises
    ------
    SpecError
        No number has that name, or the number is not finite.
    """
    data, parameters = derived_example(experiment, example), draw(experiment)
    inputs, targets = data.inputs.copy(), data.targets.copy()
    numbers: dict[str, float] = {}
    learned = {entry.name: entry for entry in learned_numbers(experiment.network)}
    known = {number.name: number for number in adjustable(experiment, example)} if changes else {}
    positions = _positions(experiment, example, data)
    for name, value in changes.items():
        _require_number(experiment, known, name, value)
        if name in learned:
            numbers[name] = value
        elif name == RATE:
            experiment = with_learning_rate(experiment, value)
        else:
            kind = known[name].kind
            (inputs if kind is NumberKind.INPUT else targets)[positions[name]] = value
    latest = with_numbers(experiment.network, parameters, numbers) if numbers else parameters
    return Changed(experiment, latest, TaskData(frozen(inputs), frozen(targets)))


def derive_changed(
    experiment: Experiment, wrt: str, changes: Mapping[str, float], example: int = 1
) -> tuple[Derivation, GradientProfile]:
    """Returns the derivation and the profile with other numbers; raises what `derive` and `changed` raise."""
    other, parameters, data = changed(experiment, changes, example)
    return derive(other, wrt, example, parameters, data), symbolic_profile(other, parameters, data=data)


def view_changed(
    experiment: Experiment, wrt: str, name: str, changes: Mapping[str, float], example: int = 1
) -> GradientView:
    """Returns a view with other numbers; raises what `view` and `changed` raise."""
    other, parameters, data = changed(experiment, changes, example)
    return view(other, wrt, name, example, parameters, data)


def live(experiment: Experiment, wrt: str, example: int = 1) -> LiveDerivation:
    """Returns the derivation ready to be told with other numbers; raises what `derive` raises."""
    data, parameters = derived_example(experiment, example), draw(experiment)
    numbers = adjustable(experiment, example)
    found = live_derivation(experiment, wrt, numbers, parameters, data.inputs, data.targets, example)
    if couples_examples(experiment):
        return found
    return msgspec.structs.replace(found, template=of_example(found.template, example, len(data.inputs)))


def _chosen(experiment: Experiment, example: int) -> slice:
    return slice(None) if couples_examples(experiment) else slice(example - 1, example)


def _require_number(experiment: Experiment, known: Mapping[str, Adjustable], name: str, value: float) -> None:
    if name not in known:
        names = list(known)
        shown = names if len(names) <= 12 else [*names[:8], "...", *names[-3:]]
        raise SpecError(f"{experiment.name} has no number {name!r} to change; allowed are {', '.join(shown)}")
    if not math.isfinite(value):
        raise SpecError(f"{name} must be a finite number, got {value}")
    if known[name].is_probability and not 0.0 <= value <= 1.0:
        raise SpecError(f"target {name} must lie in [0, 1] with loss {experiment.loss}, got {value:g}")


def _numbers(experiment: Experiment, given: Mapping[str, float], learned: Mapping[str, object]) -> Iterator[Adjustable]:
    entries = {entry.name: entry for entry in learned_numbers(experiment.network)}
    for name, value in given.items():
        if name in entries:
            kind = _KINDS[name[0]] if name.lstrip("wuvbn").isdigit() else NumberKind.OTHER
            yield Adjustable(name=name, kind=kind, value=float(value), place=entries[name].place)
        else:
            shown, kind, place = _datum(experiment, name)
            bounded = kind is NumberKind.TARGET and experiment.loss in OUTPUT_FOR_LOSS
            yield Adjustable(name=shown, kind=kind, value=float(value), place=place, is_probability=bounded)
    rate = experiment.training.optimiser.learning_rate
    yield Adjustable(name=RATE, kind=NumberKind.RATE, value=rate)


def _datum(experiment: Experiment, name: str) -> tuple[str, NumberKind, Place | None]:
    """Returns how an input or target is called, by the name it has in the lines."""
    if name.startswith("t_"):
        return "t" + name[2:], NumberKind.TARGET, None
    if not isinstance(experiment.network, FeedForward):
        step, unit = map(int, name[2:].split("_"))
        return f"x{step}_{unit}", NumberKind.INPUT, None
    unit, _, example = name.removeprefix("h_0_").partition("_")
    own = experiment.network.unit_name(0, int(unit))
    if not own or own == RATE or own in {entry.name for entry in learned_numbers(experiment.network)}:
        own = f"x{unit}"
    return own + (f"_{example}" if example else ""), NumberKind.INPUT, Place(PlaceKind.UNIT, 0, int(unit))


def _positions(experiment: Experiment, example: int, data: TaskData) -> dict[str, tuple[int, ...]]:
    """Returns where in the arrays of examples each input and target stands, by the name it is called."""
    chosen = _chosen(experiment, example)
    rows = range(len(data.inputs))[chosen]
    numbered = {
        which: np.arange(array[chosen].size, dtype=float).reshape(array[chosen].shape)
        for which, array in (("inputs", data.inputs), ("targets", data.targets))
    }
    counted = given_numbers(experiment, draw(experiment), numbered["inputs"], numbered["targets"])
    learned = {entry.name for entry in learned_numbers(experiment.network)}
    found: dict[str, tuple[int, ...]] = {}
    for name, count in counted.items():
        if name not in learned:
            shown, kind, _ = _datum(experiment, name)
            shape = numbered["inputs" if kind is NumberKind.INPUT else "targets"].shape
            first, *others = (int(index) for index in np.unravel_index(int(count), shape))
            found[shown] = (rows[first], *others)
    return found
