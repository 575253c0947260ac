"""Use case: predict every layer's gradient before training, from the spec and the examples of the first step."""

import msgspec
import numpy as np

from vgdesk.records.prediction import Prediction
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent, VanillaCell
from vgdesk.theory.activations import largest_variance, limit_words
from vgdesk.theory.predict import predict_feed_forward
from vgdesk.theory.published import published_factors
from vgdesk.theory.recurrent_prediction import predict_recurrent
from vgdesk.training.data import BatchOrder, TaskData, load_parts


def predict(experiment: Experiment) -> Prediction:
    """Returns the predicted magnitudes, of the examples of the first step.

    Raises
    ------
    SpecError, DocumentError
        When the task's examples cannot be had.
    """
    if reason := without_moments(experiment):
        return Prediction(experiment=experiment.name, profiles=(), reason=reason)
    data = first_examples(experiment)
    if isinstance(experiment.network, Recurrent):
        return predict_recurrent(experiment, experiment.network, data.inputs, data.targets)
    found = predict_feed_forward(experiment, data.inputs, data.targets)
    return msgspec.structs.replace(found, published=published_factors(experiment, found, len(data.inputs)))


def without_moments(experiment: Experiment) -> str:
    """Returns why theory can say nothing of an activation, one whose moments are infinite; "" where it can of all."""
    return next((limit_words(name) for name in _activations(experiment) if largest_variance(name) <= 0.0), "")


def _activations(experiment: Experiment) -> tuple[str, ...]:
    network = experiment.network
    if not isinstance(network, Recurrent):
        return tuple(name for layer in network.layers for name in layer.activations)
    inner = (network.cell.activation,) if isinstance(network.cell, VanillaCell) else ()
    return (*inner, network.output_activation)


def first_examples(experiment: Experiment) -> TaskData:
    """Returns the examples of a run's first step."""
    data, training = load_parts(experiment).training, experiment.training
    order = BatchOrder(len(data.inputs), training.batch_of(len(data.inputs)), training.shuffle, experiment.seed)
    rows = order.take(1)[0]
    return TaskData(np.asarray(data.inputs)[rows], np.asarray(data.targets)[rows])
