"""The details behind the main steps: factors expanded, backward rule, forward pass, loss, update."""

from collections.abc import Iterator

from vgdesk.records.derivation import DerivationStep, Factor, StepKind
from vgdesk.records.formula import Formula, Ink, Product, Relation, Sum
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.evaluate import Values, as_formula
from vgdesk.symbolic.factors import Parameter, arriving_gradient, product, slope
from vgdesk.symbolic.loss_story import loss_lines
from vgdesk.symbolic.notation import (
    activation_call,
    activations_of,
    delta_symbol,
    parameter_symbol,
    preactivation_symbol,
    unit_symbol,
    unit_words,
)
from vgdesk.symbolic.own_formula import definition_step
from vgdesk.symbolic.substitute import Table, in_numbers, value_table
from vgdesk.symbolic.update_story import update_step


def detail_steps(
    experiment: Experiment, wrt: Parameter, factors: tuple[Factor, ...], values: Values, is_long: bool = False
) -> Iterator[DerivationStep]:
    """Yields the foldable steps: one per factor, or one for all of a long product, a line each."""
    table = value_table(experiment, values)
    if is_long:
        lines = (factor_line(factor, table) for factor in factors)
        yield detail_step(StepKind.EXPAND, f"All {len(factors)} factors, one by one", *lines)
    for factor in () if is_long else factors:
        note = _sign_note(experiment, wrt, factor, values)
        yield detail_step(StepKind.EXPAND, f"Where {factor.id} comes from", factor_line(factor, table), note=note)
    if not experiment.feed_forward.is_chain:
        for layer in range(experiment.feed_forward.depth, wrt.layer, -1):
            units = range(1, experiment.feed_forward.widths[layer] + 1)
            lines = [delta_line(experiment, layer, unit, table) for unit in units]
            yield detail_step(StepKind.EXPAND, f"Backward rule, layer {layer}", *lines, layer=layer)
    if own := definition_step(activations_of(experiment.network)):
        yield own
    yield detail_step(StepKind.FORWARD, "Forward pass", *_forward_lines(experiment, table))
    yield detail_step(StepKind.LOSS, "Loss", *loss_lines(experiment, table, as_formula(values["L"])))
    yield update_step(experiment, wrt, values)


def detail_step(kind: StepKind, title: str, *lines: Formula, note: str = "", layer: int = 0) -> DerivationStep:
    """Returns a step that is folded at first."""
    return DerivationStep(kind=kind, title=title, lines=lines, note=note, detail=True, layer=layer)


def factor_line(factor: Factor, table: Table) -> Formula:
    """Returns a factor in every spelling: name, meaning, closed form, numbers, value."""
    sides = (Ink(factor.id, factor.symbol), factor.meaning, factor.closed_form)
    return Relation((*sides, *in_numbers(factor.closed_form, table), Ink(factor.id, factor.number)))


def delta_line(experiment: Experiment, layer: int, unit: int, table: Table) -> Formula:
    """Returns delta of one unit as the backward rule has it, in symbols and in numbers."""
    network = experiment.feed_forward
    delta = delta_symbol(network, layer, unit)
    rule = product((arriving_gradient(experiment, layer, unit), *slope(network, layer, unit)))
    return Relation((delta, rule, *in_numbers(rule, table), table[delta]))


def _forward_lines(experiment: Experiment, table: Table) -> Iterator[Formula]:
    network = experiment.feed_forward
    edges, biases = list(network.edges()), {bias[1:]: bias.name for bias in network.biases()}
    for layer, unit in network.units():
        terms: list[Formula] = [
            Product((parameter_symbol(edge.name), unit_symbol(network, layer - 1, edge.source)), "thin")
            for edge in edges
            if (edge.layer, edge.unit) == (layer, unit)
        ]
        z, h = preactivation_symbol(network, layer, unit), unit_symbol(network, layer, unit)
        if (layer, unit) in biases:
            terms.append(parameter_symbol(biases[layer, unit]))
        yield Relation((z, Sum(tuple(terms)) if len(terms) > 1 else terms[0], table[z]))
        shown = activation_call(network.activation_of(layer, unit), z, among=activations_of(network))
        yield Relation((h, shown, table[h]))


def _sign_note(experiment: Experiment, wrt: Parameter, factor: Factor, values: Values) -> str:
    """Says why d1 has its sign where a single weight to the only output decides it."""
    network = experiment.feed_forward
    through = [edge for edge in network.edges() if edge.layer == wrt.layer + 1 and edge.source == wrt.unit]
    if factor.id != "d1" or wrt.layer != network.depth - 1 or len(through) != 1 or network.is_chain:
        return ""
    output, target = float(values[f"h_{network.depth}_1"]), float(values["t_1"])
    weight, name = float(values[through[0].name]), through[0].name
    if network.widths[-1] != 1 or output == target or weight == 0.0 or factor.value == 0.0:
        return ""
    side, sign = ("below", "negative") if output < target else ("above", "positive")
    return (
        f"The output {output:.3g} is {side} its target {target:.3g}, so the loss's slope at "
        f"{unit_words(network, network.depth, 1)} is {sign}; d1 is {'positive' if factor.value > 0 else 'negative'} "
        f"because {name} is {'negative' if weight < 0 else 'positive'}."
    )
