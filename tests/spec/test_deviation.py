"""A normalisation over a single number: readable, but not to be trained."""

import msgspec
import pytest

from tests.builders import network_experiment
from tests.diagnosis.networks import deep
from vgdesk.diagnosis.remedies.catalogue import offer
from vgdesk.errors import SpecError
from vgdesk.spec.deviation import require_deviation
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.initialisation import Glorot
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.table import CsvTable
from vgdesk.spec.training import Training
from vgdesk.study.predict import first_examples
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw


def batched(size: int, normalisation: str = "batch") -> Experiment:
    return deep("tanh", 3, Glorot(), width=4, norm=normalisation, training=Training(batch_size=size, steps=2))


def narrow() -> Experiment:
    """Returns a network with a single unit under layer normalisation."""
    found = batched(8, "layer")
    layers = found.feed_forward.layers
    single = (layers[0], msgspec.structs.replace(layers[1], width=1), layers[2])
    return msgspec.structs.replace(found, network=FeedForward(inputs=64, layers=single))


def test_batch_norm_over_one_example_is_refused_when_it_is_trained():
    with pytest.raises(SpecError, match=r"batch_size must be at least 2 with batch normalisation \(layer 1\), got 1"):
        Trainer(batched(1))
    assert Trainer(batched(2)).advance(2).rows == 2


def test_a_task_of_one_example_is_a_batch_of_one():
    layers = (DenseLayer(width=3, normalisation="batch"), DenseLayer(width=1))
    single = network_experiment([2, 3, 1], ["sigmoid"] * 2, [[0.5, 1.0]], [[1.0]])
    single = msgspec.structs.replace(single, network=FeedForward(inputs=2, layers=layers))
    with pytest.raises(SpecError, match="got 1"):
        Trainer(single)


def test_layer_norm_over_one_unit_is_refused_when_it_is_trained():
    with pytest.raises(SpecError, match="width of layer 2 must be at least 2 with layer normalisation, got 1"):
        Trainer(narrow())


def test_layer_norm_needs_no_second_example():
    assert Trainer(batched(1, "layer")).advance(2).rows == 2


@pytest.mark.parametrize("experiment", [batched(1), narrow()], ids=["one example", "one unit"])
def test_what_cannot_be_trained_can_still_be_read_and_has_no_gradient_below(experiment: Experiment):
    assert experiment_from_json(experiment_to_json(experiment)) == experiment
    data = first_examples(experiment)
    found = gradient(experiment, draw(experiment), data.inputs, data.targets)
    assert not found.weights[0].any()
    assert found.weights[-1].any() or found.biases[-1].any()


def test_where_only_the_data_tell_the_batch_nothing_is_required_of_the_spec():
    table = Experiment(
        name="table",
        title="table",
        network=FeedForward(inputs=1, layers=(DenseLayer(width=2, normalisation="batch"), DenseLayer(width=1))),
        task=CsvTable(path="a.csv", inputs=("x",), target=("y",), goal="regression"),
    )
    require_deviation(table)


def test_the_remedy_is_not_offered_where_it_could_not_be_trained():
    plain = batched(1, "none")
    assert offer(plain, "batch-norm").experiment is None
    assert "over one example the variance is 0" in offer(plain, "batch-norm").reason
    assert offer(plain, "layer-norm").experiment is not None
