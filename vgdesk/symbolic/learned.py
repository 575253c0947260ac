"""The names of learned numbers, as `--wrt` takes them.

| network | name | number |
|---|---|---|
| feed-forward | `w1`, `b1`, ... | weights and biases, numbered through the network |
| | `gamma2_1`, `beta2_1` | scale and shift of the normalisation of unit 1 in layer 2 |
| | `slope2` | slope of layer 2's PReLU |
| | `gate_W2_1_3`, `gate_b2_1` | layer 2's highway gate: weight from unit 3 of the layer below to unit 1, bias |
| recurrent | `w1`, ... | W_ih, row by row (gate by gate, unit by unit), input by input |
| | `u1`, ... | W_hh in the same order |
| | `v1`, ... | W_out, output by output |
| | `b1`, ... | b in the order of the rows, then b_out |
| | `bn1`, ... | b_hn of a GRU whose reset acts after the product |
"""

from collections.abc import Iterator

from vgdesk.errors import SpecError
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.records.formula import Symbol
from vgdesk.records.parameters import parameter_names
from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Recurrent
from vgdesk.symbolic.intermediates import Learned
from vgdesk.symbolic.notation import parameter_symbol

_NORM_WORDS = {"gamma": "the scale", "beta": "the shift"}


def learned_numbers(network: Network) -> list[Learned]:
    """Returns every learned number, in the order of its names."""
    return list(_recurrent(network) if isinstance(network, Recurrent) else _feed_forward(network))


def find_learned(network: Network, name: str) -> Learned:
    """Returns the learned number of that name; raises `SpecError` that says which names exist."""
    entries = learned_numbers(network)
    for entry in entries:
        if entry.name == name:
            return entry
    arrays: dict[str, list[str]] = {}
    for entry in entries:
        is_numbered = entry.name[1:].isdigit()
        arrays.setdefault(entry.name[0] if is_numbered else entry.array, []).append(entry.name)
    ranges = [names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}" for names in arrays.values()]
    allowed = ranges[0] if len(ranges) == 1 else f"{', '.join(ranges[:-1])} and {ranges[-1]}"
    raise SpecError(f"unknown weight {name!r}; allowed are {allowed}")


def _feed_forward(network: FeedForward) -> Iterator[Learned]:
    for edge in network.edges():
        place = Place(PlaceKind.EDGE, edge.layer, edge.unit, edge.source)
        index = edge.unit - 1, edge.source - 1
        yield Learned(edge.name, f"W{edge.layer}", index, parameter_symbol(edge.name), place, _spoken(edge.name))
    for bias in network.biases():
        place = Place(PlaceKind.BIAS, bias.layer, bias.unit)
        symbol = parameter_symbol(bias.name)
        yield Learned(bias.name, f"b{bias.layer}", (bias.unit - 1,), symbol, place, _spoken(bias.name))
    for layer in range(1, network.depth + 1):
        yield from _options(network, layer)


def _options(network: FeedForward, layer: int) -> Iterator[Learned]:
    """Yields what a layer learns besides W and b."""
    places = {"gamma": "gamma", "beta": "beta", "gate_b": "b"}
    for array, shape in parameter_names(network).items():
        kind = array.rstrip("0123456789")
        if array != f"{kind}{layer}" or kind in ("W", "b"):
            continue
        if kind == "slope":
            symbol, place = Symbol("alpha", str(layer)), Place(PlaceKind.LAYER, layer)
            yield Learned(array, array, (0,), symbol, place, f"the slope of layer {layer}")
        elif kind == "gate_W":
            yield from _gate_weights(array, shape, layer)
        else:
            for unit in range(1, shape[0] + 1):
                below = f"T,{unit}" if kind == "gate_b" else str(unit)
                words = _NORM_WORDS.get(kind, "the gate's bias")
                yield Learned(
                    f"{array}_{unit}",
                    array,
                    (unit - 1,),
                    Symbol(places[kind], below, str(layer)),
                    Place(PlaceKind.UNIT, layer, unit),
                    f"{words} of unit {unit} of layer {layer}",
                )


def _gate_weights(array: str, shape: tuple[int, ...], layer: int) -> Iterator[Learned]:
    for unit in range(1, shape[0] + 1):
        for source in range(1, shape[1] + 1):
            yield Learned(
                f"{array}_{unit}_{source}",
                array,
                (unit - 1, source - 1),
                Symbol("w", f"T,{unit},{source}", str(layer)),
                Place(PlaceKind.UNIT, layer, unit),
                f"the gate's weight from unit {source} to unit {unit} of layer {layer}",
            )


def _recurrent(network: Recurrent) -> Iterator[Learned]:
    shapes = parameter_names(network)
    for array, letter in (("W_ih", "w"), ("W_hh", "u"), ("W_out", "v")):
        rows, columns = shapes[array]
        places = ((row, column) for row in range(rows) for column in range(columns))
        for number, (row, column) in enumerate(places, start=1):
            place = Place(PlaceKind.EDGE, 0, row % network.width + 1, column + 1)
            name = f"{letter}{number}"
            yield Learned(name, array, (row, column), Symbol(letter, str(number)), place, _spoken(name))
    biases = [(array, row) for array in ("b", "b_out") for row in range(shapes[array][0])]
    for number, (array, row) in enumerate(biases, start=1):
        place = Place(PlaceKind.BIAS, 0, row % network.width + 1)
        yield Learned(f"b{number}", array, (row,), Symbol("b", str(number)), place, f"b {number}")
    if network.has_second_bias:
        for unit in range(1, network.width + 1):
            place = Place(PlaceKind.BIAS, 0, unit)
            yield Learned(f"bn{unit}", "b_hn", (unit - 1,), Symbol("b", f"n,{unit}"), place, f"b n {unit}")


def _spoken(name: str) -> str:
    return f"{name[0]} {name[1:]}"
