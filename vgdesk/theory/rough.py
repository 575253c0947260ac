"""Networks of which it is known that the prediction lies off, and in which direction: sentences for its note."""

from vgdesk.spec.network import FeedForward
from vgdesk.theory.dropped import MOST_APART


def rough_places(network: FeedForward) -> str:
    """Returns what makes the prediction of such a network less sure than its band says; "" if nothing is known to."""
    return _masks_apart(network)


def _masks_apart(network: FeedForward) -> str:
    """Returns what masks of narrow layers do: a few examples come to have all of the gradient."""
    apart = sum(layer.dropout / (1.0 - layer.dropout) / layer.width for layer in network.layers[:-1])
    if apart < MOST_APART:
        return ""
    return (
        "dropout in so many narrow layers takes the sizes of the examples far apart: most networks drawn have a "
        "smaller gradient than predicted, by more than the band says"
    )
