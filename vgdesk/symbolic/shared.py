"""Derivations and gradients of networks with normalisation, skip connections, PReLU or time steps.

Their parameters may stand in several lines; `vgdesk.symbolic.derive` tells of the plain networks, where each stands in
one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import mpmath
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.derivation import Derivation, NetworkState, Place, PlaceKind
from vgdesk.records.parameters import Parameters, named_arrays, parameter_names
from vgdesk.spec.experiment import Experiment, Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Recurrent
from vgdesk.symbolic.contributions import contribution_factors, place_of_use
from vgdesk.symbolic.evaluate import Evaluator, Values, log10_magnitude
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.layers import couples_examples, example_values, is_always_zero, unfold_layers
from vgdesk.symbolic.learned import find_learned, learned_numbers
from vgdesk.symbolic.limits import require_derivable
from vgdesk.symbolic.sum_story import SumStory, reached_names
from vgdesk.symbolic.unrolled import sequence_values, unfold_steps


def is_plain(experiment: Experiment) -> bool:
    """Whether every parameter stands in one line: a feed-forward network without options."""
    return isinstance(experiment.network, FeedForward) and experiment.network.is_plain


def unfold(experiment: Experiment, examples: int = 1) -> Unfolded:
    """Returns the lines of a network; raises `DerivationTooLarge` beyond the limits."""
    require_derivable(experiment, examples)
    return (
        unfold_steps(experiment) if isinstance(experiment.network, Recurrent) else unfold_layers(experiment, examples)
    )


def derive_sum(
    experiment: Experiment, wrt: str, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray, example: int = 1
) -> Derivation:
    """Derives dL/d(wrt) for one example, or, where batch normalisation couples them, for the mean over all.

    Parameters
    ----------
    wrt
        A name of `vgdesk.symbolic.learned`.
    parameters
        The numbers to substitute.
    inputs, targets
        The examples, batch first.
    example
        Which one, counting from 1; with batch normalisation whose values the diagram shows.

    Raises
    ------
    SpecError
        No parameter has that name.
    DerivationTooLarge
        The network or the coupled batch is too large to be read.
    """
    entry, unfolded, values = evaluated(experiment, wrt, parameters, inputs, targets, example)
    tail = f"_e{example}" if couples_examples(experiment) and len(inputs) > 1 else ""
    return sum_derivation(experiment, entry, unfolded, values, tail)


def sum_derivation(experiment: Experiment, entry: Learned, unfolded: Unfolded, values: Values, tail: str) -> Derivation:
    """Tells the derivation with the numbers of both passes; names of the example in the diagram end in `tail`."""
    wrt = entry.name
    factors, contributions = contribution_factors(unfolded, entry, values)
    return Derivation(
        experiment=experiment.name,
        title=experiment.title,
        wrt=wrt,
        wrt_symbol=entry.symbol,
        wrt_place=entry.place,
        value=float(values[f"dL_{wrt}"]),
        log10_magnitude=log10_magnitude(values[f"dL_{wrt}"]),
        factors=factors,
        contributions=contributions,
        loss=float(values["L"]),
        steps=tuple(SumStory(experiment, unfolded, entry, factors, contributions, values).steps()),
        state=_state(experiment.network, values, tail),
        hot_path=tuple(dict.fromkeys(_hot_path(unfolded, entry))),
    )


def evaluated(
    experiment: Experiment, wrt: str, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray, example: int
) -> tuple[Learned, Unfolded, Values]:
    """Returns the parameter of that name, the lines of any network, and the numbers of both passes.

    Parameters and errors are those of `derive_sum`; every kind of network is accepted, the plain ones too.
    """
    entry = find_learned(experiment.network, wrt)
    chosen = slice(None) if couples_examples(experiment) else slice(example - 1, example)
    unfolded = unfold(experiment, len(inputs[chosen]))
    values = Evaluator(unfolded).gradients(given_numbers(experiment, parameters, inputs[chosen], targets[chosen]))
    if is_always_zero(experiment, entry.array):
        values[f"dL_{wrt}"] = mpmath.mpf(0)
    values.setdefault(f"dL_{wrt}", mpmath.mpf(0))
    return entry, unfolded, values


def given_numbers(experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray) -> Values:
    """Returns the numbers of all free symbols of the lines that `unfold` returns."""
    if isinstance(experiment.network, Recurrent):
        given = sequence_values(inputs[0].tolist(), targets[0].tolist())
    else:
        given = example_values(inputs.tolist(), targets.tolist())
    arrays = named_arrays(experiment.network, parameters)
    learned = {entry.name: arrays[entry.array][entry.position] for entry in learned_numbers(experiment.network)}
    return {name: mpmath.mpf(float(value)) for name, value in {**given, **learned}.items()}


def gradient_arrays(network: Network, by_name: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Puts gradients by parameters' names into arrays by public names; absent connections have gradient 0."""
    arrays = {name: np.zeros(shape) for name, shape in parameter_names(network).items()}
    for entry in learned_numbers(network):
        arrays[entry.array][entry.position] = float(by_name[entry.name])
    return arrays


def _state(network: Network, values: Values, tail: str) -> NetworkState:
    """Returns what the diagram of a network shows of one example; of a recurrent one that is h at each time step."""
    if isinstance(network, Recurrent):
        steps = [_column(values, "h_{}_{}", t, network.width, "") for t in range(1, network.steps + 1)]
        return NetworkState(
            activations=(frozen([]), *steps),
            weights=(),
            weight_gradients=(),
            biases=(),
            deltas=(),
            loss=float(values["L"]),
        )
    by_name = {entry.name: values.get(f"dL_{entry.name}", 0.0) for entry in learned_numbers(network)}
    gradients = gradient_arrays(network, by_name)
    numbers = gradient_arrays(network, {name: values[name] for name in by_name})
    layers = range(1, network.depth + 1)
    return NetworkState(
        activations=tuple(_column(values, "h_{}_{}", layer, network.widths[layer], tail) for layer in (0, *layers)),
        weights=tuple(frozen(numbers[f"W{layer}"]) for layer in layers),
        weight_gradients=tuple(frozen(gradients[f"W{layer}"]) for layer in layers),
        biases=tuple(frozen(numbers.get(f"b{layer}", np.zeros(network.widths[layer]))) for layer in layers),
        deltas=tuple(_column(values, "dL_z_{}_{}", layer, network.widths[layer], tail) for layer in layers),
        loss=float(values["L"]),
    )


def _column(values: Values, name: str, layer: int, width: int, tail: str) -> np.ndarray:
    return frozen([float(values[name.format(layer, unit) + tail]) for unit in range(1, width + 1)])


def _hot_path(unfolded: Unfolded, wrt: Learned) -> Iterator[Place]:
    """Yields the parameter and every place through which its gradient flows."""
    yield wrt.place
    for target, _ in reversed(list(unfolded.uses(wrt.name))):
        yield place_of_use(wrt, unfolded.intermediates[str(target)].place)
    for name in reached_names(unfolded, wrt.name):
        place = unfolded.intermediates[name].place
        yield place if place.kind is not PlaceKind.LAYER else Place(PlaceKind.LAYER, place.layer)
