"""The names by which single learned numbers are derived, from the network alone; `vgdesk derive --wrt` takes them."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.parameters import Parameters, named_arrays, parameter_names, parameters_of
from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward

_LETTERS = {"W_ih": "w", "W_hh": "u", "W_out": "v"}
_MOST_LISTED = 12

Position = tuple[str, tuple[int, ...]]
"""Public name of an array of `vgdesk.records.parameters`, and indices in it, counting from 0."""


def learned_names(network: Network) -> list[str]:
    """Returns every name in its order: "w1", ..., "b1", ..., then "gamma2_1" and its like, or "bn1", ... of a GRU."""
    return list(learned_positions(network))


def learned_positions(network: Network) -> dict[str, Position]:
    """Returns where every learned number lies, by its name."""
    return dict(_of_layers(network) if isinstance(network, FeedForward) else _of_cells(network))


def with_numbers(network: Network, parameters: Parameters, numbers: Mapping[str, float]) -> Parameters:
    """Returns the parameters with some of them changed, by name.

    Raises
    ------
    SpecError
        The network has no parameter of that name.
    """
    places = learned_positions(network)
    arrays = {name: np.array(array) for name, array in named_arrays(network, parameters).items()}
    for name, value in numbers.items():
        if name not in places:
            listed = list(places)
            shown = listed if len(listed) <= _MOST_LISTED else [*listed[:6], "...", *listed[-4:]]
            raise SpecError(f"the network has no parameter {name!r}; allowed are {', '.join(shown)}")
        array, index = places[name]
        arrays[array][index] = value
    return parameters_of(network, arrays)


def _of_layers(network: FeedForward) -> Iterator[tuple[str, Position]]:
    for edge in network.edges():
        yield edge.name, (f"W{edge.layer}", (edge.unit - 1, edge.source - 1))
    for bias in network.biases():
        yield bias.name, (f"b{bias.layer}", (bias.unit - 1,))
    for array, shape in parameter_names(network).items():
        kind = array.rstrip("0123456789")
        if kind == "slope":
            yield array, (array, (0,))
        elif kind not in ("W", "b"):
            for index in product(*map(range, shape)):
                yield "_".join((array, *(str(number + 1) for number in index))), (array, index)


def _of_cells(network: Network) -> Iterator[tuple[str, Position]]:
    shapes = parameter_names(network)
    for array, letter in _LETTERS.items():
        for number, index in enumerate(product(*map(range, shapes[array])), start=1):
            yield f"{letter}{number}", (array, index)
    biases = [(array, (row,)) for array in ("b", "b_out") for row in range(shapes[array][0])]
    for number, place in enumerate(biases, start=1):
        yield f"b{number}", place
    for unit in range(shapes.get("b_hn", (0,))[0]):
        yield f"bn{unit + 1}", ("b_hn", (unit,))
