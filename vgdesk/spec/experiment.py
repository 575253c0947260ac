"""An experiment: network, parameters' draw, task, loss and training in one value, and its JSON form.

Losses (conventions): `mse` and `bce` are means over all elements; `half-mse-sum` is 1/2 sum (y - t)^2 per example,
averaged over the batch, as textbooks write it; `softmax-cross-entropy` is the batch mean of
logsumexp(z) - sum(t z) on the output's raw values.
"""

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_choice, require_integer
from vgdesk.spec.initialisation import Explicit, Glorot, Initialisation
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples, Task, task_shape
from vgdesk.spec.training import Training

LOSSES = ("mse", "half-mse-sum", "bce", "softmax-cross-entropy")
OUTPUT_FOR_LOSS = {"bce": "sigmoid", "softmax-cross-entropy": "identity"}


class Experiment(Spec, frozen=True):
    """Says everything that is needed to repeat a study bit for bit.

    Attributes
    ----------
    name
        Short identifier: lower-case letters, digits, hyphens.
    title
        What a person reads above the picture: one line of 1 to 200 characters.
    seed
        Draws the parameters and the order of the examples.
    """

    name: str
    title: str
    network: FeedForward
    task: Task
    loss: str = "mse"
    initialisation: Initialisation = Glorot()
    training: Training = Training()
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > 60 or not all(c.islower() or c.isdigit() or c == "-" for c in self.name):
            raise SpecError(f"name must hold 1 to 60 lower-case letters, digits and hyphens, got {self.name!r}")
        if not self.title.strip() or len(self.title) > 200 or not self.title.isprintable():
            raise SpecError(f"title must hold 1 to 200 printable characters, got {_shown(self.title)}")
        require_choice("loss", self.loss, LOSSES)
        require_integer("seed", self.seed, 0, 2**32 - 1)
        self._require_shapes()
        self._require_output()
        if isinstance(self.initialisation, Explicit):
            _require_explicit(self.initialisation, self.network)

    def _require_shapes(self) -> None:
        count, inputs, targets = task_shape(self.task)
        if inputs != self.network.inputs:
            raise SpecError(f"inputs of the network must equal the task's {inputs}, got {self.network.inputs}")
        if targets != self.network.widths[-1]:
            raise SpecError(f"width of the output layer must equal the task's {targets}, got {self.network.widths[-1]}")
        batch = self.training.batch_size
        if batch is not None and batch > count:
            raise SpecError(f"batch_size must be at most the {count} examples of the task, got {batch}")

    def _require_output(self) -> None:
        expected = OUTPUT_FOR_LOSS.get(self.loss)
        output = self.network.layers[-1].activation
        if expected is not None and output != expected:
            raise SpecError(f"activation of the output layer must be {expected} with loss {self.loss}, got {output!r}")
        if self.loss in OUTPUT_FOR_LOSS and isinstance(self.task, Examples):
            for row in self.task.targets:
                if any(not 0.0 <= value <= 1.0 for value in row):
                    raise SpecError(f"targets must lie in [0, 1] with loss {self.loss}, got {list(row)}")

    @property
    def batch_size(self) -> int:
        """Examples per step."""
        return self.training.batch_size or task_shape(self.task)[0]


def _shown(title: str) -> str:
    return f"{len(title)} characters" if len(title) > 200 else repr(title)


def _require_explicit(initialisation: Explicit, network: FeedForward) -> None:
    if len(initialisation.weights) != network.depth or len(initialisation.biases) != network.depth:
        raise SpecError(f"explicit weights and biases must cover the {network.depth} layers of the network")
    for layer in range(1, network.depth + 1):
        rows, width = initialisation.weights[layer - 1], network.widths[layer]
        lengths = [len(network.layer_sources(layer, unit)) for unit in range(1, width + 1)]
        if [len(row) for row in rows] != lengths:
            raise SpecError(f"explicit weights of layer {layer} must have rows of lengths {lengths}")
        if len(initialisation.biases[layer - 1]) != width:
            raise SpecError(f"explicit biases of layer {layer} must hold {width} numbers")


def experiment_to_json(experiment: Experiment) -> str:
    """Returns the exchange format: JSON with two spaces of indent, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(experiment), indent=2).decode() + "\n"
