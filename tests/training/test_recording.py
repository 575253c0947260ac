"""What a run records: every quantity of every kind of network, within its memory, also when it breaks down."""

import msgspec
import numpy as np
import pytest

from tests.builders import network_experiment, reader
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.records.places import places_of, signal_places
from vgdesk.records.recorded import row_bytes
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import QUANTITIES, EveryNth, Histogram, LogSpaced, Recording, What, When
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import AddingProblem, CopyMemory
from vgdesk.spec.training import Sgd, Training
from vgdesk.training.loop import Trainer

TASK = AddingProblem(length=6, count=12)
CELLS = {
    "rnn": VanillaCell(),
    "relu": VanillaCell(activation="relu"),
    "lstm": Lstm(),
    "gru": Gru(),
    "gru-before": Gru(reset="before"),
}
KINDS = ("feed-forward", *CELLS)
HISTOGRAM = Histogram(bins=10, low=-2.0, high=2.0)


def everything(experiment: Experiment) -> tuple[str, ...]:
    """Returns the names of all quantities that exist for a network."""
    kind = "feed-forward" if isinstance(experiment.network, FeedForward) else experiment.network.cell_kind
    return tuple(name for name, quantity in QUANTITIES.items() if kind in quantity.networks)


def recording_all(kind: str, steps: int = 12, when: When | None = None, rate: float = 0.1, **fields) -> Experiment:
    """Returns an experiment that records all there is; the kind is "feed-forward" or one of `CELLS`."""
    training = Training(optimiser=Sgd(learning_rate=rate), steps=steps, **fields)
    if kind == "feed-forward":
        inputs, targets = [[1.0, -0.5], [0.3, 0.8]], [[0.4], [0.6]]
        experiment = network_experiment([2, 5, 3, 1], ["tanh", "relu", "identity"], inputs, targets, training=training)
    else:
        experiment = reader(TASK, CELLS[kind], training=training)
    what = What(quantities=everything(experiment), histogram=HISTOGRAM)
    return msgspec.structs.replace(experiment, recording=Recording(what=what, when=when or EveryNth()))


def history_of(experiment: Experiment) -> GradientHistory:
    """Returns the whole run."""
    return Trainer(experiment).advance(experiment.training.steps)


def array_bytes(history: GradientHistory) -> int:
    """Returns what the arrays of a record take."""
    columns = [getattr(history, name) for name in ("step_numbers", *STEP_COLUMNS)]
    histograms = [] if history.histograms is None else [history.histograms]
    return sum(array.nbytes for array in (*columns, *history.quantities.values(), *histograms))


@pytest.mark.parametrize("kind", KINDS)
def test_every_quantity_that_exists_is_recorded_at_every_place(kind: str):
    experiment = recording_all(kind)
    history = history_of(experiment)
    assert tuple(history.quantities) == everything(experiment)
    for name, values in history.quantities.items():
        assert values.shape == (12, places_of(name, experiment.network)[1]), name
        assert not np.isnan(values).any(), name


