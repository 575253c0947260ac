"""The verdict on really trained networks: the catalogue's nine cases of width 64, and four through time."""

import msgspec
import numpy as np
import pytest

from tests.diagnosis.networks import deep, slowly, through_time, trained
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.diagnosis.gain import span_of
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.codec import frozen
from vgdesk.records.finding import Learning, Severity, Verdict
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.parameters import Parameters
from vgdesk.records.places import Places
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import FixedGaussian, Glorot, He, Zeros
from vgdesk.spec.recording import Recording, What
from vgdesk.spec.recurrent import Lstm, Recurrent, VanillaCell
from vgdesk.training.loop import Trainer
from vgdesk.training.parameters import draw

TABLE = {
    "sigmoid, Xavier, 20": (deep("sigmoid", 20, Glorot()), Verdict.VANISHING),
    "ReLU, std 0.01, 20": (deep("relu", 20, FixedGaussian(std=0.01)), Verdict.VANISHING),
    "ReLU, He, 20": (deep("relu", 20, He()), Verdict.HEALTHY),
    "ReLU, He, BatchNorm, 50": (deep("relu", 50, He(), norm="batch"), Verdict.EXPLODING),
    "tanh, 3 Xavier, 50": (deep("tanh", 50, Glorot(gain=3.0), training=slowly(1e-9)), Verdict.EXPLODING),
    "linear, 1.3 Xavier, 50": (deep("identity", 50, Glorot(gain=1.3), training=slowly(1e-12)), Verdict.EXPLODING),
    "tanh, Xavier, 20": (deep("tanh", 20, Glorot()), Verdict.HEALTHY),
    "sigmoid, Xavier, 5": (deep("sigmoid", 5, Glorot()), Verdict.VANISHING),
}
RECURRENT = {
    "RNN 0.8": (through_time(VanillaCell(), 0.8), Verdict.VANISHING),
    "RNN 1.2, no input": (through_time(VanillaCell(), 1.2, inputs=0.0, initialisation=Glorot()), Verdict.EXPLODING),
    "LSTM, forget bias 0": (through_time(Lstm(forget_bias=0.0)), Verdict.VANISHING),
    "LSTM, forget bias 3": (through_time(Lstm(forget_bias=3.0)), Verdict.HEALTHY),
}
SEEDS = 20
WITH_CELL = Recording(what=What(quantities=("cell",)))


def scaled(history: GradientHistory, decades: float) -> GradientHistory:
    """Returns what would have been recorded had the loss been multiplied by a power of ten."""
    changed = ("weight", "bias", "delta", "state", "cell")
    quantities = {name: frozen(values + decades * (name in changed)) for name, values in history.quantities.items()}
    loss, found = frozen(history.loss * 10.0**decades), history.evaluations
    norms = {name: frozen(getattr(found, name) + decades) for name in ("log10_input_norm", "log10_first_norm")}
    evaluations = msgspec.structs.replace(found, **norms)
    return msgspec.structs.replace(history, quantities=quantities, loss=loss, evaluations=evaluations)


def without_input(history: GradientHistory) -> GradientHistory:
    """Returns the run as older files have it: without |dL/dh^0|."""
    unknown = frozen(np.full(history.evaluations.count, np.nan))
    evaluations = msgspec.structs.replace(history.evaluations, log10_input_norm=unknown, log10_first_norm=unknown)
    return msgspec.structs.replace(history, evaluations=evaluations)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("case", [*TABLE, *RECURRENT])
def test_trained_network_gets_the_verdict_of_the_catalogue(case: str, seed: int):
    experiment, verdict = (TABLE | RECURRENT)[case]
    experiment = msgspec.structs.replace(experiment, seed=seed)
    found = diagnose(trained(experiment), experiment)
    assert (found.verdict, case) == (verdict, case), found.sentence


@pytest.mark.parametrize("case", ["LSTM, forget bias 0", "LSTM, forget bias 3"])
def test_lstm_gets_the_same_verdict_where_its_cell_was_recorded(case: str):
    experiment, verdict = RECURRENT[case]
    experiment = msgspec.structs.replace(experiment, recording=WITH_CELL)
    found = diagnose(trained(experiment), experiment)
    assert found.verdict is verdict
    assert "|∂L/∂c|" in found.basis
    assert "not recorded" not in found.basis


