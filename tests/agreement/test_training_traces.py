"""Training against published and independently computed numbers.

`training_traces.json`, `activation_traces.json`, `optimiser_traces.json`, `block_traces.json`: losses and gradient
norms from PyTorch 2.13 autograd in float64, full batch. They do not say the learning rates; those below are the ones
that reproduce step 1. Nor do they say which layers are normalised (all hidden ones, with gamma = 1 and beta = 0
throughout: they were not trained) or are residual (all hidden ones but the first, whose input has another width).
`values.json`: closed forms of scalar chains (mpmath, 25 digits) and Mazur's "A step by step backpropagation example".
"""

import json
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.agreement.lcg import symmetric, uniforms
from tests.builders import chain, network_experiment
from vgdesk.kernels.trainer import FusedTrainer
from vgdesk.records.parameters import Parameters
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.library import example
from vgdesk.spec.optimiser import Adam, AdamW, Sgd
from vgdesk.spec.training import Training
from vgdesk.training.data import load
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer
from vgdesk.training.network import kernel_network
from vgdesk.training.parameters import draw
from vgdesk.training.rule import kernel_cap, kernel_rule

DATA = Path(__file__).parent / "data"
TRACES = {
    **json.loads((DATA / "training_traces.json").read_text()),
    **json.loads((DATA / "activation_traces.json").read_text()),
    **json.loads((DATA / "optimiser_traces.json").read_text()),
    **json.loads((DATA / "block_traces.json").read_text()),
}
VALUES = {entry["name"]: entry for entry in json.loads((DATA / "values.json").read_text())}
LOSSES = {"mse": "mse", "ce": "softmax-cross-entropy"}
OPTIMISERS = {
    "sgd": Sgd(learning_rate=0.1),
    "mom": Sgd(learning_rate=0.05, momentum=0.9),
    "adam": Adam(learning_rate=0.01),
    "adamw": AdamW(learning_rate=0.01, weight_decay=0.01),
}
BLOCKS = ("res20.tanh.sgd", "bn10.relu.sgd", "ln10.relu.sgd")
CLIPPED = "mlp20.tanh.sw3.clip1"


def trace_parameters(trace) -> Parameters:
    """Draws W_l then b_l, layer by layer, from one stream."""
    stream, weights, biases = uniforms(trace["seed"]), [], []
    widths = [trace["n_in"], *[trace["width"]] * trace["hidden_layers"], trace["n_out"]]
    for below, out in pairwise(widths):
        weights.append(np.sqrt(3) * trace["sigma_w"] / np.sqrt(below) * symmetric(stream, out, below))
        biases.append(np.sqrt(3) * trace["sigma_b"] * symmetric(stream, out))
    return Parameters(weights=tuple(weights), biases=tuple(biases))


def trace_experiment(trace):
    """Builds the experiment: X, then Y, then labels from one stream."""
    count, stream = trace["N"], uniforms(trace["data_seed"])
    inputs, targets = symmetric(stream, count, trace["n_in"]), 0.5 * symmetric(stream, count, trace["n_out"])
    if trace["loss"] == "ce":
        targets = np.eye(trace["n_out"])[[int(u * trace["n_out"]) for u in islice(stream, count)]]
    name = {"linear": "identity"}.get(trace["act"], trace["act"].replace("_", "-"))
    return network_experiment(
        [trace["n_in"], *[trace["width"]] * trace["hidden_layers"], trace["n_out"]],
        [*[name] * trace["hidden_layers"], "identity"],
        inputs.tolist(),
        targets.tolist(),
        LOSSES[trace["loss"]],
        training=Training(
            optimiser=OPTIMISERS[trace["opt"]],
            steps=21,
            shuffle=False,
            clipping=None if trace["clip"] is None else ClipByNorm(maximum=trace["clip"]),
        ),
    )


