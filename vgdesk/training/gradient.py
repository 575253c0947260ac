"""Loss and gradient of an experiment at given parameters, through the same kernels that train."""

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.kernels.trainer import differentiate
from vgdesk.records.codec import frozen
from vgdesk.records.parameters import LossGradient, Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.training.data import load_parts
from vgdesk.training.network import kernel_network


def gradient(
    experiment: Experiment,
    parameters: Parameters,
    inputs: np.ndarray | None = None,
    targets: np.ndarray | None = None,
) -> LossGradient:
    """Computes loss and gradient of one batch, float64.

    Values are true values: the scaling that kept them representable inside is undone, so what lies below 1e-308 is 0
    here and what lies above 1e+308 infinite. `train` records such magnitudes as log10.

    Parameters
    ----------
    parameters
        Where to differentiate.
    inputs, targets
        The batch, shapes (N, inputs) and (N, outputs); by default all examples that are trained on.

    Raises
    ------
    SpecError
        When an array has the wrong shape, or only one of `inputs` and `targets` is given.
    """
    if (inputs is None) != (targets is None):
        raise SpecError("inputs and targets must be given together")
    data = load_parts(experiment).training
    batch = np.asarray(data.inputs if inputs is None else inputs, float)
    wanted = np.asarray(data.targets if targets is None else targets, float)
    try:
        found = differentiate(kernel_network(experiment), parameters.weights, parameters.biases, batch, wanted)
    except ValueError as error:
        raise SpecError(str(error)) from None
    return LossGradient(
        loss=found.loss,
        weights=tuple(map(frozen, found.weights)),
        biases=tuple(map(frozen, found.biases)),
        activations=tuple(map(frozen, found.activations)),
        preactivations=tuple(map(frozen, found.preactivations)),
        deltas=tuple(map(frozen, found.deltas)),
    )
