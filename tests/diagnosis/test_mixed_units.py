"""Nothing that diagnoses, cures or explains a run needs the units of a layer to be alike."""

import msgspec
import numpy as np
import pytest

from tests.theory.test_units import deep
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.diagnosis.remedies.catalogue import applicable, apply_remedies
from vgdesk.present.formula import to_text
from vgdesk.present.layer_formula import layer_derivation
from vgdesk.present.theory_formula import theory_derivation
from vgdesk.spec.pretraining import LayerWise
from vgdesk.spec.vary import varied
from vgdesk.study.predict import predict
from vgdesk.training.loop import Trainer, prepared

NAMES = ("sigmoid", "tanh", "relu", "identity")


def small(**training):
    """Returns a narrow mixed network that trains for a few steps."""
    experiment = deep(NAMES, width=8, depth=4, batch=6)
    made = {"steps": 5, "batch_size": None} | training
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, **made))


def train(experiment):
    """Returns the record of a whole run."""
    return Trainer(experiment, prepared(experiment)).advance(experiment.training.steps)


def test_a_run_of_mixed_layers_is_diagnosed():
    experiment = small()
    assert diagnose(train(experiment), experiment) is not None


@pytest.mark.parametrize("name", [remedy.name for remedy in applicable(small())])
def test_every_remedy_that_is_offered_can_be_trained(name):
    cured = apply_remedies(small(), name)
    shorter = msgspec.structs.replace(cured.training, steps=2, pretraining=None)
    assert train(msgspec.structs.replace(cured, training=shorter)).steps_made == 2


def test_another_activation_is_that_of_all_units():
    cured = apply_remedies(small(), "tanh")
    assert {layer.activations for layer in cured.feed_forward.layers[:-1]} == {("tanh",)}


def test_mixed_layers_are_pre_trained_as_they_are():
    experiment = small(pretraining=LayerWise(steps=20, learning_rate=0.01))
    alike = varied(experiment, "activation", "sigmoid")
    ours, others, drawn = (prepared(one).weights[1] for one in (experiment, alike, small()))
    assert np.all(np.isfinite(ours))
    assert np.abs(ours - drawn).max() > 1e-4
    assert np.abs(ours - others).max() > 1e-4


def test_the_formulas_of_a_deep_mixed_layer_have_a_slope_for_every_unit():
    experiment = small()
    history = train(experiment)
    profiles = [history.profile(0, name) for name in ("weight", "delta")]
    lines = [to_text(line) for step in layer_derivation(experiment, *profiles, 2).steps for line in step.lines]
    assert any("σ′(z₁⁽²⁾); tanh′(z₂⁽²⁾); ReLU′(z₃⁽²⁾); id′(z₄⁽²⁾)" in line for line in lines)


def theory_lines(experiment):
    """Returns formulas and notes of the theory of layer 2."""
    steps = theory_derivation(experiment, predict(experiment), 2).steps
    return " ".join([to_text(line) for step in steps for line in step.lines] + [step.note for step in steps])


def test_the_variance_map_of_two_activations_is_told_part_by_part():
    lines = theory_lines(deep(("tanh", "relu", "relu", "relu"), width=8, depth=4))
    assert all(word in lines for word in ("0.25 E", "0.75 E", "tanh′", "ReLU′"))


def test_the_variance_map_of_many_activations_is_a_mean_over_the_units():
    lines = theory_lines(small())
    assert "E [φ′ᵢ(z⁽²⁾)²]" in lines
    assert "E is the mean over the units i" in lines
