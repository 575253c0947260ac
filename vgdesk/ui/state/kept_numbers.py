"""Edits of a network that keep the numbers on screen: only what is new gets new ones.

A rule draws all weights in one go, so that one unit more would give every other weight another number. Before the
wiring changes, the numbers on show are therefore written down as given ones, and stay with their connections.
"""

from collections.abc import Callable

from vgdesk.errors import SpecError
from vgdesk.records.derivation import NetworkState
from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.network import FeedForward

Change = Callable[[Experiment], Experiment]


def edited(experiment: Experiment, change: Change, start: NetworkState | None) -> Experiment:
    """Returns the experiment after a change, every weight and bias that is still there as it was on screen.

    Parameters
    ----------
    start
        The numbers on screen; None while there are none, and nothing needs to be kept.

    Raises
    ------
    SpecError
        Whatever the change raises.
    """
    after = change(experiment)
    if start is None or _wiring(after) == _wiring(experiment):
        return after
    try:
        return change(written_down(experiment, start))
    except SpecError:
        return after  # gates and the like have numbers that cannot be given: the rule draws them


def written_down(experiment: Experiment, start: NetworkState) -> Experiment:
    """Returns the experiment with all weights and biases given as they are; itself where these are given already."""
    network = experiment.feed_forward
    weights: list[list[float]] = [[] for _ in network.layers]
    for edge in network.edges():
        weights[edge.layer - 1].append(float(start.weights[edge.layer - 1][edge.unit - 1, edge.source - 1]))
    biases = tuple(tuple(map(float, bias)) for bias in start.biases)
    written = edit.with_numbers(experiment, tuple(map(tuple, weights)), biases)
    return experiment if _given(experiment) == _given(written) else written


def _given(experiment: Experiment) -> list[tuple[object, object] | None]:
    """Returns weights and biases of every layer as they are given, None where a rule draws them."""
    network = experiment.feed_forward
    found: list[tuple[object, object] | None] = []
    for number, layer in enumerate(network.layers, start=1):
        rule = experiment.layer_initialisation(number)
        place = 0 if layer.initialisation is not None else number - 1
        found.append((rule.weights[place], rule.biases[place]) if isinstance(rule, Explicit) else None)
    return found


def _wiring(experiment: Experiment) -> object:
    """Returns everything of a network that decides which numbers are drawn, and in which order."""
    network = experiment.network
    if not isinstance(network, FeedForward):
        return network
    return network.inputs, [(layer.width, layer.sources, layer.bias, layer.skip) for layer in network.layers]
