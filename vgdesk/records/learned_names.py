"""The names by which single learned numbers are derived, from the network alone; `vgdesk derive --wrt` takes them."""

from collections.abc import Iterator
from itertools import product

from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.parameter_names import parameter_names

_LETTERS = {"W_ih": "w", "W_hh": "u", "W_out": "v"}


def learned_names(network: Network) -> list[str]:
    """Returns every name in its order: "w1", ..., "b1", ..., then "gamma2_1" and its like, or "bn1", ... of a GRU."""
    return list(_of_layers(network) if isinstance(network, FeedForward) else _of_cells(network))


def _of_layers(network: FeedForward) -> Iterator[str]:
    yield from (edge.name for edge in network.edges())
    yield from (bias.name for bias in network.biases())
    for array, shape in parameter_names(network).items():
        kind = array.rstrip("0123456789")
        if kind == "slope":
            yield array
        elif kind not in ("W", "b"):
            yield from ("_".join((array, *map(str, place))) for place in product(*(range(1, n + 1) for n in shape)))


def _of_cells(network: Network) -> Iterator[str]:
    shapes = parameter_names(network)
    for array, letter in _LETTERS.items():
        rows, columns = shapes[array]
        yield from (f"{letter}{number}" for number in range(1, rows * columns + 1))
    yield from (f"b{number}" for number in range(1, shapes["b"][0] + shapes["b_out"][0] + 1))
    yield from (f"bn{number}" for number in range(1, shapes.get("b_hn", (0,))[0] + 1))
