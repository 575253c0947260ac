"""The project's letters: which symbol stands for which quantity, as formulas and as words.

| quantity | symbol | words |
|---|---|---|
| loss | L | the loss |
| value of unit i in layer l after the activation | its name, or h_i^(l) | |
| before the activation | z_name, or z_i^(l) | |
| dL/dz | delta_name, or delta_i^(l) | |
| input, target, output | its name or x_i; t_i; y where the network calls it so | |
| weight, bias | w_k, b_k numbered through the network | |
| activation, derivative with a prime | sigma, tanh, ReLU, ... (`ACTIVATION_SYMBOL`), phi or phi_1 of one's own | |

Names and symbols of everything else that is learned stand in `vgdesk.symbolic.learned`. Of a layer with options mu, v,
r are mean, variance and root, n the normalised sum, a = gamma n + beta, F the inner value, q and T the gate. In time, a
is the sum below a gate (a_i, a_f, ...), p the GRU's recurrent sum, q its reset state; the time step is the subscript of
a single unit, h_2, and the superscript of several, h_1^(2).

In a chain (one unit per layer) the layer number is the subscript: h_3, z_3, delta_3.
"""

from collections.abc import Sequence

import msgspec

from vgdesk.records.formula import Call, Formula, Matrix, Symbol
from vgdesk.spec.activation import alpha_of, family_name, own_formula
from vgdesk.spec.experiment import Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.symbolic.own_formula import own_subscript

ACTIVATION_SYMBOL = {
    "sigmoid": Symbol("sigma"),
    "tanh": Symbol("tanh"),
    "softsign": Symbol("softsign"),
    "erf": Symbol("erf"),
    "hard-tanh": Symbol("hardtanh"),
    "hard-sigmoid": Symbol("hardsigmoid"),
    "relu": Symbol("ReLU"),
    "prelu": Symbol("PReLU"),
    "relu6": Symbol("ReLU6"),
    "leaky-relu": Symbol("LeakyReLU"),
    "elu": Symbol("ELU"),
    "celu": Symbol("CELU"),
    "selu": Symbol("SELU"),
    "softplus": Symbol("softplus"),
    "log-sigmoid": Symbol("logsigmoid"),
    "silu": Symbol("SiLU"),
    "gelu": Symbol("GELU"),
    "gelu-tanh": Symbol("GELU", "tanh"),
    "mish": Symbol("mish"),
    "hard-swish": Symbol("hardswish"),
    "identity": Symbol("id"),
}
OWN_SYMBOL = Symbol("phi")
"""Of an activation of one's own."""
LOSS = Symbol("L")
MOST_WRITTEN = 8
"""Units of one layer whose different slopes are written out one by one."""


def parameter_symbol(name: str) -> Symbol:
    """Returns w_3 for "w3", b_1 for "b1"."""
    return Symbol(name[0], name[1:])


def unit_symbol(network: FeedForward, layer: int, unit: int) -> Symbol:
    """Returns the value of a unit after its activation; layer 0 is the input."""
    name = network.unit_name(layer, unit)
    if name:
        return Symbol(name)
    if layer == 0:
        return Symbol("x") if network.inputs == 1 else Symbol("x", str(unit))
    return _indexed("h", network, layer, unit)


def preactivation_symbol(network: FeedForward, layer: int, unit: int) -> Symbol:
    """Returns z of a unit."""
    return _of_unit("z", network, layer, unit)


def delta_symbol(network: FeedForward, layer: int, unit: int) -> Symbol:
    """Returns delta = dL/dz of a unit."""
    return _of_unit("delta", network, layer, unit)


def target_symbol(network: FeedForward, unit: int) -> Symbol:
    """Returns the target of an output unit."""
    return Symbol("t") if network.widths[-1] == 1 else Symbol("t", str(unit))


def activations_of(network: Network) -> tuple[str, ...]:
    """Returns every activation of a network that a person chose, in the order of the forward pass."""
    if isinstance(network, FeedForward):
        return tuple(activation for layer in network.layers for activation in layer.activations)
    cell = (network.cell.activation,) if isinstance(network.cell, VanillaCell) else ()
    return (*cell, network.output_activation)


def activation_call(activation: str, argument: Formula, prime: int = 0, among: Sequence[str] = ()) -> Formula:
    """Returns phi(argument), or phi'(argument); the identity is not written, an alpha is the subscript of phi.

    `among` are the network's activations (`activations_of`): of several formulas of one's own each has its number.
    """
    if activation == "identity" and not prime:
        return argument
    if own_formula(activation) is not None:
        own = msgspec.structs.replace(OWN_SYMBOL, prime=prime, subscript=own_subscript(activation, among))
        return Call(own, (argument,))
    family = family_name(activation)
    symbol = msgspec.structs.replace(ACTIVATION_SYMBOL[family], prime=prime)
    if family != activation:
        symbol = msgspec.structs.replace(symbol, subscript=f"{alpha_of(activation):g}")
    return Call(symbol, (argument,))


def layer_slope(network: FeedForward, layer: int) -> Formula | None:
    """Returns phi'(z) of a layer as the vector that matrices are multiplied by, None where it is 1 throughout.

    Units of different activations stand one below the other, phi_i'(z_i); where they are too many for a page, the
    vector is phi', whose i-th number is phi_i'(z_i).
    """
    options, z = network.layers[layer - 1], Symbol("z", superscript=str(layer), bold=True)
    if not options.unit_activations:
        own = options.activation
        return None if own == "identity" else activation_call(own, z, 1, activations_of(network))
    if options.width > MOST_WRITTEN:
        return Call(Symbol("phi", superscript=str(layer), bold=True, prime=1), (z,))
    among = activations_of(network)
    return Matrix(
        tuple(
            (activation_call(own, preactivation_symbol(network, layer, unit), 1, among),)
            for unit, own in enumerate(options.unit_activations, start=1)
        )
    )


def unit_words(network: FeedForward, layer: int, unit: int) -> str:
    """Returns how a unit is called in a sentence."""
    name = network.unit_name(layer, unit)
    if name:
        return name
    if layer == 0:
        return "x" if network.inputs == 1 else f"input {unit}"
    return f"unit {unit} of layer {layer}" if network.widths[layer] > 1 else f"the unit of layer {layer}"


def _of_unit(letter: str, network: FeedForward, layer: int, unit: int) -> Symbol:
    name = network.unit_name(layer, unit)
    return Symbol(letter, name) if name else _indexed(letter, network, layer, unit)


def _indexed(letter: str, network: FeedForward, layer: int, unit: int) -> Symbol:
    if network.is_chain:
        return Symbol(letter, str(layer))
    return Symbol(letter, str(unit), str(layer))
