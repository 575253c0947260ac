"""Use case: where the units of a layer stand on their activation: a histogram of phi's arguments with phi' over it.

    a = z, or what a normalisation makes of it;   saturated: |phi'(a)| < 0.01

The arguments are those of the first step's examples, before training or after some updates.
"""

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.parameters import LossGradient, Parameters
from vgdesk.records.places import Places, signal_places
from vgdesk.records.saturation import Saturation
from vgdesk.spec.base import require_integer
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.formula.facts import SATURATED
from vgdesk.spec.layer import NORMALISATION_EPSILON, DenseLayer
from vgdesk.spec.recurrent import Recurrent, VanillaCell
from vgdesk.study.number_formats import parameters_after
from vgdesk.study.predict import first_examples
from vgdesk.theory.activations import phi_of
from vgdesk.training.gradient import gradient

BINS, POINTS = 40, 481
LEAST_REACH = 3.0
"""The picture reaches at least from -3 to 3, so that what is flat can be told from what is steep."""
Units = tuple[tuple[str, np.ndarray], ...]
"""By activation, the arguments of the units that have it."""


def find_saturation(experiment: Experiment, place: int | None = None, step: int = 0) -> Saturation:
    """Returns where the units of a layer stand, or those of a plain recurrent network at a time step.

    Parameters
    ----------
    experiment
        What is trained.
    place
        Layer or time step, counting from 1; by default the hidden one with the largest share of saturated units, among
        those without PReLU. The output layer is to saturate: a classifier that is sure of its answers does.
    step
        How many updates are made before.

    Raises
    ------
    SpecError
        When there is no such place or step, or where a cell's gates have activations of their own.
    """
    parameters = parameters_after(experiment, step)
    found = gradient(experiment, parameters, *first_examples(experiment))
    count = len(found.preactivations)
    places = signal_places(experiment.network)[0]
    if place is not None:
        require_integer(places.word, place, 1, count)
    wanted = _can_saturate(experiment, count) if place is None else (place,)
    told = [(number, _units(experiment, parameters, found, number)) for number in wanted]
    worst, units = max(told, key=lambda each: _saturated(each[1]))
    return _told(experiment, step, worst, places, units)


def _can_saturate(experiment: Experiment, count: int) -> list[int]:
    """Returns the places among which the worst is looked for; all where none can saturate, for a reason to be told."""
    places = list(range(1, count + 1))
    if isinstance(experiment.network, Recurrent):
        return places
    able = [place for place in places if experiment.network.layers[place - 1].activation != "prelu"]
    return [place for place in able if place < count] or able or places


def _units(experiment: Experiment, parameters: Parameters, found: LossGradient, place: int) -> Units:
    network, z = experiment.network, found.preactivations[place - 1]
    if isinstance(network, Recurrent):
        if not isinstance(network.cell, VanillaCell):
            raise SpecError(f"{experiment.name} has gates, each with its own activation; this exists for plain cells")
        return ((network.cell.activation, z),)
    layer = network.layers[place - 1]
    if layer.activation == "prelu":
        raise SpecError(f"layer {place} has PReLU, which learns its slope and is never flat")
    a = _normalised(layer, z, parameters, place)
    names = [layer.activation_of(unit) for unit in range(1, layer.width + 1)]
    return tuple((name, a[:, [own == name for own in names]]) for name in layer.activations)


def _normalised(layer: DenseLayer, z: np.ndarray, parameters: Parameters, place: int) -> np.ndarray:
    if layer.normalisation == "none":
        return z
    axis = 0 if layer.normalisation == "batch" else 1
    centred = z - z.mean(axis=axis, keepdims=True)
    scaled = centred / np.sqrt(z.var(axis=axis, keepdims=True) + NORMALISATION_EPSILON)
    gamma, beta = (parameters.others[f"{name}{place}"] for name in ("gamma", "beta"))
    return gamma * scaled + beta


def _saturated(units: Units) -> float:
    flat = sum(int((np.abs(phi_of(name).slope(a)) < SATURATED).sum()) for name, a in units)
    return flat / sum(a.size for _, a in units)


def _told(experiment: Experiment, step: int, place: int, places: Places, units: Units) -> Saturation:
    every = np.concatenate([a.ravel() for _, a in units])
    if not np.isfinite(every).all():
        raise SpecError(f"the arguments of {places.label(place)} of {experiment.name} are no finite numbers any more")
    reach = max(LEAST_REACH, 1.02 * float(np.abs(every).max()))
    edges, points = np.linspace(-reach, reach, BINS + 1), np.linspace(-reach, reach, POINTS)
    squares = sum(float((phi_of(name).slope(a) ** 2).sum()) for name, a in units)
    return Saturation(
        experiment=experiment.name,
        step=step,
        place=place,
        places=places,
        activations=tuple(name for name, _ in units),
        edges=frozen(edges),
        shares=frozen(np.histogram(every, edges)[0] / every.size),
        points=frozen(points),
        slopes=frozen(np.array([phi_of(name).slope(points) for name, _ in units])),
        saturated=_saturated(units),
        mean_square_slope=squares / every.size,
    )
