"""Splits dL/dw into the factors of the chain rule.

In a chain a single path leads to the loss, and every link is a factor:
dL/dw_m = dL/dh_N * prod_{k=N..m+1} [w_k phi'(z_k)] * phi'(z_m) h_{m-1}.
Otherwise two factors meet at the unit u that the weight leads to: dL/dw = dL/dh_u * dh_u/dw.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from vgdesk.records.derivation import Factor, Place, PlaceKind
from vgdesk.records.formula import Formula, Fraction, Negative, Number, Partial, Product, Sum, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import Bias, Edge, FeedForward
from vgdesk.symbolic.evaluate import Values, as_formula
from vgdesk.symbolic.network import named
from vgdesk.symbolic.notation import (
    LOSS,
    activation_call,
    activations_of,
    delta_symbol,
    parameter_symbol,
    preactivation_symbol,
    target_symbol,
    unit_symbol,
    unit_words,
)

Parameter = Edge | Bias


def gradient_factors(experiment: Experiment, wrt: Parameter, values: Values) -> tuple[Factor, ...]:
    """Returns the factors of dL/d(wrt), nearest the loss first; their values multiply to the gradient."""
    return tuple(_factor(number, *part) for number, part in enumerate(_parts(experiment, wrt, values), start=1))


def factor_expressions(experiment: Experiment, wrt: Parameter) -> tuple[tuple[Formula, sp.Expr], ...]:
    """Returns (meaning, expression in the names of `vgdesk.symbolic.network`) of the same factors."""
    return tuple((part[0], part[2]) for part in _parts(experiment, wrt, _Symbols()))


class _Symbols(dict[str, Any]):
    """Holds every name's symbol in place of its number."""

    def __missing__(self, name: str) -> sp.Symbol:
        return named(name)


def _parts(experiment: Experiment, wrt: Parameter, values: Values) -> "list[_Part]":
    network = experiment.feed_forward
    if network.is_chain:
        return list(_chain(experiment, wrt, values))
    return [_unit_factor(experiment, wrt.layer, wrt.unit, values), _local_factor(network, wrt, values)]


def place_of(wrt: Parameter) -> Place:
    """Returns the edge or the bias itself."""
    if isinstance(wrt, Edge):
        return Place(PlaceKind.EDGE, wrt.layer, wrt.unit, wrt.source)
    return Place(PlaceKind.BIAS, wrt.layer, wrt.unit)


def slope(network: FeedForward, layer: int, unit: int) -> tuple[Formula, ...]:
    """Returns (phi'(z),) of a unit, or () for the identity whose slope is 1."""
    activation = network.activation_of(layer, unit)
    if activation == "identity":
        return ()
    inner = preactivation_symbol(network, layer, unit)
    return (activation_call(activation, inner, prime=1, among=activations_of(network)),)


def product(factors: tuple[Formula, ...]) -> Formula:
    """Multiplies, writing one factor as itself and none as 1."""
    if not factors:
        return Number(1.0)
    return factors[0] if len(factors) == 1 else Product(factors)


def arriving_gradient(experiment: Experiment, layer: int, unit: int) -> Formula:
    """Returns the closed form of dL/dh of a unit: the sum of w delta over the units above that listen to it.

    For an output unit it is the derivative of the loss.
    """
    network = experiment.feed_forward
    if layer == network.depth:
        return output_residual(experiment, unit)
    terms = tuple(
        Product((parameter_symbol(edge.name), delta_symbol(network, edge.layer, edge.unit)))
        for edge in _listeners(network, layer, unit)
    )
    return terms[0] if len(terms) == 1 else Sum(terms) if terms else Number(0.0)


def _listeners(network: FeedForward, layer: int, unit: int) -> list[Edge]:
    return [edge for edge in network.edges() if edge.layer == layer + 1 and edge.source == unit]


