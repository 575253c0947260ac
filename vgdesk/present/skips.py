"""What stands beside weights and activation in a layer: skip connections and normalisation, for the diagram.

A skip connection leads the layer's input past it: an arc from the column below to its own column. A normalised layer
bears a small mark at its column.
"""

from collections.abc import Iterator

from vgdesk.present.diagram_scene import Bypass
from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward


def bypasses(network: Network) -> tuple[Bypass, ...]:
    """Returns an arc for each skip connection, from the input to the output."""
    return tuple(_bypasses(network)) if isinstance(network, FeedForward) else ()


def normalised_layers(network: Network) -> tuple[int, ...]:
    """Returns the layers, counting from 1, whose preactivations are normalised."""
    if not isinstance(network, FeedForward):
        return ()
    return tuple(n for n, layer in enumerate(network.layers, start=1) if layer.normalisation != "none")


def _bypasses(network: FeedForward) -> Iterator[Bypass]:
    columns = network.depth + 1
    for number, layer in enumerate(network.layers, start=1):
        if layer.skip is not None:
            kind = str(layer.skip.__struct_config__.tag)
            yield Bypass(number, (number - 1) / columns, number / columns, kind)
