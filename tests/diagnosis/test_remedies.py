"""Each remedy is a pure change of the spec, says what it changes, and does to a gradient what its word says."""

import msgspec
import pytest

from tests.builders import network_experiment, reader
from tests.diagnosis.networks import deep, slowly, through_time, trained
from vgdesk.diagnosis.diagnose import diagnose
from vgdesk.diagnosis.remedies.catalogue import REMEDIES, applicable, apply_remedies, offer, offers
from vgdesk.diagnosis.remedies.training_rules import SMALLER
from vgdesk.errors import SpecError
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.finding import Verdict
from vgdesk.records.remedy import Helps, Offer
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.initialisation import Glorot, He
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.recurrent import Lstm, VanillaCell
from vgdesk.spec.sequences import AddingProblem

SICK = deep("sigmoid", 20, Glorot(), width=32)


def gain(experiment) -> float:
    return diagnose(trained(experiment), experiment).log10_gain


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_remedy_says_what_it_changes_or_why_it_does_not_apply(name: str):
    for found in offers(example(name)):
        assert (found.experiment is None) == bool(found.reason)
        assert (found.experiment is not None) == bool(found.difference)


@pytest.mark.parametrize("name", ["digits-sigmoid-20", "insurance", "adding-lstm-200", "xor"])
def test_cured_experiment_keeps_seed_data_and_survives_its_file(name: str):
    sick = example(name)
    for found in applicable(sick):
        cured = found.experiment
        assert cured is not None
        assert cured.seed == sick.seed
        assert found.name == "input-scaling" or cured.task == sick.task
        assert experiment_from_json(experiment_to_json(cured)) == cured


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_inputs_of_any_size_are_scaled(size: float):
    listed = network_experiment([1, 1], ["tanh"], [[size], [2 * size], [3 * size]], [[0.0]] * 3)
    scaled = offer(listed, "input-scaling").experiment
    assert scaled is not None
    assert scaled.task.inputs[2][0] == pytest.approx(1.5**0.5)


def test_remedy_applied_twice_does_not_apply():
    for found in applicable(SICK):
        assert found.experiment is not None
        if found.name not in ("faster-hardware", "dropout", *SMALLER):
            assert offer(found.experiment, found.name).experiment is None, found.name


@pytest.mark.parametrize("name", ["tanh", "relu", "selu", "batch-norm", "residual", "highway", "batch-norm+residual"])
def test_what_helps_lifts_the_gain_of_deep_sigmoids_by_nine_decades(name: str):
    cured = apply_remedies(SICK, name)
    assert gain(cured) > gain(SICK) + 9
    assert diagnose(trained(cured), cured).verdict is Verdict.HEALTHY


@pytest.mark.parametrize("name", ["clipping", "adam", "rmsprop", "faster-hardware", "l2", *SMALLER])
def test_what_does_not_touch_the_gradient_leaves_the_verdict(name: str):
    tried = apply_remedies(SICK, name)
    before = diagnose(trained(SICK), SICK).verdict
    assert REMEDIES[name].helps in (Helps.NO, Helps.MASKS, Helps.WORSE)
    assert diagnose(trained(tried), tried).verdict is before is Verdict.VANISHING


@pytest.mark.parametrize(
    ("sick", "names", "is_said"),
    [
        (SICK, "he", True),
        (SICK, "tanh+batch-norm", False),
        (deep("relu", 20, Glorot()), "he", False),
        (through_time(Lstm(forget_bias=0.0)), "he", False),
        (through_time(VanillaCell("sigmoid")), "he", True),
        (through_time(VanillaCell("sigmoid")), "lecun+lstm", False),
    ],
)
def test_what_a_start_cannot_do_for_sigmoids_is_said_of_networks_with_sigmoids(sick, names: str, is_said: bool):
    assert ("a sigmoid has no good initialisation" in offer(sick, names).sentence) is is_said


def test_very_small_weights_make_it_worse():
    assert gain(apply_remedies(SICK, "small-weights")) < gain(SICK) - 10


def test_layer_norm_leaves_deep_sigmoids_vanishing():
    tried = apply_remedies(SICK, "layer-norm")
    assert diagnose(trained(tried), tried).verdict is Verdict.VANISHING


def test_deep_relu_with_batch_norm_explodes_at_the_start_and_skips_do_not_hurt():
    healthy = deep("relu", 50, He())
    tried = apply_remedies(healthy, "batch-norm")
    assert diagnose(trained(tried), tried).verdict is Verdict.EXPLODING


def test_unmatched_start_lets_relu_lose_orders_and_the_matching_one_does_not():
    unmatched = deep("relu", 30, Glorot())
    assert gain(apply_remedies(unmatched, "he")) > gain(unmatched) + 3


def test_forget_bias_keeps_a_hundred_time_steps():
    sick = through_time(Lstm(forget_bias=0.0))
    assert gain(apply_remedies(sick, "forget-bias")) > gain(sick) + 9


def test_irnn_keeps_the_gradient_of_a_shrinking_rnn():
    sick = through_time(VanillaCell(), 0.8)
    assert gain(apply_remedies(sick, "irnn")) > gain(sick) + 9


