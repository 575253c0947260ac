"""Where a recorded number belongs: a layer, one of the weight matrices of a recurrent network, or a time step.

Places count from 1: layers from the input, time steps from the earliest; weight matrices stand in the order of
`WEIGHT_MATRICES`. A bias belongs to the matrix of its product.
"""

from enum import StrEnum

from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import QUANTITIES, WEIGHTS

WEIGHT_MATRICES = ("W_ih", "W_hh", "W_out")


class Places(StrEnum):
    """Says what the places of a quantity are."""

    LAYERS = "layer"
    WEIGHTS = "weights"
    TIME = "time"

    @property
    def axis_title(self) -> str:
        """What stands beside an axis of places."""
        return {
            Places.LAYERS: "layer (1 = next to the input)",
            Places.WEIGHTS: "weight matrix",
            Places.TIME: "time step t (1 = earliest)",
        }[self]

    @property
    def word(self) -> str:
        """One place, in a word or two."""
        return {Places.LAYERS: "layer", Places.WEIGHTS: "weight matrix", Places.TIME: "time step"}[self]

    @property
    def plural(self) -> str:
        """Several places."""
        return {Places.LAYERS: "layers", Places.WEIGHTS: "weight matrices", Places.TIME: "time steps"}[self]

    def tick(self, number: int) -> str:
        """Returns the label of a place on an axis, e.g. "12" or "W_hh"."""
        return WEIGHT_MATRICES[number - 1] if self is Places.WEIGHTS else str(number)

    def label(self, number: int) -> str:
        """Returns what a place is called in a sentence, e.g. "layer 3", "time step 12" or "W_hh"."""
        return self.tick(number) if self is Places.WEIGHTS else f"{self.word} {number}"

    def suffix(self, number: int) -> str:
        """Returns how a place ends the name of a column, e.g. "3", "t12" or "W_hh"."""
        return f"t{number}" if self is Places.TIME else self.tick(number)


def signal_places(network: Network) -> tuple[Places, int]:
    """Returns what the places of signals are in a network, and how many there are."""
    return (Places.LAYERS, network.depth) if isinstance(network, FeedForward) else (Places.TIME, network.steps)


def weight_places(network: Network) -> tuple[Places, int]:
    """Returns what the places of weights are in a network, and how many there are."""
    return signal_places(network) if isinstance(network, FeedForward) else (Places.WEIGHTS, len(WEIGHT_MATRICES))


def places_of(quantity: str, network: Network) -> tuple[Places, int]:
    """Returns what the places of a quantity are in a network, and how many there are."""
    return weight_places(network) if QUANTITIES[quantity].places == WEIGHTS else signal_places(network)
