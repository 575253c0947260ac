"""A small network as an ordered list of named intermediates: the forward pass, then reverse mode.

Every line is *local*: z = sum(w h) + b, h = phi(z), s = phi'(z), g = dL/dh, delta = g s, g_below = sum(w delta),
dL/dw = delta h_below. SymPy differentiates only the activation and the loss; the composed network is never
differentiated (a 4-4-4-1 net would grow to 45,185 operations against about 200 here).

Names: `h_l_i`, `z_l_i`, `s_l_i`, `g_l_i`, `d_l_i` (layer, unit; layer 0 is the input), `w1..`, `b1..`, `t_i`, `L`, and
`dL_w1`, `dL_b1` for the gradients.
"""

from dataclasses import dataclass

import sympy as sp

from vgdesk.errors import DerivationTooLarge
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.activations import ACTIVATION, apply, derivative
from vgdesk.symbolic.losses import FUSED_WITH_OUTPUT, loss_derivative, loss_expression

MAX_PARAMETERS = 250


def named(name: str) -> sp.Symbol:
    """Returns the real symbol of that name."""
    return sp.Symbol(name, real=True)


@dataclass(frozen=True)
class SymbolicNetwork:
    """Holds the assignments of one example's forward and backward pass.

    Attributes
    ----------
    arguments
        Free symbols: inputs, targets, weights, biases, in this order.
    forward
        (symbol, expression) from the first z to the loss L.
    backward
        (symbol, expression) from dL/dh of the output down to every dL/dw and dL/db.
    """

    experiment: Experiment
    arguments: tuple[sp.Symbol, ...]
    forward: tuple[tuple[sp.Symbol, sp.Expr], ...]
    backward: tuple[tuple[sp.Symbol, sp.Expr], ...]


def require_derivable(experiment: Experiment) -> None:
    """Raises `DerivationTooLarge` when a network has more parameters than a person can follow."""
    network = experiment.network
    count = sum((below + 1) * above for below, above in zip(network.widths, network.widths[1:], strict=False))
    if count > MAX_PARAMETERS:
        raise DerivationTooLarge(
            f"{experiment.name} has {count:,} parameters; a derivation is written for at most {MAX_PARAMETERS}, "
            "choose a smaller network or train this one"
        )


def symbolic_network(experiment: Experiment) -> SymbolicNetwork:
    """Builds the assignments; raises `DerivationTooLarge` beyond `MAX_PARAMETERS`."""
    require_derivable(experiment)
    network = experiment.network
    return SymbolicNetwork(
        experiment=experiment,
        arguments=_arguments(network),
        forward=(*_forward(network), (named("L"), _loss(experiment))),
        backward=tuple(_backward(experiment)),
    )


def _arguments(network: FeedForward) -> tuple[sp.Symbol, ...]:
    inputs = [named(f"h_0_{i}") for i in range(1, network.inputs + 1)]
    targets = [named(f"t_{i}") for i in range(1, network.widths[-1] + 1)]
    return (*inputs, *targets, *(named(e.name) for e in network.edges()), *(named(b.name) for b in network.biases()))


def _forward(network: FeedForward):
    incoming = {(e.layer, e.unit): [] for e in network.edges()}
    for edge in network.edges():
        incoming[edge.layer, edge.unit].append(named(edge.name) * named(f"h_{edge.layer - 1}_{edge.source}"))
    for bias in network.biases():
        key = f"{bias.layer}_{bias.unit}"
        activation = ACTIVATION[network.layers[bias.layer - 1].activation]
        yield named(f"z_{key}"), sp.Add(*incoming[bias.layer, bias.unit], named(bias.name))
        yield named(f"h_{key}"), apply(activation, named(f"z_{key}"))


def _outputs(experiment: Experiment) -> tuple[list[sp.Symbol], list[sp.Symbol]]:
    depth, width = experiment.network.depth, experiment.network.widths[-1]
    letter = "z" if experiment.loss in FUSED_WITH_OUTPUT else "h"
    units = range(1, width + 1)
    return [named(f"{letter}_{depth}_{i}") for i in units], [named(f"t_{i}") for i in units]


def _loss(experiment: Experiment) -> sp.Expr:
    return loss_expression(experiment.loss, *_outputs(experiment))


def _backward(experiment: Experiment):
    network = experiment.network
    for layer in range(network.depth, 0, -1):
        for unit in range(1, network.widths[layer] + 1):
            yield from _unit_backward(experiment, layer, unit)
    for edge in network.edges():
        below = named(f"h_{edge.layer - 1}_{edge.source}")
        yield named(f"dL_{edge.name}"), named(f"d_{edge.layer}_{edge.unit}") * below
    for bias in network.biases():
        yield named(f"dL_{bias.name}"), named(f"d_{bias.layer}_{bias.unit}")


def _unit_backward(experiment: Experiment, layer: int, unit: int):
    network, key = experiment.network, f"{layer}_{unit}"
    slope = named(f"s_{key}")
    yield slope, apply(derivative(network.layers[layer - 1].activation), named(f"z_{key}"))
    if layer < network.depth:
        listeners = [e for e in network.edges() if e.layer == layer + 1 and e.source == unit]
        yield named(f"g_{key}"), sp.Add(*[named(e.name) * named(f"d_{e.layer}_{e.unit}") for e in listeners])
        yield named(f"d_{key}"), named(f"g_{key}") * slope
        return
    outputs, targets = _outputs(experiment)
    by_output = loss_derivative(experiment.loss, outputs, targets, unit - 1)
    if experiment.loss in FUSED_WITH_OUTPUT:
        yield named(f"d_{key}"), by_output
        yield named(f"g_{key}"), named(f"d_{key}") / slope
    else:
        yield named(f"g_{key}"), by_output
        yield named(f"d_{key}"), named(f"g_{key}") * slope
