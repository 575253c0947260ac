"""How many numbers |dL/dh| of a place is the norm of, so that the typical one is known from it."""

import numpy as np

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import task_shape


def state_sizes(experiment: Experiment | None, places: int) -> np.ndarray | None:
    """Returns how many numbers dL/dh has at every place, shape (places,): examples of a step times units.

    None where the spec alone does not tell: of a record without its experiment, and of a file's rows taken all at once.
    """
    if experiment is None:
        return None
    network, batch = experiment.network, _batch(experiment)
    units = network.widths[1:] if isinstance(network, FeedForward) else (network.width,) * places
    return None if batch is None or len(units) != places else batch * np.array(units, float)


def _batch(experiment: Experiment) -> int | None:
    """Returns how many examples a step takes."""
    training, count = experiment.training, task_shape(experiment.task, experiment.loss).examples
    if count is None:
        return training.batch_size
    trained_on = count - training.held_out_of(count)
    return min(training.batch_of(trained_on), trained_on)
