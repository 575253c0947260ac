"""Puts numbers in the place of symbols without reordering anything."""

from collections.abc import Mapping

import msgspec

from vgdesk.records.formula import Call, Formula, Number, Product, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.evaluate import Values, as_formula
from vgdesk.symbolic.notation import (
    activation_call,
    activations_of,
    delta_symbol,
    parameter_symbol,
    preactivation_symbol,
    target_symbol,
    unit_symbol,
)

Table = dict[Formula, Formula]


def value_table(experiment: Experiment, values: Values) -> Table:
    """Returns the number of every symbol that a closed form may hold."""
    network = experiment.feed_forward
    table: Table = {unit_symbol(network, 0, i): as_formula(values[f"h_0_{i}"]) for i in range(1, network.inputs + 1)}
    for parameter in (*network.edges(), *network.biases()):
        table[parameter_symbol(parameter.name)] = as_formula(values[parameter.name])
    for layer, unit in network.units():
        key = f"{layer}_{unit}"
        z = preactivation_symbol(network, layer, unit)
        table[z] = as_formula(values[f"z_{key}"])
        table[unit_symbol(network, layer, unit)] = as_formula(values[f"h_{key}"])
        table[delta_symbol(network, layer, unit)] = as_formula(values[f"d_{key}"])
        slope = activation_call(network.activation_of(layer, unit), z, 1, activations_of(network))
        table[slope] = as_formula(values[f"s_{key}"])
    for unit in range(1, network.widths[-1] + 1):
        table[target_symbol(network, unit)] = as_formula(values[f"t_{unit}"])
        if experiment.loss == "softmax-cross-entropy":
            table[Symbol("p", str(unit))] = as_formula(values[f"d_{network.depth}_{unit}"] + values[f"t_{unit}"])
    return table


def table_of(symbols: Mapping[str, Formula], values: Values) -> Table:
    """Returns the number of every name that has both a symbol and a number."""
    return {formula: as_formula(values[name]) for name, formula in symbols.items() if name in values}


def with_numbers(formula: Formula, table: Table) -> Formula:
    """Returns the formula with every symbol of the table replaced; products of numbers get a times sign."""
    if formula in table:
        return table[formula]
    fields = {name: _replaced(getattr(formula, name), table) for name in formula.__struct_fields__}
    replaced = msgspec.structs.replace(formula, **fields)
    if isinstance(replaced, Product) and replaced != formula:
        return Product(replaced.factors, "times")
    return replaced


def in_numbers(formula: Formula, table: Table) -> tuple[Formula, ...]:
    """Returns the formula in numbers, or nothing where that is a single number; of phi'(z) the z is told."""
    numbers = with_numbers(formula, table)
    if isinstance(formula, Call) and isinstance(numbers, Number):
        numbers = Call(formula.function, tuple(with_numbers(argument, table) for argument in formula.arguments))
    return () if numbers == formula or isinstance(numbers, Number) else (numbers,)


def _replaced(value: object, table: Table) -> object:
    if isinstance(value, msgspec.Struct):
        return with_numbers(value, table)  # pyright: ignore[reportArgumentType]
    if isinstance(value, tuple):
        return tuple(_replaced(item, table) for item in value)
    return value
