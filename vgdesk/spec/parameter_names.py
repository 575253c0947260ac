"""The public names of a network's arrays of parameters; see `vgdesk.records.parameters` for what they hold."""

from vgdesk.spec.layer import Highway
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Recurrent


def parameter_names(network: FeedForward | Recurrent) -> dict[str, tuple[int, ...]]:
    """Returns the public name and the shape of every array of parameters, in their order."""
    if isinstance(network, Recurrent):
        return _recurrent_names(network)
    names: dict[str, tuple[int, ...]] = {}
    for layer in range(1, network.depth + 1):
        names |= _layer_names(network, layer)
    return names


def _layer_names(network: FeedForward, layer: int) -> dict[str, tuple[int, ...]]:
    spec, below = network.layers[layer - 1], network.widths[layer - 1]
    names: dict[str, tuple[int, ...]] = {f"W{layer}": (spec.width, below)}
    if spec.bias:
        names |= {f"b{layer}": (spec.width,)}
    if spec.normalisation != "none":
        names |= {f"gamma{layer}": (spec.width,), f"beta{layer}": (spec.width,)}
    if spec.activation == "prelu":
        names |= {f"slope{layer}": (1,)}
    if isinstance(spec.skip, Highway):
        names |= {f"gate_W{layer}": (spec.width, below), f"gate_b{layer}": (spec.width,)}
    return names


def _recurrent_names(network: Recurrent) -> dict[str, tuple[int, ...]]:
    rows, width = network.gates * network.width, network.width
    names: dict[str, tuple[int, ...]] = {"W_ih": (rows, network.inputs), "W_hh": (rows, width), "b": (rows,)}
    if network.has_second_bias:
        names |= {"b_hn": (width,)}
    return names | {"W_out": (network.outputs, width), "b_out": (network.outputs,)}
