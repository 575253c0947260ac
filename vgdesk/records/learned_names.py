"""The names by which single learned numbers are derived, from the network alone; `vgdesk derive --wrt` takes them."""

from collections.abc import Iterator
from itertools import product

from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.parameter_names import parameter_names

_LETTERS = {"W_ih": "w", "W_hh": "u", "W_out": "v"}

Position = tuple[str, tuple[int, ...]]
"""Public name of an array of `vgdesk.records.parameters`, and indices in it, counting from 0."""


def learned_names(network: Network) -> list[str]:
    """Returns every name in its order: "w1", ..., "b1", ..., then "gamma2_1" and its like, or "bn1", ... of a GRU."""
    return list(learned_positions(network))


def learned_positions(network: Network) -> dict[str, Position]:
    """Returns where every learned number lies, by its name."""
    return dict(_of_layers(network) if isinstance(network, FeedForward) else _of_cells(network))


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