def test_the_generator_gives_the_published_first_numbers():
    check = TRACES["_lcg_check"]
    assert list(islice(uniforms(check["seed"]), 5)) == check["first5"]


@pytest.mark.parametrize("name", [name for name in TRACES if name.startswith("mlp") and name != CLIPPED])
def test_training_follows_the_reference_for_twenty_steps(name):
    trace = TRACES[name]
    history = Trainer(trace_experiment(trace), trace_parameters(trace)).advance(21)
    for row in trace["trace"]:
        step = row["step"]
        assert history.loss[step] == pytest.approx(row["loss"], rel=1e-10)
        np.testing.assert_allclose(10 ** history.log10_norm("weight")[step], row["gW"], rtol=1e-10)


def test_clipped_training_of_a_chaotic_network_follows_the_reference_as_far_as_rounding_lets_it():
    trace = TRACES[CLIPPED]
    history = Trainer(trace_experiment(trace), trace_parameters(trace)).advance(21)
    for row in trace["trace"][:5]:  # the reference itself loses every digit by step 20
        step, tolerance = row["step"], max(1e-10, 10 * trace["rounding_sensitivity"][str(row["step"])])
        assert history.loss[step] == pytest.approx(row["loss"], rel=tolerance)
        np.testing.assert_allclose(10 ** history.log10_norm("weight")[step], row["gW"], rtol=tolerance)
        total = np.linalg.norm([*row["gW"], *row["gb"]])
        assert 10 ** history.log10_total_norm[step] == pytest.approx(total, rel=tolerance)
        assert history.clipped[step] == (total > 1)
        assert 10 ** history.log10_clipped_norm[step] == pytest.approx(min(total, 1.0), rel=1e-5)


@pytest.mark.parametrize("name", [name for name in TRACES if name.startswith("mlp")])
def test_first_gradient_equals_the_reference_in_weights_biases_and_signal(name):
    trace = TRACES[name]
    experiment, parameters = trace_experiment(trace), trace_parameters(trace)
    found, row = gradient(experiment, parameters), trace["trace"][0]
    # the chaotic network amplifies a rounding of 1e-16 to 1e-11, as the reference itself says
    tolerance = max(1e-10, 10 * trace["rounding_sensitivity"]["0"])
    signals = [delta @ W for delta, W in zip(found.deltas[1:], parameters.weights[1:], strict=True)]
    assert found.loss == pytest.approx(row["loss"], rel=1e-12, abs=0)
    for key, arrays in (("gW", found.weights), ("gb", found.biases), ("gh", signals)):
        np.testing.assert_allclose([np.linalg.norm(array) for array in arrays], row[key], rtol=tolerance)


def kernel_trainer(experiment, parameters, network=None):
    """Returns the kernels' trainer of an experiment, whose rows have all columns."""
    data, optimiser = load(experiment.task), experiment.training.optimiser
    trainer = FusedTrainer(
        network or kernel_network(experiment),
        parameters.weights,
        parameters.biases,
        data.inputs,
        data.targets,
        rate=optimiser.learning_rate,
        batch=len(data.inputs),
        rule=kernel_rule(optimiser),
    )
    trainer.cap = kernel_cap(experiment.training.clipping)
    return trainer


@pytest.mark.parametrize("name", [name for name in TRACES if name.startswith("mlp")])
def test_bias_and_signal_norms_follow_the_reference_for_twenty_steps(name):
    trace = TRACES[name]
    trainer = kernel_trainer(trace_experiment(trace), trace_parameters(trace))
    rows = trainer.run(np.tile(np.arange(trace["N"]), (21, 1)))
    for row in trace["trace"][: 5 if name == CLIPPED else None]:
        step, tolerance = row["step"], max(1e-10, 10 * trace["rounding_sensitivity"][str(row["step"])])
        np.testing.assert_allclose(10 ** rows.log10_bias_norm[step], row["gb"], rtol=tolerance)
        np.testing.assert_allclose(10 ** rows.log10_state_norm[step, :-1], row["gh"], rtol=tolerance)


