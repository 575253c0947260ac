"""A gradient that arrives at layer 1 and ends at its activation: no weight gets any, whatever |dL/dh| says."""

import math

import msgspec
import numpy as np
import pytest

from tests.diagnosis.networks import trained
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.present.status import status_sentence
from vgdesk.records.finding import Severity, Verdict
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import DenseLayer, Residual
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples
from vgdesk.study.race import with_steps
from vgdesk.study.sweep import measured


def network(*activations: str, first: DenseLayer | None = None) -> Experiment:
    """Returns exclusive or with layers 2 wide and one sigmoid."""
    layers = [DenseLayer(width=2, activation=name) for name in activations]
    layers[0] = first or layers[0]
    made = FeedForward(inputs=2, layers=(*layers, DenseLayer(width=1, activation="sigmoid")))
    return with_steps(msgspec.structs.replace(example("xor"), network=made, start_values=()), 5)


def with_zero_inputs(experiment: Experiment) -> Experiment:
    """Returns the experiment with two examples of zeros that are answered differently."""
    task = Examples(inputs=((0.0, 0.0), (0.0, 0.0)), targets=((1.0,), (0.0,)))
    return msgspec.structs.replace(experiment, task=task)


@pytest.mark.parametrize(
    "experiment",
    [
        with_zero_inputs(network("relu")),
        network("formula: 0*z", "tanh"),
        network("formula: 2", "tanh"),
        network("formula: sign(z)", "tanh"),
    ],
)
def test_a_layer_1_without_slope_is_dead_though_a_gradient_arrives_there(experiment: Experiment):
    run = trained(experiment)
    assert np.isfinite(run.values("state")).all()
    found = diagnose(run, experiment)
    assert (found.verdict, found.log10_gain) == (Verdict.DEAD, -math.inf)
    assert "ends in layer 1" in found.sentence
    assert "none of its weights gets any" in found.sentence
    assert "taken to be like the rest" not in found.basis
    flow = found.finding("gradient-flow")
    assert (flow.severity, flow.places) == (Severity.ALARM, (1,))
    assert status_sentence(run).endswith("|∂L/∂z| is exactly 0 in layer 1")
    row = measured(experiment)
    assert (row.log10_gain, row.log10_gain_end) == (-math.inf, -math.inf)


def test_inputs_of_zero_that_leave_the_biases_a_gradient_are_not_dead():
    experiment = with_zero_inputs(network("tanh"))
    run = trained(experiment)
    assert (run.values("weight")[:, 0] == -math.inf).all()
    assert diagnose(run, experiment).verdict is Verdict.HEALTHY


def test_a_gradient_that_is_led_past_layer_1_arrives():
    first = DenseLayer(width=2, activation="formula: 2", skip=Residual())
    experiment = network("tanh", "tanh", first=first)
    run = trained(experiment)
    assert (run.values("delta")[:, 0] == -math.inf).all()
    assert diagnose(run, experiment).verdict is not Verdict.DEAD


def test_a_single_batch_without_slope_is_no_dead_layer():
    experiment = network("tanh", "tanh")
    run = trained(experiment)
    delta = run.values("delta").copy()
    delta[2, 0] = -math.inf
    missed = msgspec.structs.replace(run, quantities={**run.quantities, "delta": delta})
    assert diagnose(missed, experiment).verdict is Verdict.HEALTHY