@pytest.mark.parametrize("recording", [Recording(), WITH_CELL], ids=["dh", "dc"])
@pytest.mark.parametrize(
    ("forget_bias", "verdict"),
    [(0.0, Verdict.VANISHING), (1.0, Verdict.VANISHING), (3.0, Verdict.HEALTHY), (5.0, Verdict.HEALTHY)],
)
def test_twenty_lstms_of_one_forget_bias_get_one_verdict(forget_bias: float, verdict: Verdict, recording: Recording):
    start = msgspec.structs.replace(through_time(Lstm(forget_bias=forget_bias)), recording=recording)
    experiments = [msgspec.structs.replace(start, seed=seed) for seed in range(SEEDS)]
    assert {diagnose(trained(one), one).verdict for one in experiments} == {verdict}


@pytest.mark.parametrize("case", [*TABLE, *RECURRENT])
def test_twenty_seeds_of_a_case_get_one_verdict(case: str):
    start, verdict = (TABLE | RECURRENT)[case]
    shorter = msgspec.structs.replace(start.training, steps=2)
    for seed in range(SEEDS):
        experiment = msgspec.structs.replace(start, seed=seed, training=shorter)
        assert diagnose(trained(experiment), experiment).verdict is verdict, seed


def test_gain_through_time_is_the_slope_over_all_steps_and_not_that_between_two():
    steps = np.arange(1, 101)
    norms = np.where(steps > 90, -3.0 + 0.3 * (steps - 90), -3.0 + 0.001 * (steps - 90))
    fitted = span_of({"state": norms[None]}, Places.TIME).log10_gamma(norms)
    assert fitted == pytest.approx(-np.polyfit(steps, norms, 1)[0], rel=1e-12)
    assert -100 * fitted != pytest.approx(norms[-1] - norms[0], rel=0.3)
    assert span_of({"state": norms[None]}, Places.LAYERS).log10_gamma(norms) == (norms[0] - norms[-1]) / 99


def test_time_steps_that_nothing_reaches_leave_no_line():
    norms = np.array([-np.inf, -np.inf, -3.0, -2.0, -1.0, 0.0])
    span = span_of({"state": norms[None]}, Places.TIME)
    assert span.log10_gamma(norms) == -np.inf
    late = np.array([-5.0, -np.inf, -3.0, -2.0, -1.0, 0.0])
    assert span.log10_gamma(late) == pytest.approx(-1.0, rel=1e-12)


@pytest.mark.parametrize("decades", [9.0, -9.0])
@pytest.mark.parametrize("case", [*TABLE, *RECURRENT])
def test_verdict_does_not_change_with_the_scale_of_the_loss(case: str, decades: float):
    experiment, verdict = (TABLE | RECURRENT)[case]
    history = trained(experiment)
    before, after = diagnose(history, experiment), diagnose(scaled(history, decades), experiment)
    assert after.verdict is verdict
    assert after.learning is before.learning
    assert after.log10_gain == pytest.approx(before.log10_gain, abs=1e-9)  # 1e-13 of rounding per layer


def test_targets_a_billion_times_as_large_change_the_loss_but_not_the_verdict():
    quiet = through_time(VanillaCell(), 0.8)
    loud_targets = tuple(tuple((1e9 * value,) for (value,) in rows) for rows in quiet.task.targets)
    loud = msgspec.structs.replace(quiet, task=msgspec.structs.replace(quiet.task, targets=loud_targets))
    small, large = trained(quiet), trained(loud)
    assert large.loss[0] > 1e15 * small.loss[0]
    assert diagnose(large, loud).verdict is diagnose(small, quiet).verdict is Verdict.VANISHING