def output_residual(experiment: Experiment, unit: int) -> Formula:
    """Returns the closed form of dL/dh of an output unit for the experiment's loss."""
    network = experiment.feed_forward
    output, target = unit_symbol(network, network.depth, unit), target_symbol(network, unit)
    difference = Sum((output, Negative(target)))
    if experiment.loss == "half-mse-sum":
        return difference
    if experiment.loss == "softmax-cross-entropy":
        return Sum((Symbol("p", str(unit)), Negative(target)))
    scale = 2.0 / network.widths[-1] if experiment.loss == "mse" else 1.0 / network.widths[-1]
    scaled = difference if scale == 1.0 else Product((Number(scale), difference))
    if experiment.loss == "mse":
        return scaled
    return Fraction(scaled, Product((output, Sum((Number(1.0), Negative(output)))), "thin"))


_Part = tuple[Formula, Formula, Any, Place, str]


def _factor(number: int, meaning: Formula, closed_form: Formula, value: Any, place: Place, spoken: str) -> Factor:
    return Factor(
        id=f"d{number}",
        symbol=Symbol("d", str(number)),
        meaning=meaning,
        closed_form=closed_form,
        value=float(value),
        number=as_formula(value),
        place=place,
        spoken=spoken,
    )


def _chain(experiment: Experiment, wrt: Parameter, values: Values) -> Iterator[_Part]:
    network = experiment.feed_forward
    yield _output_factor(experiment, 1, values)
    weights = {edge.layer: edge for edge in network.edges()}
    for layer in range(network.depth, wrt.layer, -1):
        above, below = unit_symbol(network, layer, 1), unit_symbol(network, layer - 1, 1)
        yield (
            Partial(above, below),
            product((parameter_symbol(weights[layer].name), *slope(network, layer, 1))),
            values[weights[layer].name] * values[f"s_{layer}_1"],
            Place(PlaceKind.EDGE, layer, 1, 1),
            f"the partial of layer {layer}'s value by layer {layer - 1}'s",
        )
    yield _local_factor(network, wrt, values)


def _output_factor(experiment: Experiment, unit: int, values: Values) -> _Part:
    network = experiment.feed_forward
    output = unit_symbol(network, network.depth, unit)
    return (
        Partial(LOSS, output),
        output_residual(experiment, unit),
        values[f"g_{network.depth}_{unit}"],
        Place(PlaceKind.LOSS, network.depth, unit),
        f"the partial of L by {unit_words(network, network.depth, unit)}",
    )


def _unit_factor(experiment: Experiment, layer: int, unit: int, values: Values) -> _Part:
    network = experiment.feed_forward
    if layer == network.depth:
        return _output_factor(experiment, unit, values)
    listeners = _listeners(network, layer, unit)
    if len(listeners) == 1:
        place = Place(PlaceKind.EDGE, layer + 1, listeners[0].unit, unit)
    else:
        place = Place(PlaceKind.UNIT, layer, unit)
    return (
        Partial(LOSS, unit_symbol(network, layer, unit)),
        arriving_gradient(experiment, layer, unit),
        values[f"g_{layer}_{unit}"],
        place,
        f"the partial of L by {unit_words(network, layer, unit)}",
    )


def _local_factor(network: FeedForward, wrt: Parameter, values: Values) -> _Part:
    below: tuple[Formula, ...] = ()
    value = values[f"s_{wrt.layer}_{wrt.unit}"]
    if isinstance(wrt, Edge):
        below = (unit_symbol(network, wrt.layer - 1, wrt.source),)
        value = value * values[f"h_{wrt.layer - 1}_{wrt.source}"]
    unit = unit_symbol(network, wrt.layer, wrt.unit)
    return (
        Partial(unit, parameter_symbol(wrt.name)),
        product((*slope(network, wrt.layer, wrt.unit), *below)),
        value,
        place_of(wrt),
        f"the partial of {unit_words(network, wrt.layer, wrt.unit)} by {wrt.name[0]} {wrt.name[1:]}",
    )
