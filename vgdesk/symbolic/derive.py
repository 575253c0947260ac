"""The derivation of one parameter's gradient for one example."""

from collections.abc import Iterable, Sequence

from vgdesk.errors import SpecError
from vgdesk.records.derivation import Derivation, Place, PlaceKind
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.evaluate import Evaluator, Values, given_values, log10_magnitude, network_state
from vgdesk.symbolic.factors import Parameter, gradient_factors, place_of
from vgdesk.symbolic.network import symbolic_network
from vgdesk.symbolic.notation import parameter_symbol
from vgdesk.symbolic.story import tell


def find_parameter(network: FeedForward, name: str) -> Parameter:
    """Returns the weight or bias of that name; raises `SpecError` that says which names exist."""
    for parameter in (*network.edges(), *network.biases()):
        if parameter.name == name:
            return parameter
    weights, biases = sum(1 for _ in network.edges()), sum(1 for _ in network.biases())
    others = f" and b1 to b{biases}" if biases else ""
    raise SpecError(f"unknown weight {name!r}; allowed are w1 to w{weights}{others}")


def derive_gradient(
    experiment: Experiment, wrt: str, parameters: Parameters, inputs: Sequence[float], targets: Sequence[float]
) -> Derivation:
    """Derives dL/d(wrt) for one example.

    Parameters
    ----------
    wrt
        Name of a weight or bias, "w1" or "b1".
    parameters
        The numbers to substitute.
    inputs, targets
        One example.

    Raises
    ------
    SpecError
        No parameter has that name.
    DerivationTooLarge
        The network is too large to be read.
    """
    parameter = find_parameter(experiment.feed_forward, wrt)
    evaluator = Evaluator(symbolic_network(experiment))
    values = evaluator.gradients(given_values(experiment.feed_forward, parameters, inputs, targets))
    return derivation_of(experiment, parameter, values)


def derivation_of(experiment: Experiment, parameter: Parameter, values: Values) -> Derivation:
    """Tells the derivation of dL/d(parameter) with the numbers of both passes."""
    wrt = parameter.name
    factors = gradient_factors(experiment, parameter, values)
    return Derivation(
        experiment=experiment.name,
        title=experiment.title,
        wrt=wrt,
        wrt_symbol=parameter_symbol(wrt),
        wrt_place=place_of(parameter),
        value=float(values[f"dL_{wrt}"]),
        log10_magnitude=log10_magnitude(values[f"dL_{wrt}"]),
        factors=factors,
        steps=tell(experiment, parameter, factors, values),
        loss=float(values["L"]),
        state=network_state(experiment.feed_forward, values),
        hot_path=tuple(_hot_path(experiment.feed_forward, parameter)),
    )


def _hot_path(network: FeedForward, wrt: Parameter) -> Iterable[Place]:
    """Yields the parameter, the unit it leads to and everything above through which its gradient flows."""
    yield place_of(wrt)
    reached = {wrt.unit}
    for layer in range(wrt.layer, network.depth + 1):
        yield from (Place(PlaceKind.UNIT, layer, unit) for unit in sorted(reached))
        above = [edge for edge in network.edges() if edge.layer == layer + 1 and edge.source in reached]
        yield from (Place(PlaceKind.EDGE, edge.layer, edge.unit, edge.source) for edge in above)
        reached = {edge.unit for edge in above}
    yield Place(PlaceKind.LOSS, network.depth)