@pytest.mark.parametrize("kind", KINDS)
def test_shares_are_shares_and_histograms_hold_every_unit_once(kind: str):
    experiment = recording_all(kind)
    history = history_of(experiment)
    for name, values in history.quantities.items():
        if QUANTITIES[name].scale == "share":
            assert ((values >= 0) & (values <= 1)).all(), name
    assert history.histograms is not None
    assert history.histograms.shape == (12, signal_places(experiment.network)[1], HISTOGRAM.bins + 2)
    np.testing.assert_allclose(history.histograms.sum(axis=2), 1.0, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("when", [EveryNth(n=5), LogSpaced(per_decade=3)], ids=["every", "log-spaced"])
def test_a_thinned_record_measures_the_due_steps_as_a_full_one_does(kind: str, when: When):
    whole, thinned = (history_of(recording_all(kind, 33, rule)) for rule in (EveryNth(), when))
    due = [step for step in range(33) if when.is_due(step) or step == 32]
    assert thinned.step_numbers.tolist() == due
    for name, values in thinned.quantities.items():
        np.testing.assert_array_equal(values, whole.quantities[name][due], err_msg=name)
    assert whole.histograms is not None
    np.testing.assert_array_equal(thinned.histograms, whole.histograms[due])


@pytest.mark.parametrize("kind", ["feed-forward", "lstm"])
def test_a_run_that_is_over_records_nothing_more(kind: str):
    trainer = Trainer(recording_all(kind, 7, EveryNth(n=4)))
    assert trainer.advance(100).step_numbers.tolist() == [0, 4, 6]
    after = trainer.advance(5)
    assert (after.rows, after.outcome) == (0, RunOutcome.COMPLETED)


@pytest.mark.parametrize("kind", KINDS)
def test_looking_closely_does_not_change_the_run(kind: str):
    watched = recording_all(kind, precision="float32")
    unwatched = msgspec.structs.replace(watched, recording=Recording())
    one, other = history_of(watched), history_of(unwatched)
    np.testing.assert_array_equal(one.loss, other.loss)
    np.testing.assert_array_equal(one.log10_norm("delta"), other.log10_norm("delta"))


@pytest.mark.parametrize("kind", KINDS)
def test_changes_and_updates_of_the_weights_agree(kind: str):
    history = history_of(recording_all(kind))
    change, update = history.values("weight-change"), history.values("update")
    assert np.isneginf(change[0]).all()
    np.testing.assert_allclose(change[1], update[0], rtol=1e-9)  # after one step the change is the update
    # plain descent: the update is the learning rate times the gradient
    np.testing.assert_allclose(update, history.log10_norm("weight") - 1, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", ["feed-forward", "rnn", "relu", "lstm", "gru"])
def test_a_run_whose_loss_breaks_down_says_so_in_a_sentence_without_a_place(kind: str):
    history = history_of(recording_all(kind, steps=60, rate=1e9))
    assert history.outcome is RunOutcome.NON_FINITE
    assert history.breakdown is not None
    assert history.breakdown.step == history.steps_made - 1 == history.step_numbers[-1]
    step = history.breakdown.step
    assert history.breakdown.sentence == f"the loss is not finite for the first time at step {step}"


@pytest.mark.parametrize("kind", ["feed-forward", "rnn", "relu", "lstm", "gru"])
def test_what_a_broken_step_never_computed_is_no_number(kind: str):
    history = history_of(recording_all(kind, steps=60, rate=1e9))
    for name in ("weight", "delta", "state", "lag", "float32-lost"):
        if history.has(name):
            assert np.isnan(history.values(name)[-1]).all(), name
            assert not np.isnan(history.values(name)[:-1]).any(), name


def test_all_there_is_of_ten_thousand_steps_of_a_hundred_layers_stays_below_two_hundred_megabytes():
    steps, layers = 10_000, 100
    experiment = network_experiment(
        [1] * (layers + 1),
        ["tanh"] * layers,
        [[0.5]],
        [[0.1]],
        training=Training(optimiser=Sgd(learning_rate=0.01), steps=steps),
    )
    what = What(quantities=everything(experiment))
    experiment = msgspec.structs.replace(experiment, recording=Recording(what=what))
    short = msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, steps=200))
    taken = array_bytes(history_of(short)) * steps / 200
    assert taken < 200e6
    # what is announced before a run is what it takes, but for `clipped`, which has a byte instead of eight
    assert taken == pytest.approx(steps * row_bytes(experiment.recording.what, experiment.network) - 7 * steps)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_the_memory_of_a_recurrent_record_is_as_announced(kind: str):
    experiment = recording_all(kind, steps=20)
    announced = 20 * (row_bytes(experiment.recording.what, experiment.network) - 7)
    assert array_bytes(history_of(experiment)) == announced


def test_a_lstm_has_a_gradient_at_the_earliest_of_200_time_steps_and_learns_a_little():
    training = Training(optimiser=Sgd(learning_rate=0.1), steps=60, batch_size=20)
    experiment = reader(AddingProblem(length=200, count=100), Lstm(), width=8, training=training)
    history = history_of(experiment)
    assert history.outcome is RunOutcome.COMPLETED
    assert np.isfinite(history.log10_norm("state")[:, 0]).all()
    assert history.loss[-10:].mean() < history.loss[0]


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_float32_and_float64_tell_the_same_of_a_first_step_over_200_time_steps(precision: str):
    training = Training(optimiser=Sgd(learning_rate=0.1), steps=1, precision=precision)
    experiment = reader(AddingProblem(length=200, count=10), Lstm(forget_bias=0.0), training=training)
    exact = msgspec.structs.replace(experiment, training=msgspec.structs.replace(training, precision="float64"))
    ours, theirs = (history_of(one).log10_norm("state")[0] for one in (experiment, exact))
    np.testing.assert_allclose(10 ** (ours - theirs), 1.0, atol=1e-5)


def test_an_output_at_several_time_steps_is_recorded_at_all_of_them():
    task = CopyMemory(symbols=3, delay=2, length=2, count=9)
    experiment = reader(task, Gru(), "softmax-cross-entropy", training=Training(steps=3))
    history = history_of(experiment)
    assert history.log10_norm("state").shape == (3, 6)
    assert np.isfinite(history.log10_norm("state")).all()
