"""Greedy layer-wise pre-training as a plain generator: each hidden layer learns to rebuild what it is given.

Layer l with W, b and phi becomes the encoder of an autoencoder on x, the activations of the layer below (of the first
layer the task's inputs):

    r = V phi(W x + b) + c,            loss = mean over all elements of (r - x)^2                     "mse"
    r = sigmoid(V phi(W x + b) + c),   loss = batch mean of -sum [x ln r + (1 - x) ln (1 - r)]        "cross-entropy"

(the second only where all of x lies in [0, 1], else the first: see `vgdesk.spec.pretraining`), trained by plain
gradient descent, in the same kernels and batches of the same size as the network itself. The decoder (V, c) is drawn by
the layer's own rule and thrown away afterwards. What the encoder makes of all examples is the x of the next layer.
Examples that are held out take no part.
"""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.kernels.interruption import LeftOffError
from vgdesk.kernels.trainer import FusedTrainer, Network
from vgdesk.records.codec import frozen
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.pretraining import LayerWise
from vgdesk.training.data import PRETRAINING_ORDER, BatchOrder, load_parts
from vgdesk.training.draws import draw_biases, draw_weights
from vgdesk.training.network import layer_mask
from vgdesk.training.parameters import draw

Encoder = tuple[np.ndarray, np.ndarray]
"""Weights and biases of one layer."""
_DECODER = 5
_WORK = 2e8
"""Products in one block of steps: some hundredths of a second, so that whoever drives can stop at once."""
_LONGEST_BLOCK = 50


class PretrainingProgress(NamedTuple):
    """Tells how far pre-training is.

    Attributes
    ----------
    layer
        The layer that learns, counting from 1.
    layers
        How many layers are pre-trained, one after the other.
    step
        Updates of this layer so far.
    steps
        Updates per layer.
    loss
        Reconstruction loss of the batch of the last of these updates, before it; no finite number where it diverged,
        which ends the pre-training.
    """

    layer: int
    layers: int
    step: int
    steps: int
    loss: float


def pretrain(
    experiment: Experiment, parameters: Parameters | None = None
) -> Generator[PretrainingProgress, None, Parameters]:
    """Pre-trains layer after layer, yields after each block of steps, and returns the parameters to train on from.

    Without pre-training in the experiment it yields nothing and returns the parameters as they are. Where a layer
    diverges, it and those above it keep the numbers they had.

    Parameters
    ----------
    parameters
        Where to start; by default the experiment's own draw.

    Raises
    ------
    SpecError
        When the parameters do not fit the network.
    LeftOffError
        When another thread interrupts the kernels (`vgdesk.kernels.interruption`): half a pre-training is no start.
    """
    start = draw(experiment) if parameters is None else parameters
    plan = experiment.training.pretraining
    if plan is None:
        return start
    weights, biases = list(start.weights), list(start.biases)
    inputs = load_parts(experiment).training.inputs
    for layer in range(1, experiment.feed_forward.depth):
        learned = yield from _learn_layer(experiment, plan, layer, (weights[layer - 1], biases[layer - 1]), inputs)
        if learned is None:
            break
        weights[layer - 1], biases[layer - 1] = learned
        inputs = _encoded(experiment, layer, learned, inputs)
    return Parameters(weights=tuple(weights), biases=tuple(biases), others=start.others)


def _learn_layer(
    experiment: Experiment, plan: LayerWise, layer: int, start: Encoder, inputs: np.ndarray
) -> Generator[PretrainingProgress, None, Encoder | None]:
    """Trains one layer and returns its weights and biases, or None where it diverged."""
    training, batch = experiment.training, experiment.training.batch_of(len(inputs))
    is_probability = plan.reconstruction == "cross-entropy" and bool(inputs.min() >= 0.0 and inputs.max() <= 1.0)
    scale = inputs.shape[1] if is_probability else 1  # the kernel's loss is a mean over the units, too
    trainer = _autoencoder(experiment, layer, start, inputs, scale * plan.learning_rate, batch, is_probability)
    order = BatchOrder(len(inputs), batch, training.shuffle, experiment.seed, stream=(PRETRAINING_ORDER, layer))
    block, made = _block(batch * start[0].size), 0
    while made < plan.steps:
        examples = order.take(min(block, plan.steps - made))
        rows = trainer.run(examples)
        if rows.finite and len(rows.loss) < len(examples):
            raise LeftOffError
        made += len(rows.loss)
        loss = scale * float(rows.loss[-1])
        yield PretrainingProgress(layer, experiment.feed_forward.depth - 1, made, plan.steps, loss)
        if not rows.finite:
            return None
    learned_weights, learned_biases = trainer.parameters()
    return frozen(learned_weights[0]), frozen(learned_biases[0])


def _autoencoder(
    experiment: Experiment,
    layer: int,
    encoder: Encoder,
    inputs: np.ndarray,
    learning_rate: float,
    batch: int,
    is_probability: bool,
) -> FusedTrainer:
    network, rule = experiment.feed_forward, experiment.layer_initialisation(layer)
    if isinstance(rule, Explicit):
        raise TypeError("explicit numbers cannot be drawn")
    spec, below = network.layers[layer - 1], network.widths[layer - 1]
    everywhere = np.ones((below, spec.width), bool)
    generator = np.random.default_rng((experiment.seed, _DECODER, layer))
    V, c = draw_weights(rule, everywhere, generator), draw_biases(rule, everywhere, generator)
    masks = None if spec.sources is None else (layer_mask(network, layer), everywhere)
    widths, names = (below, spec.width, below), (spec.activation, "sigmoid" if is_probability else "identity")
    autoencoder = Network(
        widths,
        names,
        "bce" if is_probability else "mse",
        masks,
        learns_bias=(spec.bias, True),
        unit_activations=(spec.unit_activations, ()),
    )
    try:
        return FusedTrainer(
            autoencoder,
            (encoder[0], V),
            (encoder[1], c),
            inputs,
            inputs,
            rate=learning_rate,
            batch=batch,
            precision=experiment.training.precision,
        )
    except ValueError as error:
        raise SpecError(str(error)) from None


def _encoded(experiment: Experiment, layer: int, encoder: Encoder, inputs: np.ndarray) -> np.ndarray:
    """Returns what a layer makes of all examples, shape (N, units)."""
    network, (W, b) = experiment.feed_forward, encoder
    spec = network.layers[layer - 1]
    one_layer = Network(W.shape[::-1], (spec.activation,), "mse", unit_activations=(spec.unit_activations,))
    nothing = np.zeros((len(inputs), len(W)))
    trainer = FusedTrainer(
        one_layer,
        (W,),
        (b,),
        inputs,
        nothing,
        rate=0.0,
        batch=len(inputs),
        precision=experiment.training.precision,
    )
    return np.array(trainer.measure(np.arange(len(inputs)))[1], np.float64)


def _block(products: int) -> int:
    """Returns how many steps of so many products forward (twelve times as many in all) make one block."""
    return int(np.clip(_WORK / (12 * products), 1, _LONGEST_BLOCK))