def block_network(trace, experiment):
    """Returns the network of a trace with options: the norm or skip of each layer."""
    hidden, kind = trace["hidden_layers"], trace["kind"]
    if kind == "res":
        return replace(kernel_network(experiment), skips=(None, *["residual"] * (hidden - 1), None))
    norm = {"bn": "batch", "ln": "layer"}[kind]
    return replace(kernel_network(experiment), normalisations=(*[norm] * hidden, "none"))


@pytest.mark.parametrize("name", BLOCKS)
def test_training_with_options_follows_the_reference_for_twenty_steps(name):
    trace = TRACES[name]
    experiment, parameters, rows = trace_experiment(trace), trace_parameters(trace), []
    for _ in range(21):  # a new trainer each step, so that gamma and beta stay as they were in the reference
        trainer = kernel_trainer(experiment, parameters, block_network(trace, experiment))
        rows.append(trainer.run(np.arange(trace["N"])[None]))
        parameters = Parameters(weights=trainer.parameters()[0], biases=trainer.parameters()[1])
    for row in trace["trace"]:
        found, tolerance = rows[row["step"]], max(1e-10, 10 * trace["rounding_sensitivity"][str(row["step"])])
        assert found.loss[0] == pytest.approx(row["loss"], rel=tolerance)
        np.testing.assert_allclose(10 ** found.log10_weight_norm[0], row["gW"], rtol=tolerance)
        np.testing.assert_allclose(10 ** found.log10_state_norm[0, :-1], row["gh"], rtol=tolerance)
        # before batch normalisation a bias has a gradient of rounding only, whatever its reference says
        np.testing.assert_allclose(10 ** found.log10_bias_norm[0], row["gb"], rtol=tolerance, atol=1e-12)


@pytest.mark.parametrize("name", ["sigmoid.w1", "sigmoid.w4", "sigmoid.w100", "tanh.w1", "tanh.w2"])
def test_scalar_chains_equal_their_closed_forms(name):
    given = VALUES[f"chain.{name}.output"]["inputs"]
    weights, biases = [float(w) for w in given["w"]], [float(b) for b in given["b"]]
    experiment = chain(weights, biases, float(given["x"]), float(given["target"]), given["act"])
    found = gradient(experiment, draw(experiment))
    assert found.activations[-1][0, 0] == pytest.approx(VALUES[f"chain.{name}.output"]["value"], rel=1e-14, abs=0)
    for key, arrays in (("dL_dw", found.weights), ("dL_db", found.biases)):
        expected = VALUES[f"chain.{name}.{key}"]["value"]
        np.testing.assert_allclose([array.item() for array in arrays], expected, rtol=1e-13)


def test_mazur_gradients_are_the_published_ones():
    experiment = example("mazur")
    found = gradient(experiment, draw(experiment))
    assert found.loss == pytest.approx(VALUES["mazur.E0"]["value"], rel=1e-15, abs=0)
    np.testing.assert_allclose(found.weights[0].ravel(), VALUES["mazur.dE_dw1..w4"]["value"], rtol=1e-13)
    np.testing.assert_allclose(found.weights[1].ravel(), VALUES["mazur.dE_dw5..w8"]["value"], rtol=1e-13)


def test_mazur_weights_after_one_update_are_the_published_ones():
    trainer = Trainer(example("mazur"))
    trainer.advance(1)
    updated = np.concatenate([W.ravel() for W in trainer.parameters.weights])
    np.testing.assert_allclose(updated, VALUES["mazur.w_plus"]["value"], rtol=1e-14)


@pytest.mark.parametrize("name", ["insurance", "insurance-sparse"])
def test_insurance_gradient_is_0_0015(name):
    experiment = example(name)
    assert gradient(experiment, draw(experiment)).weights[0][0, 0] == pytest.approx(0.0015, abs=1e-15)
