"""An experiment: network, parameters' draw, task, loss and training in one value, and its JSON form.

Losses (conventions): `mse` and `bce` are means over all elements; `half-mse-sum` is 1/2 sum (y - t)^2 per example,
averaged over the batch (and, through time, over the output steps), as textbooks write it; `softmax-cross-entropy` is
that mean of logsumexp(z) - sum(t z) on the output's raw values.
"""

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_choice, require_integer
from vgdesk.spec.initialisation import Explicit, Glorot, Initialisation, Orthogonal
from vgdesk.spec.layer import Highway
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import QUANTITIES, Recording
from vgdesk.spec.recurrent import CELL_WORDS, Recurrent
from vgdesk.spec.sequences import AddingProblem, SequenceExamples
from vgdesk.spec.start_values import StartValue, require_start_values
from vgdesk.spec.table import CsvTable
from vgdesk.spec.task import Examples, Task, TaskShape, task_shape
from vgdesk.spec.training import Training

LOSSES = ("mse", "half-mse-sum", "bce", "softmax-cross-entropy")
LONGEST_TITLE = 200
OUTPUT_FOR_LOSS = {"bce": "sigmoid", "softmax-cross-entropy": "identity"}

Network = FeedForward | Recurrent


class Experiment(Spec, frozen=True):
    """Says everything that is needed to repeat a study bit for bit.

    Attributes
    ----------
    name
        Short identifier: lower-case letters, digits, hyphens.
    title
        What a person reads above the picture: one line of 1 to 200 characters.
    initialisation
        How the parameters are drawn, in every layer that has no rule of its own.
    seed
        Draws the parameters, the order of the examples, which of them are held out, which units dropout drops, and the
        points or sequences of a drawn task.
    recording
        What a training run records, and when.
    start_values
        Parameters that start at given numbers in place of the drawn ones, by name.
    """

    name: str
    title: str
    network: Network
    task: Task
    loss: str = "mse"
    initialisation: Initialisation = Glorot()
    training: Training = Training()
    seed: int = 0
    recording: Recording = Recording()
    start_values: tuple[StartValue, ...] = ()

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > 60 or not all(c.islower() or c.isdigit() or c == "-" for c in self.name):
            raise SpecError(f"name must hold 1 to 60 lower-case letters, digits and hyphens, got {self.name!r}")
        if not self.title.strip() or len(self.title) > LONGEST_TITLE or not self.title.isprintable():
            raise SpecError(f"title must hold 1 to 200 printable characters, got {_shown(self.title)}")
        require_choice("loss", self.loss, LOSSES)
        require_integer("seed", self.seed, 0, 2**32 - 1)
        require_start_values(self.start_values)
        self._require_shapes()
        self._require_output()
        self._require_recording()
        match self.network:
            case Recurrent():
                if isinstance(self.initialisation, Explicit):
                    raise SpecError("initialisation of a recurrent network must be a rule, not given numbers")
                if self.training.pretraining is not None:
                    raise SpecError("pretraining must be absent for a recurrent network; it goes layer by layer")
            case FeedForward():
                if self.training.pretraining is not None:
                    self._require_pretrainable(self.network)
                self._require_drawable(self.network)

    def _require_shapes(self) -> None:
        shape, width = task_shape(self.task, self.loss), self.network.outputs
        self._require_time(shape)
        if shape.inputs != self.network.inputs:
            raise SpecError(f"inputs of the network must equal the task's {shape.inputs}, got {self.network.inputs}")
        if shape.targets is not None and shape.targets != width:
            raise SpecError(f"width of the output layer must equal the task's {shape.targets}, got {width}")
        if shape.examples is not None:
            require_examples(self.training, shape.examples)

    def _require_output(self) -> None:
        expected = OUTPUT_FOR_LOSS.get(self.loss)
        output = self.output_activation
        if expected is not None and output != expected:
            raise SpecError(f"activation of the output layer must be {expected} with loss {self.loss}, got {output!r}")
        if expected is not None and isinstance(self.network, FeedForward) and self.network.layers[-1].unit_activations:
            units = ", ".join(self.network.layers[-1].unit_activations)
            raise SpecError(
                f"activation of every unit of the output layer must be {expected} with loss {self.loss}, got {units}"
            )
        if self.loss in OUTPUT_FOR_LOSS:
            _require_probabilities(self.task, self.loss)

    def _require_time(self, shape: TaskShape) -> None:
        network = self.network
        if isinstance(network, FeedForward):
            if shape.steps is not None:
                raise SpecError("network must be recurrent, because the task is sequences; got a feed-forward network")
            return
        if shape.steps is None:
            raise SpecError("task must be sequences, because the network is recurrent; see `arrangement` of digits")
        if shape.steps != network.steps:
            raise SpecError(f"steps of the network must equal the task's {shape.steps}, got {network.steps}")
        if shape.target_steps != network.output_steps:
            raise SpecError(
                f"output_steps of the network must equal the task's {shape.target_steps}, got {network.output_steps}"
            )

    def _require_recording(self) -> None:
        kind = self.network.cell_kind if isinstance(self.network, Recurrent) else "feed-forward"
        for name in self.recording.what.quantities:
            if kind not in QUANTITIES[name].networks:
                raise SpecError(
                    f"quantities must exist in this network; {name} does not ({CELL_WORDS.get(kind, kind)})"
                )

    def _require_drawable(self, network: FeedForward) -> None:
        if isinstance(self.initialisation, Explicit):
            _require_explicit(self.initialisation, network, range(1, network.depth + 1))
        for number in range(1, network.depth + 1):
            _require_drawable(self.layer_initialisation(number), network, number)

    def _require_pretrainable(self, network: FeedForward) -> None:
        if network.depth == 1:
            raise SpecError("pretraining must be absent where the network has no hidden layer")
        for number, layer in enumerate(network.layers[:-1], start=1):
            if not layer.is_plain:
                raise SpecError(
                    "pretraining must be absent where a layer has normalisation, dropout, a skip connection or PReLU; "
                    f"layer {number} has"
                )
            if isinstance(self.layer_initialisation(number), Explicit):
                raise SpecError(
                    f"initialisation of layer {number} must be a rule, not given numbers, because it draws the "
                    "decoder of the pre-training"
                )

    @property
    def feed_forward(self) -> FeedForward:
        """The network where only a feed-forward one will do.

        Raises
        ------
        SpecError
            When the network is recurrent.
        """
        if isinstance(self.network, Recurrent):
            raise SpecError(f"{self.name} has a recurrent network; this exists for feed-forward networks only")
        return self.network

    @property
    def output_activation(self) -> str:
        """The activation of the output."""
        network = self.network
        return network.output_activation if isinstance(network, Recurrent) else network.layers[-1].activation

    def layer_initialisation(self, layer: int) -> Initialisation:
        """Returns the rule by which a layer of a feed-forward network is drawn (layers count from 1)."""
        return self.feed_forward.layers[layer - 1].initialisation or self.initialisation


