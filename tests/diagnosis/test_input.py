"""The first layer's share of the gain: measured where |dL/dh^0| is, taken to be like the others where it is not."""

import math

import msgspec
import numpy as np
import pytest

from tests.diagnosis.networks import deep, slowly, trained
from tests.diagnosis.test_truth_table import without_input
from tests.histories import history
from vgdesk.diagnosis.diagnose import conclude, diagnose
from vgdesk.diagnosis.labels import SMOOTHING
from vgdesk.diagnosis.observation import begin, observe
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.finding import Severity, Verdict
from vgdesk.records.history import GradientHistory
from vgdesk.spec.initialisation import Glorot, He
from vgdesk.spec.library import example
from vgdesk.spec.recording import EveryNth, Recording
from vgdesk.training.data import BatchOrder, load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw


def flat(rows: int, steps: list[int], factors: list[float]) -> GradientHistory:
    """Returns four layers that all pass on everything, but the first, which passes on what is given."""
    state = frozen(np.zeros((rows, 4)))
    norms = {"log10_input_norm": frozen(factors), "log10_first_norm": frozen(np.zeros(len(steps)))}
    nothing = frozen(np.full(len(steps), math.nan))
    answers = {"held_out_loss": nothing, "accuracy": nothing, "held_out_accuracy": nothing}
    evaluations = Evaluations(steps=frozen(steps), **norms, **answers)
    return history([1.0] * rows, layers=4, quantities={"weight": state, "state": state}, evaluations=evaluations)


def test_gain_is_that_from_the_output_to_the_input_by_an_independent_route():
    experiment = deep("tanh", 6, Glorot(), training=slowly(1e-3, 1))
    found = diagnose(trained(experiment), experiment)
    exact = gradient(experiment, draw(experiment), *first_batch(experiment))
    whole = np.log10(np.linalg.norm(exact.input_state) / np.linalg.norm(exact.states[-1]))
    assert found.log10_gain == pytest.approx(whole, abs=1e-12)
    assert found.log10_gamma == pytest.approx(whole / 6, abs=1e-12)


def first_batch(experiment):
    """Returns the examples of the first step."""
    data, training = load_parts(experiment).training, experiment.training
    batch = training.batch_of(len(data.inputs))
    rows = BatchOrder(len(data.inputs), batch, training.shuffle, experiment.seed).take(1)[0]
    return data.inputs[rows], data.targets[rows]


def test_basis_names_the_input_only_where_its_gradient_was_measured():
    experiment = deep("relu", 3, He(), width=8)
    run = trained(experiment)
    assert "between layer 3 and the network's input; a running mean" in diagnose(run, experiment).basis
    assert "is not recorded" in diagnose(without_input(run), experiment).basis


def test_two_layers_without_the_input_have_one_factor_and_the_verdict_judges_the_number_that_is_shown():
    state = frozen(np.tile([-1.9, 0.0], (5, 1)))
    found = diagnose(history([1.0] * 5, layers=2, quantities={"weight": state, "state": state}))
    assert (found.log10_gain, found.verdict) == (pytest.approx(-1.9), Verdict.HEALTHY)
    assert "layer 2 passes on 0.013 of the gradient" in found.sentence
    assert "the one factor there is between two layers" in found.basis
    deeper = frozen(state - np.array([0.2, 0.0]))
    found = diagnose(history([1.0] * 5, layers=2, quantities={"weight": deeper, "state": deeper}))
    assert (found.log10_gain, found.verdict) == (pytest.approx(-2.1), Verdict.VANISHING)


def test_two_layers_are_judged_over_the_same_factor_before_and_after_an_update():
    # its first weights start at 0, so that nothing reaches the input at step 0 and a little of it from step 1 on
    experiment = example("insurance")
    training = msgspec.structs.replace(experiment.training, steps=200)
    run = trained(msgspec.structs.replace(experiment, training=training))
    early, late = diagnose(run.part(0, 1), experiment), diagnose(run, experiment)
    assert early.verdict is late.verdict is Verdict.HEALTHY
    assert late.finding("gradient-flow").severity is Severity.FINE
    assert early.basis.split(";")[0] == late.basis.split(";")[0]
    assert "passes on" in late.sentence


def test_no_weight_of_two_layers_is_learned_from_the_gradient_at_the_input():
    experiment = deep("tanh", 2, Glorot(), width=8)
    run = trained(experiment)
    assert np.isfinite(run.evaluations.first_factors[:-1]).all()
    assert diagnose(run, experiment).log10_gain == diagnose(without_input(run), experiment).log10_gain


def test_first_layer_alone_can_make_a_gradient_vanish():
    assert diagnose(flat(5, [0], [-4.0])).verdict is Verdict.VANISHING
    assert diagnose(flat(5, [0], [-1.0])).verdict is Verdict.HEALTHY
    assert diagnose(without_input(flat(5, [0], [-4.0]))).verdict is Verdict.HEALTHY


def test_factor_counts_from_the_step_at_which_it_was_measured():
    found = diagnose(flat(3, [0, 2], [0.0, -8.0]))
    assert found.log10_gain == pytest.approx(-8.0 * SMOOTHING, rel=1e-12)


@pytest.mark.parametrize("factor", [-math.inf, math.nan, math.inf])
def test_a_factor_that_is_no_finite_number_leaves_the_one_before(factor: float):
    # one example that no unit of layer 1 answers to leaves nothing at the input, and says nothing of the other steps
    assert diagnose(flat(9, [0, 3], [-1.0, factor])) == diagnose(flat(9, [0], [-1.0]))


def test_a_measurement_between_two_rows_is_kept_for_the_next_however_the_run_is_cut():
    recording = Recording(when=EveryNth(n=5))
    experiment = deep("relu", 4, He(), width=8, training=slowly(0.05, 31), recording=recording)
    whole, seen, trainer = diagnose(trained(experiment), experiment), begin(experiment), Trainer(experiment)
    for _ in range(31):
        seen = observe(seen, trainer.advance(1))
    assert conclude(seen) == whole


def test_a_run_shown_row_by_row_with_all_its_measurements_ends_alike():
    experiment = deep("relu", 4, He(), width=8, training=slowly(0.05, 30))
    run, seen = trained(experiment), begin(experiment)
    for row in range(run.rows):
        seen = observe(seen, run.part(row, row + 1))
    assert conclude(seen).log10_gain == diagnose(run, experiment).log10_gain


def test_weights_and_deltas_do_not_take_the_gradient_at_the_input():
    run = flat(5, [0], [-4.0])
    only = msgspec.structs.replace(run, quantities={"delta": run.values("state")})
    assert diagnose(only).log10_gain == 0.0
