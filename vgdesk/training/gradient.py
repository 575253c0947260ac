"""Loss and gradient of an experiment at given parameters, through the same kernels that train."""

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.kernels.differentiate import differentiate
from vgdesk.kernels.recurrent.trainer import differentiate as differentiate_sequences
from vgdesk.records.codec import frozen
from vgdesk.records.parameters import LossGradient, Parameters, named_arrays, parameters_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.training.data import load_parts
from vgdesk.training.network import kernel_network, recurrent_kernel_network


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
    compute = _through_layers if isinstance(experiment.network, FeedForward) else _through_time
    try:
        return compute(experiment, parameters, batch, wanted)
    except ValueError as error:
        raise SpecError(str(error)) from None


def _through_layers(
    experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray
) -> LossGradient:
    network = kernel_network(experiment)
    found = differentiate(network, parameters.weights, parameters.biases, inputs, targets, others=parameters.others)
    return LossGradient(
        loss=found.loss,
        weights=tuple(map(frozen, found.weights)),
        biases=tuple(map(frozen, found.biases)),
        activations=tuple(map(frozen, found.activations)),
        preactivations=tuple(map(frozen, found.preactivations)),
        deltas=tuple(map(frozen, found.deltas)),
        others={name: frozen(values) for name, values in found.others.items()},
        states=tuple(map(frozen, found.states)),
        input_state=frozen(found.inputs),
        log10_input_norm=found.log10_input_norm,
        log10_weight_norm=frozen(found.log10_weight_norm),
        log10_state_norm=frozen(found.log10_state_norm),
    )


def _through_time(
    experiment: Experiment, parameters: Parameters, inputs: np.ndarray, targets: np.ndarray
) -> LossGradient:
    named = named_arrays(experiment.network, parameters)
    found = differentiate_sequences(recurrent_kernel_network(experiment), named, inputs, targets)
    slopes = parameters_of(experiment.network, found.parameters)
    return LossGradient(
        loss=found.loss,
        weights=slopes.weights,
        biases=slopes.biases,
        activations=(frozen(np.zeros_like(found.states[0])), *map(frozen, found.states)),
        preactivations=tuple(map(frozen, found.preactivations)),
        deltas=tuple(map(frozen, found.deltas)),
        others=slopes.others,
        states=tuple(map(frozen, found.d_states)),
        cells=tuple(map(frozen, found.d_cells)),
        log10_weight_norm=frozen(found.log10_weight_norm),
        log10_state_norm=frozen(found.log10_state_norm),
    )
