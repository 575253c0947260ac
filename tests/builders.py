"""Small experiments for tests, built in one line."""

from collections.abc import Sequence
from typing import Any

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, ScaledGaussian
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.spec.recurrent import Cell, Recurrent, VanillaCell
from vgdesk.spec.task import Examples, Task, task_shape
from vgdesk.spec.training import Sgd, Training


def network_experiment(
    widths: Sequence[int],
    activations: Sequence[str],
    inputs: Sequence[Sequence[float]],
    targets: Sequence[Sequence[float]],
    loss: str = "half-mse-sum",
    **fields: Any,
) -> Experiment:
    """Returns an experiment on listed examples; widths include the inputs, weights are N(0, 1/fan_in) unless given."""
    layers = tuple(DenseLayer(width=w, activation=a) for w, a in zip(widths[1:], activations, strict=True))
    given: dict[str, Any] = {
        "name": "test",
        "title": "test",
        "network": FeedForward(inputs=widths[0], layers=layers),
        "task": Examples(inputs=tuple(map(tuple, inputs)), targets=tuple(map(tuple, targets))),
        "loss": loss,
        "initialisation": ScaledGaussian(sigma_w=1.0, sigma_b=0.3),
        "training": Training(optimiser=Sgd(learning_rate=0.1), steps=5, shuffle=False),
    }
    return Experiment(**{**given, **fields})


def chain(weights: Sequence[float], biases: Sequence[float], x: float, target: float, activation: str) -> Experiment:
    """Returns a chain of one-unit layers with given numbers and the loss 1/2 (y - t)^2."""
    return network_experiment(
        [1] * (len(weights) + 1),
        [activation] * len(weights),
        [[x]],
        [[target]],
        initialisation=Explicit(
            weights=tuple(((weight,),) for weight in weights), biases=tuple((bias,) for bias in biases)
        ),
    )


def classifier(task: Task, widths: Sequence[int], loss: str, **fields: Any) -> Experiment:
    """Returns a tanh network on a task, with the output that the loss asks for; widths include the inputs."""
    output = {"bce": "sigmoid"}.get(loss, "identity")
    names = [*["tanh"] * (len(widths) - 2), output]
    layers = tuple(DenseLayer(width=w, activation=a) for w, a in zip(widths[1:], names, strict=True))
    network = FeedForward(inputs=widths[0], layers=layers)
    return Experiment(**{"name": "test", "title": "test", "network": network, "task": task, "loss": loss, **fields})


def reader(task: Task, cell: Cell | None = None, loss: str = "mse", width: int = 4, **fields: Any) -> Experiment:
    """Returns a recurrent network that fits a task over time, a plain tanh cell unless another is given."""
    shape = task_shape(task, loss)
    network = Recurrent(
        inputs=shape.inputs,
        steps=shape.steps or 1,
        width=width,
        outputs=shape.targets or 1,
        cell=cell or VanillaCell(),
        output_activation="sigmoid" if loss == "bce" else "identity",
        output_steps=shape.target_steps,
    )
    return Experiment(**{"name": "test", "title": "test", "network": network, "task": task, "loss": loss, **fields})
