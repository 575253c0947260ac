"""A small network as an ordered list of named intermediates: the forward pass, then reverse mode.

Every line is *local*: z = sum(w h) + b, h = phi(z), s = phi'(z), g = dL/dh, delta = g s, g_below = sum(w delta),
dL/dw = delta h_below. SymPy differentiates only the activation and the loss; the composed network is never
differentiated (a 4-4-4-1 net would grow to 45,185 operations against about 200 here).

Names: `h_l_i`, `z_l_i`, `s_l_i`, `g_l_i` = dL/dh, `d_l_i` = dL/dz (layer, unit; layer 0 is the input), `w1..`,
`b1..`, `t_i`, `L`, and `dL_w1`, `dL_b1` for the gradients of the parameters.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.activations import apply, derivative, phi_of
from vgdesk.symbolic.limits import require_derivable
from vgdesk.symbolic.losses import loss_expression
from vgdesk.symbolic.reverse import Line, reverse_mode


def named(name: str) -> sp.Symbol:
    """Returns the real symbol of that name."""
    return sp.Symbol(name, real=True)


@dataclass(frozen=True)
class SymbolicNetwork:
    """Holds the assignments of one example's forward and backward pass.

    Attributes
    ----------
    forward
        Lines from the first z to the loss L; free symbols are inputs, targets, weights and biases.
    backward
        Lines of the slopes s = phi'(z), then of every derivative of L from the output down to the parameters.
    """

    experiment: Experiment
    forward: tuple[Line, ...]
    backward: tuple[Line, ...]


def symbolic_network(experiment: Experiment) -> SymbolicNetwork:
    """Builds the lines; raises `DerivationTooLarge` beyond the limits."""
    require_derivable(experiment)
    network = experiment.feed_forward
    slopes = tuple(_slopes(network))
    forward = (*_forward(network), (named("L"), _loss(experiment)))
    known = {
        (named(f"h{key}"), named(f"z{key}")): slope for key, (slope, _) in zip(_keys(network), slopes, strict=True)
    }
    return SymbolicNetwork(
        experiment=experiment, forward=forward, backward=(*slopes, *reverse_mode(forward, named("L"), _adjoint, known))
    )


def _adjoint(symbol: sp.Symbol) -> sp.Symbol:
    """Names dL/dh g, dL/dz d, and dL of anything else dL_."""
    letter = {"h": "g", "z": "d"}.get(str(symbol)[0])
    return named(f"{letter}{str(symbol)[1:]}" if letter else f"dL_{symbol}")


def _keys(network: FeedForward) -> list[str]:
    return [f"_{layer}_{unit}" for layer, unit in network.units()]


def _forward(network: FeedForward) -> Iterator[Line]:
    incoming: dict[tuple[int, int], list[sp.Expr]] = {}
    for edge in network.edges():
        product = named(edge.name) * named(f"h_{edge.layer - 1}_{edge.source}")
        incoming.setdefault((edge.layer, edge.unit), []).append(product)
    for bias in network.biases():
        incoming[bias.layer, bias.unit].append(named(bias.name))
    for (layer, unit), key in zip(network.units(), _keys(network), strict=True):
        activation = phi_of(network.activation_of(layer, unit))
        yield named(f"z{key}"), sp.Add(*incoming[layer, unit])
        yield named(f"h{key}"), apply(activation, named(f"z{key}"))


def _slopes(network: FeedForward) -> Iterator[Line]:
    for (layer, unit), key in zip(network.units(), _keys(network), strict=True):
        yield named(f"s{key}"), apply(derivative(network.activation_of(layer, unit)), named(f"z{key}"))


def _loss(experiment: Experiment) -> sp.Expr:
    units = range(1, experiment.feed_forward.widths[-1] + 1)
    outputs = [named(f"h_{experiment.feed_forward.depth}_{unit}") for unit in units]
    return loss_expression(experiment.loss, outputs, [named(f"t_{unit}") for unit in units])