@pytest.mark.parametrize("name", ["lstm", "gru", "orthogonal-recurrent"])
def test_path_through_time_wins_decades_over_a_plain_rnn_and_alone_does_not_cure_it(name: str):
    sick = through_time(VanillaCell())
    tried = apply_remedies(sick, name)
    assert gain(tried) > gain(sick) + 20
    assert diagnose(trained(tried), tried).verdict is Verdict.VANISHING


def test_lstm_with_an_open_forget_gate_is_healthy_where_the_rnn_vanished():
    cured = apply_remedies(apply_remedies(through_time(VanillaCell()), "lstm"), "forget-bias")
    assert diagnose(trained(cured), cured).verdict is Verdict.HEALTHY


def test_very_small_weights_make_it_worse_through_time_too():
    sick = through_time(VanillaCell(), 0.8)
    assert gain(apply_remedies(sick, "small-weights")) < gain(sick) - 50


@pytest.mark.parametrize("name", ["clipping", "adam", "rmsprop", "l2", *SMALLER])
def test_what_does_not_touch_the_gradient_leaves_it_through_time(name: str):
    sick = through_time(VanillaCell(), 0.8)
    tried = apply_remedies(sick, name)
    assert gain(tried) < gain(sick) + 1
    assert diagnose(trained(tried), tried).verdict is Verdict.VANISHING


def test_clipping_leaves_an_exploding_gradient_and_bounds_its_update():
    wild = deep("identity", 50, Glorot(gain=1.3), training=slowly(1e-12))
    tried = apply_remedies(wild, "clipping")
    history = trained(tried)
    assert diagnose(history, tried).verdict is Verdict.EXPLODING
    assert history.log10_total_norm[0] > 2
    assert history.log10_clipped_norm[0] == pytest.approx(0.0, abs=1e-6)


def test_remedy_for_layers_is_refused_through_time_in_one_sentence():
    sick = reader(AddingProblem(length=20, count=50))
    with pytest.raises(SpecError, match=r"batch-norm does not apply: .* recurrent network"):
        apply_remedies(sick, "batch-norm")


def test_combination_is_applied_in_one_order_and_refuses_a_contradiction():
    one, other = (apply_remedies(SICK, names) for names in ("residual+batch-norm", "batch-norm + residual"))
    assert one == other
    with pytest.raises(SpecError, match="tanh and relu cannot be combined: both set the activation"):
        apply_remedies(SICK, "relu+tanh")
    with pytest.raises(SpecError, match="remedy must be one of tanh, relu"):
        apply_remedies(SICK, "prayer")


def test_start_named_beside_an_activation_replaces_its_matching_one():
    assert apply_remedies(SICK, "xavier+relu").initialisation == Glorot()
    assert apply_remedies(SICK, "relu").initialisation == He()


def test_scaled_inputs_have_mean_zero_and_deviation_one():
    raw = network_experiment([2, 3, 1], ["tanh", "tanh"], [[1.0, 5.0], [3.0, 5.0]], [[0.0], [1.0]])
    assert apply_remedies(raw, "input-scaling").task.inputs == ((-1.0, 0.0), (1.0, 0.0))


def test_offer_crosses_a_process_border_and_speaks_honestly():
    found = offer(SICK, "clipping")
    assert from_bytes(to_bytes(found), Offer) == found
    assert found.sentence.startswith("does not help vanishing: clipping bounds from above")


def test_skips_are_refused_where_no_layer_is_as_wide_as_the_one_below():
    narrowing = network_experiment([4, 3, 2, 1], ["tanh"] * 3, [[0.0] * 4], [[1.0]])
    assert "as wide as" in offer(narrowing, "residual").reason


def test_remedies_do_not_change_the_experiment_they_are_given():
    before = msgspec.json.encode(SICK)
    offers(SICK)
    slowed = msgspec.structs.replace(SICK, training=slowly(1e-3, 5))
    apply_remedies(slowed, "faster-hardware")
    assert msgspec.json.encode(SICK) == before
    assert slowed.training.steps == 5


def test_learning_rate_that_was_too_high_is_cured_by_a_much_smaller_one():
    wild = deep("tanh", 20, Glorot(), width=16, training=slowly(5.0, 300))
    tamed = apply_remedies(wild, "much-smaller-learning-rate")
    assert tamed.training.optimiser.learning_rate == 0.05
    assert diagnose(trained(wild), wild).verdict is Verdict.VANISHING
    assert diagnose(trained(tamed), tamed).verdict is Verdict.HEALTHY


def test_rate_of_nothing_cannot_be_made_smaller():
    assert "0 already" in offer(deep("tanh", 3, Glorot(), training=slowly(0.0)), "smaller-learning-rate").reason


def test_a_remedy_of_steep_units_is_not_told_as_one_of_sigmoids():
    steep = offer(deep("formula: 1500*z", 3, Glorot()), "tanh")
    assert steep.experiment is not None
    assert "slope at 0 is 1" in steep.sentence
    assert "quarter" not in steep.sentence