def _shown(title: str) -> str:
    return f"{len(title)} characters" if len(title) > LONGEST_TITLE else repr(title)


def require_examples(training: Training, count: int) -> None:
    """Raises `SpecError` unless a task of `count` examples has enough of them to be split and batched like this."""
    if training.held_out and count < 2:
        raise SpecError(f"held_out must be 0 where the task has a single example, got {training.held_out}")
    trained = count - training.held_out_of(count)
    if training.batch_size is not None and training.batch_size > trained:
        held = "" if trained == count else f" that are trained on ({count - trained} are held out)"
        raise SpecError(
            f"batch_size must be at most the {trained} examples of the task{held}, got {training.batch_size}"
        )


def _require_probabilities(task: Task, loss: str) -> None:
    """Refuses targets that are no probabilities: rows out of [0, 1], and tasks whose answers are any numbers."""
    match task:
        case Examples():
            rows = task.targets
        case SequenceExamples():
            rows = tuple(row for sequence in task.targets for row in sequence)
        case AddingProblem():
            raise SpecError(f"loss must be mse or half-mse-sum for the adding problem, got {loss}")
        case CsvTable(goal="regression"):
            raise SpecError(f"loss must be mse or half-mse-sum for a regression, got {loss}")
        case _:
            return
    for row in rows:
        if any(not 0.0 <= value <= 1.0 for value in row):
            raise SpecError(f"targets must lie in [0, 1] with loss {loss}, got {list(row)}")


def _require_drawable(rule: Initialisation, network: FeedForward, number: int) -> None:
    layer = network.layers[number - 1]
    if isinstance(rule, Explicit) and isinstance(layer.skip, Highway):
        raise SpecError(
            f"initialisation of layer {number} must be a rule that draws the highway gate, too, not given numbers"
        )
    if isinstance(rule, Orthogonal) and layer.sources is not None:
        raise SpecError(f"initialisation of layer {number} cannot be orthogonal where some connections are absent")
    if isinstance(layer.initialisation, Explicit):
        _require_explicit(layer.initialisation, network, range(number, number + 1))


def _require_explicit(initialisation: Explicit, network: FeedForward, layers: range) -> None:
    """Requires numbers for exactly these layers, which count from 1."""
    if len(initialisation.weights) != len(layers) or len(initialisation.biases) != len(layers):
        covered = f"the {len(layers)} layers of the network" if len(layers) == network.depth else "exactly one layer"
        raise SpecError(f"explicit weights and biases must cover {covered}")
    for layer, rows, biases in zip(layers, initialisation.weights, initialisation.biases, strict=True):
        width = network.widths[layer]
        lengths = [len(network.layer_sources(layer, unit)) for unit in range(1, width + 1)]
        if [len(row) for row in rows] != lengths:
            raise SpecError(f"explicit weights of layer {layer} must have rows of lengths {lengths}")
        owners = width if network.layers[layer - 1].bias else 0
        if len(biases) != owners:
            raise SpecError(f"explicit biases of layer {layer} must hold {owners} numbers, got {len(biases)}")


def experiment_to_json(experiment: Experiment) -> str:
    """Returns the exchange format: JSON with two spaces of indent, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(experiment), indent=2).decode() + "\n"
