"""The one seeded draw of parameters that all routes share.

One generator, seeded with the experiment's seed, is used from the first layer to the last, weights before biases before
the gate of a highway, so the same experiment gives the same bits. A layer's own rule goes before the experiment's.

Of a recurrent network the generator draws W_ih, W_hh, b, b_hn, W_out, b_out in this order, W_ih, W_hh and b gate by
gate as if each gate were a layer on the inputs or on the state. `recurrent_initialisation` goes before the experiment's
rule for W_hh and b_hn.
"""

from collections.abc import Sequence

import numpy as np

from vgdesk.kernels.interruption import go_on
from vgdesk.records.changed_parameters import with_numbers
from vgdesk.records.codec import frozen
from vgdesk.records.parameters import Parameters
from vgdesk.spec.activation import PRELU_START
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Initialisation
from vgdesk.spec.layer import DenseLayer, Highway
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Lstm, Recurrent
from vgdesk.training.draws import Drawn, draw_biases, draw_weights
from vgdesk.training.memory import require_memory
from vgdesk.training.network import layer_mask

_FORGET = 1
"""Place of the forget gate in the order i, f, g, o."""


def draw(experiment: Experiment) -> Parameters:
    """Returns the parameters at which training starts, float64 and read-only; given start values replace drawn ones.

    Raises
    ------
    SpecError
        A start value is of a parameter that the network does not have, or the memory for the parameters, and for
        training them, is not there.
    LeftOffError
        Another thread asks to leave off.
    """
    require_memory(experiment)
    drawn = _by_rules(experiment)
    given = {one.name: one.value for one in experiment.start_values}
    return with_numbers(experiment.network, drawn, given) if given else drawn


def _by_rules(experiment: Experiment) -> Parameters:
    generator = np.random.default_rng(experiment.seed)
    if isinstance(experiment.network, Recurrent):
        return _recurrent(experiment.network, experiment.initialisation, generator)
    weights, biases, others = [], [], {}
    for number, layer in enumerate(experiment.network.layers, start=1):
        go_on()
        W, b = _layer(experiment, number, generator)
        weights.append(W)
        biases.append(b)
        others |= _others(experiment, layer, number, generator)
    return Parameters(weights=tuple(weights), biases=tuple(biases), others=others)


def _layer(experiment: Experiment, layer: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Returns the weights and biases of one layer (counting from 1), zeros where it has no bias."""
    network, rule = experiment.feed_forward, experiment.layer_initialisation(layer)
    nothing = np.zeros(network.widths[layer])
    if isinstance(rule, Explicit):
        # a layer's own rule holds that layer alone, the experiment's holds all of them
        place = 0 if network.layers[layer - 1].initialisation is not None else layer - 1
        return _placed(rule.weights[place], network, layer), frozen(rule.biases[place] or nothing)
    mask = layer_mask(network, layer)
    W = np.ascontiguousarray(draw_weights(rule, mask, generator))
    W.setflags(write=False)  # not `frozen`, which copies
    return W, frozen(draw_biases(rule, mask, generator) if network.layers[layer - 1].bias else nothing)


def _others(
    experiment: Experiment, layer: DenseLayer, number: int, generator: np.random.Generator
) -> dict[str, np.ndarray]:
    """Returns where the layer's further parameters start, by public name."""
    found: dict[str, np.ndarray] = {}
    if layer.normalisation != "none":
        found |= {f"gamma{number}": frozen(np.ones(layer.width)), f"beta{number}": frozen(np.zeros(layer.width))}
    if layer.activation == "prelu":
        found[f"slope{number}"] = frozen([PRELU_START])
    if isinstance(layer.skip, Highway):
        rule = _drawn(experiment.layer_initialisation(number))
        gate = draw_weights(rule, layer_mask(experiment.feed_forward, number), generator)
        bias = np.full(layer.width, layer.skip.gate_bias)
        found |= {f"gate_W{number}": frozen(gate), f"gate_b{number}": frozen(bias)}
    return found


def _recurrent(network: Recurrent, initialisation: Initialisation, generator: np.random.Generator) -> Parameters:
    rule = _drawn(initialisation)
    recurrent_rule = _drawn(network.recurrent_initialisation or initialisation)
    gates, width = range(network.gates), network.width
    on_inputs, on_state = np.ones((width, network.inputs), bool), np.ones((width, width), bool)
    on_output = np.ones((network.outputs, width), bool)
    W_ih = np.concatenate([draw_weights(rule, on_inputs, generator) for _ in gates])
    W_hh = np.concatenate([draw_weights(recurrent_rule, on_state, generator) for _ in gates])
    b = np.concatenate([draw_biases(rule, on_inputs, generator) for _ in gates])
    if isinstance(network.cell, Lstm):
        b[_FORGET * width : (_FORGET + 1) * width] = network.cell.forget_bias
    others = {"b_hn": frozen(draw_biases(recurrent_rule, on_state, generator))} if network.has_second_bias else {}
    W_out, b_out = draw_weights(rule, on_output, generator), draw_biases(rule, on_output, generator)
    return Parameters(weights=tuple(map(frozen, (W_ih, W_hh, W_out))), biases=(frozen(b), frozen(b_out)), others=others)


def _drawn(rule: Initialisation) -> Drawn:
    """Returns a rule that an experiment allows only where it draws numbers."""
    if isinstance(rule, Explicit):
        raise TypeError("explicit numbers cannot be drawn")
    return rule


def _placed(rows: Sequence[Sequence[float]], network: FeedForward, layer: int) -> np.ndarray:
    """Puts the numbers of each unit, listed source by source, into their columns."""
    W = np.zeros((network.widths[layer], network.widths[layer - 1]))
    for unit, row in enumerate(rows, start=1):
        W[unit - 1, np.array(network.layer_sources(layer, unit)) - 1] = row
    return frozen(W)
