"""Where formats lose a gradient: against NumPy's own formats, against theory, and where only the norm is left."""

import msgspec
import numpy as np
import pytest

from vgdesk.errors import SpecError
from vgdesk.records.number_format import FORMATS
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.recording import Recording, What
from vgdesk.study.number_formats import compare_formats
from vgdesk.study.predict import first_examples
from vgdesk.theory.activations import phi_of
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import train
from vgdesk.training.parameters import draw


def _loss(experiment: Experiment, name: str, step: int = 0):
    return next(loss for loss in compare_formats(experiment, step).formats if loss.number_format == name)


@pytest.mark.parametrize("name", ["digits-sigmoid-20", "digits-relu-20", "digits-resnet-50", "digits-rnn-rows"])
@pytest.mark.parametrize("number_format", ["float16", "float32"])
def test_shares_are_those_of_numpys_casts(name, number_format):
    experiment = example(name)
    found = gradient(experiment, draw(experiment), *first_examples(experiment))
    loss = _loss(experiment, number_format)
    for place, state in enumerate(found.states):
        present = state[state != 0.0]
        with np.errstate(under="ignore", over="ignore"):
            cast = np.abs(present.astype(number_format))
        tiny = np.finfo(number_format).tiny
        assert loss.zero[place] == pytest.approx(np.mean(cast == 0.0))
        assert loss.subnormal[place] == pytest.approx(np.mean((cast > 0.0) & (cast < tiny)))
        assert loss.infinite[place] == pytest.approx(np.mean(np.isinf(cast)))


@pytest.mark.parametrize("name", ["digits-sigmoid-20", "digits-relu-20", "insurance-sparse", "digits-rnn-rows"])
@pytest.mark.parametrize("number_format", ["float16", "float32"])
def test_the_gradient_of_the_weights_is_counted_as_numpys_casts_do(name, number_format):
    experiment = example(name)
    found = gradient(experiment, draw(experiment), *first_examples(experiment))
    loss = _loss(experiment, number_format)
    for place, dW in enumerate(found.weights):
        present = dW[dW != 0.0]
        with np.errstate(under="ignore", over="ignore"):
            cast = np.abs(present.astype(number_format))
        assert loss.zero_weights[place] == pytest.approx(np.mean(cast == 0.0))
        assert loss.infinite_weights[place] == pytest.approx(np.mean(np.isinf(cast)))


def test_formats_that_lose_weights_are_those_that_a_recording_counts():
    experiment = example("digits-sigmoid-20")
    what = What(quantities=("float16-lost", "float32-lost"))
    recorded = next(train(msgspec.structs.replace(experiment, recording=Recording(what=what))))
    for name in ("float16", "float32"):
        ours, theirs = _loss(experiment, name).zero_weights, recorded.values(f"{name}-lost")[0]
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_theory_names_the_layers_at_which_a_deep_sigmoid_network_is_lost():
    report = compare_formats(example("digits-sigmoid-100"))
    for loss in report.formats[:3]:
        assert loss.lost_at is not None
        assert loss.predicted_lost_at is not None
        assert abs(loss.lost_at - loss.predicted_lost_at) <= 2
    assert report.formats[3].lost_at is None


def test_a_backward_pass_that_stores_float16_dies_at_the_layer_that_is_told():
    experiment = example("digits-sigmoid-20")
    found, parameters = gradient(experiment, draw(experiment), *first_examples(experiment)), draw(experiment)
    lost = _loss(experiment, "float16").lost_at
    dh = found.states[-1].astype(np.float16)
    dead = {}
    for layer in range(experiment.feed_forward.depth, 1, -1):
        name = experiment.feed_forward.layers[layer - 1].activation
        assert name in ACTIVATIONS
        slope = phi_of(name).slope(found.preactivations[layer - 1])
        delta = (dh.astype(float) * slope).astype(np.float16)
        dh = (delta.astype(float) @ parameters.weights[layer - 1]).astype(np.float16)
        dead[layer - 1] = np.mean(dh == 0) >= 0.5
    first_dead = max(layer for layer, is_dead in dead.items() if is_dead)
    assert abs(first_dead - lost) <= 1


def test_a_loss_scale_keeps_what_it_promises():
    experiment = example("digits-sigmoid-100")
    report = compare_formats(experiment)
    loss = report.formats[2]
    limits = FORMATS["float32"]
    scaled = report.log10_typical + loss.loss_scale * np.log10(2.0)
    assert (scaled >= limits.log10_normal).all()
    assert (scaled - np.log10(2.0)).min() < limits.log10_normal
    assert scaled.max() < limits.log10_infinite


def test_an_exploding_chain_overflows_float16_and_a_smaller_loss_keeps_it():
    loss = _loss(example("chain-exploding"), "float16")
    assert loss.overflows_at is not None
    assert loss.loss_scale < 0
    assert loss.predicted_zero is None


def test_far_below_float64_the_norm_decides():
    experiment = example("digits-sigmoid-100")
    layers = experiment.feed_forward.layers
    deep = msgspec.structs.replace(
        experiment,
        network=msgspec.structs.replace(experiment.feed_forward, layers=(*layers[:-1] * 6, layers[-1])),
    )
    report = compare_formats(deep)
    assert report.log10_typical[0] < -330
    loss = report.formats[3]
    assert loss.zero[0] == 1.0
    assert loss.lost_at is not None


def test_after_some_steps_nothing_is_predicted_and_the_reason_is_told():
    report = compare_formats(example("digits-sigmoid-20"), 5)
    assert report.log10_predicted is None
    assert "step 0" in report.reason


def test_a_step_beyond_the_training_is_refused_with_the_range():
    with pytest.raises(SpecError, match="between 0 and"):
        compare_formats(example("digits-sigmoid-20"), 10**9)