def permuted(experiment: Experiment) -> Parameters:
    """Returns the experiment's draw with the units of every hidden layer, or of the cell, in another order."""
    start, generator = draw(experiment), np.random.default_rng(5)
    if isinstance(experiment.network, Recurrent):
        return permuted_cell(start, generator.permutation(experiment.network.width))
    orders = [generator.permutation(len(bias)) for bias in start.biases[:-1]] + [np.arange(len(start.biases[-1]))]
    below = [np.arange(start.weights[0].shape[1]), *orders[:-1]]
    weights = tuple(frozen(w[o][:, b]) for w, o, b in zip(start.weights, orders, below, strict=True))
    return Parameters(weights=weights, biases=tuple(frozen(b[o]) for b, o in zip(start.biases, orders, strict=True)))


def permuted_cell(start: Parameters, order: np.ndarray) -> Parameters:
    """Returns a cell's draw with its units in another order, in the block of every gate."""
    (into, within, out), (bias, last) = start.weights, start.biases
    rows = (np.arange(0, len(bias), len(order))[:, None] + order).ravel()
    weights = (frozen(into[rows]), frozen(within[rows][:, order]), frozen(out[:, order]))
    return Parameters(weights=weights, biases=(frozen(bias[rows]), last))


@pytest.mark.parametrize("case", [*TABLE, *RECURRENT])
def test_verdict_does_not_change_when_units_are_permuted(case: str):
    experiment, verdict = (TABLE | RECURRENT)[case]
    before, after = trained(experiment), Trainer(experiment, permuted(experiment)).advance(experiment.training.steps)
    # before any update; after some, networks that explode are thrown apart by sums taken in another order
    assert after.values("state")[0] == pytest.approx(before.values("state")[0], abs=1e-6)
    assert diagnose(after, experiment).verdict is diagnose(before, experiment).verdict is verdict


@pytest.mark.parametrize("case", TABLE)
def test_verdict_is_the_same_where_the_gradient_at_the_input_was_not_measured(case: str):
    experiment, verdict = TABLE[case]
    assert diagnose(without_input(trained(experiment)), experiment).verdict is verdict


def test_weight_gradients_alone_give_no_verdict():
    experiment, _ = TABLE["ReLU, std 0.01, 20"]
    history = trained(experiment)
    only = msgspec.structs.replace(history, quantities={"weight": history.values("weight")})
    assert diagnose(only, experiment).verdict is Verdict.UNDETERMINED
    assert abs(history.log10_norm("weight")[0, 0] - history.log10_norm("weight")[0, -1]) < 1.0


def test_network_that_starts_at_zero_is_dead():
    experiment = deep("tanh", 4, Zeros())
    found = diagnose(trained(experiment), experiment)
    assert found.verdict is Verdict.DEAD
    assert found.finding("gradient-flow").places == (1, 2, 3)
    assert "exactly 0" in found.sentence


def test_linear_network_thrown_to_infinity_keeps_the_verdict_exploding():
    experiment = deep("identity", 50, Glorot(gain=1.3), training=slowly(1e-3, 40))
    found = diagnose(trained(experiment), experiment)
    assert found.verdict is Verdict.EXPLODING
    assert found.learning.value == "diverges"
    assert found.finding("erratic-loss").severity.value == "alarm"


def test_run_that_breaks_down_with_a_healthy_gain_is_unstable():
    experiment = deep("relu", 4, He())
    history = trained(experiment)
    broken = Breakdown(step=12, operation="loss")
    ended = msgspec.structs.replace(history, outcome=RunOutcome.NON_FINITE, breakdown=broken)
    found = diagnose(ended, experiment)
    assert found.verdict is Verdict.UNSTABLE
    assert found.learning is Learning.DIVERGES
    assert found.finding("erratic-loss").severity is Severity.ALARM
    assert diagnose(history, experiment).verdict is Verdict.HEALTHY


@pytest.mark.parametrize("is_measured", [True, False])
def test_two_layers_are_judged_by_what_was_measured_of_them(is_measured: bool):
    for initialisation, verdict in ((Glorot(), Verdict.HEALTHY), (FixedGaussian(std=1e-4), Verdict.VANISHING)):
        shallow = deep("sigmoid", 2, initialisation)
        history = trained(shallow) if is_measured else without_input(trained(shallow))
        assert diagnose(history, shallow).verdict is verdict
