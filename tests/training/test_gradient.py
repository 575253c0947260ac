"""The gradient of an experiment: defaults, given batches, refused shapes."""

import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.library import example
from vgdesk.training.data import load
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw
from vgdesk.training.warm import compile_kernels


def test_default_batch_is_the_whole_task():
    experiment = example("digits-tanh-20")
    data, parameters = load(experiment.task), draw(experiment)
    default, given = gradient(experiment, parameters), gradient(experiment, parameters, *data)
    assert default.loss == given.loss
    np.testing.assert_array_equal(default.weights[0], given.weights[0])


def test_gradient_of_a_batch_is_the_mean_over_its_examples():
    experiment = example("digits-sigmoid-20")
    data, parameters = load(experiment.task), draw(experiment)
    batch = gradient(experiment, parameters, data.inputs[:3], data.targets[:3])
    each = [gradient(experiment, parameters, data.inputs[i : i + 1], data.targets[i : i + 1]) for i in range(3)]
    for layer, W in enumerate(batch.weights):
        mean = np.mean([one.weights[layer] for one in each], axis=0)
        np.testing.assert_allclose(W, mean, rtol=1e-9, atol=1e-12 * np.abs(mean).max())


def test_every_quantity_is_there_in_its_shape():
    found = gradient(example("insurance"), draw(example("insurance")))
    assert [h.shape for h in found.activations] == [(1, 4), (1, 2), (1, 1)]
    assert [z.shape for z in found.preactivations] == [(1, 2), (1, 1)]
    assert [d.shape for d in found.deltas] == [(1, 2), (1, 1)]
    np.testing.assert_allclose(found.activations[1], 0.5, rtol=1e-15)
    np.testing.assert_allclose(found.preactivations[1], [[1.0853930984824418 - 0.47619047619047616 / 2]], rtol=1e-15)


def test_wrong_shapes_and_half_a_batch_are_refused():
    experiment = example("mazur")
    with pytest.raises(SpecError, match="inputs and targets must have shapes"):
        gradient(experiment, draw(experiment), np.ones((1, 3)), np.ones((1, 2)))
    with pytest.raises(SpecError, match="given together"):
        gradient(experiment, draw(experiment), np.ones((1, 2)))


def test_compiling_reports_progress_up_to_ready():
    told = list(compile_kernels())
    assert told == [
        (0.0, "compiling kernels: float64"),
        (0.25, "compiling activations, losses and rules: float64"),
        (0.5, "compiling kernels: float32"),
        (0.75, "compiling activations, losses and rules: float32"),
        (1.0, "kernels ready"),
    ]
