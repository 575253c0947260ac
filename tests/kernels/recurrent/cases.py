"""Random recurrent networks for kernel tests: drawn by hypothesis, or of a given shape."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from tests.kernels.networks import FIXED, OUTPUTS
from tests.reference.recurrent import Twin, backpropagate
from vgdesk.kernels.recurrent.network import RecurrentNetwork, parameter_shapes
from vgdesk.kernels.recurrent.trainer import RecurrentGradient, RecurrentTrainer, differentiate

LOSSES = ("mse", "half-mse-sum", "bce", "softmax-cross-entropy")
KINDS = (("rnn", "after"), ("lstm", "after"), ("gru", "after"), ("gru", "before"))


@dataclass(frozen=True)
class Case:
    """A network with parameters and one batch."""

    network: RecurrentNetwork
    parameters: dict
    inputs: np.ndarray
    targets: np.ndarray

    def differentiate(self, precision: str = "float64") -> RecurrentGradient:
        """Runs the kernel."""
        return differentiate(self.network, self.parameters, self.inputs, self.targets, precision)

    def trainer(self, rate=0.1, **more) -> RecurrentTrainer:
        """Returns a trainer that takes all examples at each step."""
        arrays = self.parameters, self.inputs, self.targets
        return RecurrentTrainer(self.network, *arrays, rate=rate, batch=len(self.inputs), **more)

    @property
    def whole(self):
        """Numbers of all examples, as `run` takes them for one step."""
        return np.arange(len(self.inputs))[None]

    def twin(self, parameters: dict | None = None) -> Twin:
        """Runs the readable twin, at other parameters where they are given."""
        return backpropagate(self.network, parameters or self.parameters, self.inputs, self.targets)


def random_case(network, batch, generator, gain=1.0) -> Case:
    """Returns W ~ N(0, gain^2 / columns), biases ~ N(0, 0.09) and a random batch."""
    parameters = {}
    for name, shape in parameter_shapes(network).items():
        spread = gain / np.sqrt(shape[1]) if len(shape) == 2 else 0.3
        parameters[name] = spread * generator.standard_normal(shape)
    targets = generator.uniform(0, 1, (batch, network.output_steps, network.outputs))
    if network.loss == "softmax-cross-entropy":
        targets /= targets.sum(axis=2, keepdims=True)
    return Case(network, parameters, generator.standard_normal((batch, network.steps, network.inputs)), targets)


@st.composite
def cases(draw, kinds=KINDS, losses=LOSSES, activations=FIXED):
    """Draws any cell with 1 to 35 units, 1 to 12 time steps, batches of 1 to 9, any loss and any of the activations."""
    cell, reset = draw(st.sampled_from(kinds))
    loss = draw(st.sampled_from(losses))
    steps = draw(st.integers(1, 12))
    network = RecurrentNetwork(
        cell,
        inputs=draw(st.integers(1, 9)),
        width=draw(st.integers(1, 35)),
        outputs=draw(st.integers(1, 9)),
        steps=steps,
        loss=loss,
        activation=draw(st.sampled_from(activations)) if cell == "rnn" else "tanh",
        reset=reset,
        output_activation=OUTPUTS.get(loss) or draw(st.sampled_from(activations)),
        output_steps=draw(st.integers(1, steps)),
    )
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return random_case(network, draw(st.integers(1, 9)), generator)
