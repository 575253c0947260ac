"""Whether a normalisation has anything to take a deviation over.

Batch normalisation over one example, and layer normalisation over one unit, subtract a number from itself: the variance
is 0, the output is beta whatever comes in, and no gradient passes. Such a network can be read, derived and looked at
(its gradients are exactly 0); it cannot be trained, and PyTorch refuses the first kind as well.
"""

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.task import task_shape

_WHY = "the variance is 0, the output is beta whatever comes in, and no gradient passes"


def require_deviation(experiment: Experiment, batch: int | None = None) -> None:
    """Raises `SpecError` where training would pass a normalisation that forgets its input.

    Parameters
    ----------
    batch
        Examples per step; by default what the spec says of it, and nothing is required of it where only the data tell.
    """
    if isinstance(experiment.network, Recurrent):
        return
    examples = _known_batch(experiment) if batch is None else batch
    for number, layer in enumerate(experiment.network.layers, start=1):
        if layer.normalisation == "batch" and examples == 1:
            raise SpecError(
                f"batch_size must be at least 2 with batch normalisation (layer {number}), got 1: over one example "
                f"{_WHY}"
            )
        if layer.normalisation == "layer" and layer.width == 1:
            raise SpecError(
                f"width of layer {number} must be at least 2 with layer normalisation, got 1: over one unit {_WHY}"
            )


def _known_batch(experiment: Experiment) -> int | None:
    """Returns the examples per step, None where the spec does not tell."""
    training = experiment.training
    count = task_shape(experiment.task, experiment.loss).examples
    if training.batch_size is not None or count is None:
        return training.batch_size
    return training.batch_of(count - training.held_out_of(count))
