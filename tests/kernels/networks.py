"""Random networks for kernel tests: drawn by hypothesis, or of a given depth."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from vgdesk.kernels.network import other_shapes
from vgdesk.kernels.trainer import FusedTrainer, Gradient, Network, differentiate
from vgdesk.spec.activation import ACTIVATIONS

NUMBERED = ("elu(0.5)", "celu(0.5)")
"""Names that end in an alpha."""
FIXED = (*(name for name in ACTIVATIONS if name != "prelu"), *NUMBERED)
"""Activations without a parameter that is learned."""
OUTPUTS = {"bce": "sigmoid", "softmax-cross-entropy": "identity"}


@dataclass(frozen=True)
class Case:
    """A network with parameters and one batch."""

    network: Network
    weights: list
    biases: list
    inputs: np.ndarray
    targets: np.ndarray
    others: dict = field(default_factory=dict)

    def differentiate(self, precision: str = "float64") -> Gradient:
        """Runs the kernel."""
        batch = self.inputs, self.targets
        return differentiate(self.network, self.weights, self.biases, *batch, precision, self.others)

    def trainer(self, rate=0.1, **more) -> FusedTrainer:
        """Returns a trainer that takes all examples at each step."""
        arrays = self.weights, self.biases, self.inputs, self.targets
        return FusedTrainer(self.network, *arrays, rate=rate, batch=len(self.inputs), others=self.others, **more)

    @property
    def whole(self):
        """Numbers of all examples, as `run` takes them for one step."""
        return np.arange(len(self.inputs))[None]

    @property
    def twin_arguments(self):
        """What the NumPy twin takes."""
        parameters = (self.weights, self.biases, self.inputs, self.targets)
        return self.network.activations, self.network.loss, *parameters


@st.composite
def cases(draw, losses=("mse", "half-mse-sum", "bce", "softmax-cross-entropy"), activations=None):
    """Draws networks of 1 to 5 layers, widths and batches of 1 to 35, every fixed activation and loss."""
    widths = tuple(draw(st.lists(st.integers(1, 35), min_size=2, max_size=6)))
    loss = draw(st.sampled_from(losses))
    choices = st.sampled_from(activations or FIXED)
    names = [draw(choices) for _ in widths[1:]]
    names[-1] = OUTPUTS.get(loss, names[-1])
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    batch = draw(st.integers(1, 35))
    return random_case(widths, names, loss, batch, generator)


def random_case(widths, names, loss, batch, generator, gain=1.0):
    """Returns a network with W ~ N(0, gain^2 / fan_in), b ~ N(0, 0.09) and a random batch."""
    weights = [gain * generator.standard_normal((out, below)) / np.sqrt(below) for below, out in pairwise(widths)]
    biases = [0.3 * generator.standard_normal(out) for out in widths[1:]]
    targets = generator.uniform(0, 1, (batch, widths[-1]))
    if loss == "softmax-cross-entropy":
        targets /= targets.sum(axis=1, keepdims=True)
    inputs = generator.standard_normal((batch, widths[0]))
    return Case(Network(tuple(widths), tuple(names), loss), weights, biases, inputs, targets)


def deep_case(depth, width, name, gain, seed=0, batch=16):
    """Returns a network of equal layers without biases, W ~ N(0, gain^2 / fan_in), half-MSE loss."""
    generator = np.random.default_rng(seed)
    case = random_case((width,) * (depth + 1), (name,) * depth, "half-mse-sum", batch, generator, gain)
    return Case(case.network, case.weights, [np.zeros(width)] * depth, case.inputs, case.targets)


@st.composite
def block_cases(draw, activations=ACTIVATIONS, losses=("mse", "half-mse-sum", "bce", "softmax-cross-entropy")):
    """Draws networks as `cases` does, whose layers have any normalisation, skip connection and activation."""
    case, width = draw(cases(losses)), draw(st.integers(1, 20))
    layers = len(case.network.activations)
    norms = (*draw(st.lists(st.sampled_from(["none", "batch", "layer"]), min_size=layers, max_size=layers))[1:], "none")
    skips = (
        *draw(st.lists(st.sampled_from([None, "residual", "highway"]), min_size=layers, max_size=layers))[1:],
        None,
    )
    widths = (*[width] * layers, case.network.widths[-1])
    names = [draw(st.sampled_from(activations)) for _ in widths[1:]]
    names[-1] = OUTPUTS.get(case.network.loss, names[-1])
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    batch = draw(st.integers(2, 20))
    return with_options(random_case(widths, names, case.network.loss, batch, generator), generator, norms, skips)


def with_options(case, generator, normalisations=(), skips=(), dropouts=()):
    """Returns the case with these options and random parameters for them."""
    network = replace(case.network, normalisations=normalisations, skips=skips, dropouts=dropouts)
    others = {}
    for name, shape in other_shapes(network).items():
        others[name] = generator.standard_normal(shape) / np.sqrt(shape[-1]) + (0.5 if name.startswith("gamma") else 0)
    return replace(case, network=network, others=others)
