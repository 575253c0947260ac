"""The door to the recurrent trainer: runs that may be split, probes, refusals, and where a run broke down."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.recurrent.cases import KINDS, cases, random_case
from vgdesk.kernels.probe import CHUNK
from vgdesk.kernels.recurrent import probe
from vgdesk.kernels.recurrent.assembly import RecurrentAssembly
from vgdesk.kernels.recurrent.breakdown import OPERATIONS, breakdown
from vgdesk.kernels.recurrent.network import RecurrentNetwork
from vgdesk.kernels.recurrent.trainer import RecurrentRows
from vgdesk.kernels.rules import ADAM, Rule

few = settings(max_examples=40, deadline=None)
ARRAYS = [name for name in RecurrentRows.__dataclass_fields__ if name != "finite"]
NETWORK = RecurrentNetwork("rnn", 2, 3, 2, 4, "mse")


def small_case(network=NETWORK, batch=5, seed=0, gain=1.0):
    """Returns a small network with random numbers."""
    return random_case(network, batch, np.random.default_rng(seed), gain)


@given(cases(), st.sampled_from(["float32", "float64"]), st.integers(1, 5))
@few
def test_a_run_may_be_split_anywhere_without_changing_a_bit(case, precision, first):
    rows, rule = np.tile(case.whole, (6, 1)), Rule(code=ADAM, momentum=0.9, memory=0.999, epsilon=1e-8)
    whole, split = (case.trainer(0.01, precision=precision, rule=rule) for _ in range(2))
    together, parts = whole.run(rows), (split.run(rows[:first]), split.run(rows[first:]))
    for name in ARRAYS:
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(getattr(together, name), joined)
    for name, values in whole.parameters().items():
        np.testing.assert_array_equal(values, split.parameters()[name])


@given(cases())
@few
def test_measuring_and_probing_answer_as_the_twin_and_change_nothing(case):
    trainer, twin = case.trainer(), case.twin()
    answers = trainer.measure(case.whole[0]), trainer.probe(case.inputs, case.targets).measure()
    for loss, outputs in answers:
        assert loss == pytest.approx(case.differentiate().loss, rel=1e-12)
        np.testing.assert_allclose(outputs, twin.outputs, rtol=1e-9, atol=1e-9)
    for name, values in case.parameters.items():
        np.testing.assert_array_equal(trainer.parameters()[name], values)


@given(cases())
@few
def test_a_plain_step_goes_down_the_gradient(case):
    trainer = case.trainer(rate=0.1)
    trainer.run(case.whole)
    gradient = case.differentiate().parameters
    for name, values in trainer.parameters().items():
        np.testing.assert_allclose(values, case.parameters[name] - 0.1 * gradient[name], rtol=1e-12, atol=1e-14)


def test_a_probe_of_many_sequences_is_one_of_their_parts():
    case = small_case(batch=2 * CHUNK + 7)
    trainer = small_case().trainer()
    loss, outputs = trainer.probe(case.inputs, case.targets).measure()
    twin = case.twin(small_case().parameters)
    assert loss == pytest.approx(twin.loss, rel=1e-12)
    np.testing.assert_allclose(outputs, twin.outputs, rtol=1e-11)


def test_long_sequences_are_answered_in_parts_that_fit(monkeypatch):
    case = small_case(batch=7)
    probed = small_case().trainer().probe(case.inputs, case.targets)
    assert [len(rows) for rows in probed._chunks] == [7]
    each = sum(array.nbytes for array in probed._assembly.place(9).room) - sum(
        array.nbytes for array in probed._assembly.place(8).room
    )
    monkeypatch.setattr(probe, "ANSWER_BYTES", 3 * each)
    in_parts = small_case().trainer().probe(case.inputs, case.targets)
    assert [len(rows) for rows in in_parts._chunks] == [3, 3, 1]
    assert in_parts.measure()[0] == pytest.approx(probed.measure()[0], rel=1e-12)
    np.testing.assert_allclose(in_parts.measure()[1], probed.measure()[1], rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_only_the_named_examples_are_taken(kind):
    case = small_case(RecurrentNetwork(kind[0], 2, 3, 2, 4, "mse", reset=kind[1], output_steps=2), batch=6)
    rows = np.array([[4, 1], [0, 4]])
    arrays = case.parameters, case.inputs, case.targets
    trainer = type(case.trainer())(case.network, *arrays, rate=0.0, batch=2)
    for chosen, loss in zip(rows, trainer.run(rows).loss, strict=True):
        part = replace(case, inputs=case.inputs[chosen], targets=case.targets[chosen])
        assert loss == pytest.approx(part.twin().loss, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_every_array_of_a_wrong_shape_is_refused_in_a_sentence(kind):
    case = small_case(RecurrentNetwork(kind[0], 2, 3, 2, 4, "mse", reset=kind[1]))
    for name, array in case.parameters.items():
        wrong = replace(case, parameters=case.parameters | {name: array[..., :-1]})
        with pytest.raises(ValueError, match="parameters must have shapes"):
            wrong.trainer()
    for change in (
        {"inputs": case.inputs[:, :-1]},
        {"inputs": case.inputs[..., :1]},
        {"targets": case.targets[:-1]},
        {"targets": case.targets[..., 0]},
    ):
        with pytest.raises(ValueError, match="inputs and targets must have shapes"):
            replace(case, **change).differentiate()


def test_a_missing_and_a_foreign_parameter_are_refused():
    case = small_case()
    without = {name: array for name, array in case.parameters.items() if name != "b"}
    for parameters in (without, case.parameters | {"b_hn": np.zeros(3)}):
        with pytest.raises(ValueError, match="parameters must have shapes"):
            replace(case, parameters=parameters).trainer()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([[0, 1]], "rows must have shape"),
        ([0, 1, 2, 3, 4], "rows must have shape"),
        ([[0, 1, 2, 3, 5]], "rows must name examples 0 to 4"),
        ([[0, 1, 2, 3, -1]], "rows must name examples 0 to 4"),
    ],
)
def test_rows_that_name_no_example_are_refused(rows, sentence):
    with pytest.raises(ValueError, match=sentence):
        small_case().trainer().run(np.array(rows))


def test_rates_for_other_steps_are_refused():
    with pytest.raises(ValueError, match="rates must have shape"):
        small_case().trainer().run(small_case().whole, np.zeros(2))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cell": "elman"}, "none of rnn, lstm, gru"),
        ({"reset": "never"}, "none of rnn, lstm, gru"),
        ({"activation": "prelu"}, "not one of a recurrent network"),
        ({"output_activation": "step"}, "not one of a recurrent network"),
        ({"width": 0}, "do not make a network"),
        ({"output_steps": 5}, "do not make a network"),
        ({"loss": "hinge"}, "loss must be one of"),
        ({"loss": "bce"}, "needs the output sigmoid"),
    ],
)
def test_a_network_whose_parts_do_not_fit_is_refused(change, sentence):
    case = small_case()
    with pytest.raises(ValueError, match=sentence):
        replace(case, network=replace(NETWORK, **change)).trainer()


def test_an_empty_run_records_nothing():
    rows = small_case().trainer().run(np.zeros((0, 5), int))
    assert (rows.loss.shape, rows.log10_state_norm.shape, rows.finite) == ((0,), (0, 4), True)


def broken(kind="rnn", **change):
    """Runs a step at numbers too large for something, and returns where it broke down."""
    network = RecurrentNetwork(kind, 2, 3, 2, 4, "mse", activation="identity")
    case = small_case(network)
    changed = {name: case.parameters[name] * factor for name, factor in change.items() if name in case.parameters}
    given = {name: getattr(case, name) * factor for name, factor in change.items() if name in ("inputs", "targets")}
    trainer = replace(case, parameters=case.parameters | changed, **given).trainer()
    rows = trainer.run(case.whole)
    assert not rows.finite
    return trainer.breakdown()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"W_ih": 1e308, "inputs": 1e10}, (1, "preactivation")),
        ({"W_hh": 1e200}, (3, "preactivation")),
        ({"targets": 1e200}, (4, "loss")),
        ({"W_out": 1e200}, (4, "loss")),
    ],
)
def test_a_breakdown_names_its_time_step_and_operation(change, found):
    assert broken(**change) == found


def test_an_activation_may_break_down_where_its_argument_does_not():
    case = small_case(replace(NETWORK, activation="selu", steps=1), batch=1)
    parameters = case.parameters | {"b": np.full(3, 1.75e308)}  # selu multiplies by 1.05
    trainer = replace(case, parameters=parameters, inputs=0 * case.inputs).trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (1, "activation")


@pytest.mark.parametrize(
    ("kind", "reset", "gates", "found"),
    [("rnn", "after", 1, 2), ("lstm", "after", 4, 2), ("gru", "after", 3, 2), ("gru", "before", 3, 3)],
)
def test_the_way_back_may_break_down_where_the_way_forward_does_not(kind, reset, gates, found):
    case = small_case(RecurrentNetwork(kind, 2, 40, 2, 4, "mse", activation="identity", reset=reset))
    # h stays 0, so W_hh shows itself only on the way back: it leaves float64 after a product or two
    changed = {name: 0 * case.parameters[name] for name in ("b", "b_hn") if name in case.parameters}
    changed["W_hh"] = np.full((gates * 40, 40), 1.5e308)
    trainer = replace(case, parameters=case.parameters | changed, inputs=0 * case.inputs).trainer()
    rows = trainer.run(case.whole)
    assert not rows.finite
    assert np.isfinite(rows.loss[0])
    assert trainer.breakdown() == (found, "backward")


@pytest.mark.parametrize("reset", ["after", "before"])
@pytest.mark.parametrize("gate", ["main", "candidate"])
def test_a_cells_argument_may_be_infinite_where_all_its_gates_are_finite(reset, gate):
    network = RecurrentNetwork("gru", 2, 3, 2, 4, "mse", reset=reset)
    case = small_case(network)
    W_ih, inputs = case.parameters["W_ih"].copy(), case.inputs.copy()
    W_ih[0 if gate == "main" else -1] = 1e200
    inputs[:, 2] = 1e200  # of the third time step
    trainer = replace(case, parameters=case.parameters | {"W_ih": W_ih}, inputs=inputs).trainer()
    assert not trainer.run(case.whole).finite
    assert trainer.breakdown() == (3, "preactivation")


def test_an_input_that_is_no_number_breaks_down_at_its_time_step():
    case = small_case(RecurrentNetwork("lstm", 2, 3, 2, 4, "mse"))
    inputs = case.inputs.copy()
    inputs[1, 2] = np.nan
    trainer = replace(case, inputs=inputs).trainer()
    rows = trainer.run(np.tile(case.whole, (3, 1)))
    assert (len(rows.loss), rows.finite) == (1, False)
    assert np.isnan(rows.loss[0])
    assert trainer.breakdown() == (3, OPERATIONS[0])
    for name, values in case.parameters.items():  # the step that broke down changed nothing
        np.testing.assert_array_equal(trainer.parameters()[name], values)


@given(st.sampled_from([1.0, 1e3, 1e100, 1e300]), st.integers(1, 30), st.integers(0, 2**20))
@few
def test_a_cell_cannot_break_down_for_it_grows_by_one_per_time_step_at_most(size, steps, seed):
    case = small_case(RecurrentNetwork("lstm", 2, 3, 2, steps, "mse"), seed=seed)
    parameters = case.parameters | {"W_ih": size * case.parameters["W_ih"]}
    assembly = RecurrentAssembly(case.network, parameters, "float64")
    place = assembly.place(len(case.inputs))
    assembly.run(place, assembly.converted(case.inputs), assembly.converted(case.targets), case.whole)
    cells = np.abs(place.room.c.reshape(steps + 1, -1)).max(axis=1)
    assert np.all(cells <= np.arange(steps + 1))


@pytest.mark.parametrize(
    ("block", "value", "found"), [(0, np.inf, (4, "gradient")), (-1, np.nan, (4, "gradient")), (0, 1e300, None)]
)
def test_a_gradient_of_weights_that_is_not_finite_is_named_after_everything_else(block, value, found):
    case = small_case()
    assembly = RecurrentAssembly(case.network, case.parameters, "float64")
    place = assembly.place(len(case.inputs))
    arrays = assembly.converted(case.inputs), assembly.converted(case.targets)
    loss = assembly.run(place, *arrays, case.whole).record.loss[0]
    # no number of a step leads here: products that leave the range are made again, from scaled factors
    assembly.trained.square[block] = value
    assert breakdown(assembly, place, loss) == found


def test_a_finite_run_has_no_breakdown():
    trainer = small_case().trainer()
    trainer.run(small_case().whole)
    assert trainer.breakdown() is None


@given(cases(), st.sampled_from(["float32", "float64"]))
@few
def test_deltas_that_take_the_place_of_slopes_give_the_gradient_of_those_that_are_kept(case, precision):
    found = []
    for keeps_deltas in (False, True):
        assembly = RecurrentAssembly(case.network, case.parameters, precision)
        place = assembly.place(len(case.inputs), keeps_deltas)
        arrays = assembly.converted(case.inputs), assembly.converted(case.targets)
        outcome = assembly.run(place, *arrays, case.whole)
        norms = (getattr(outcome.record, name) for name in ("weight_norm", "state_norm", "delta_norm"))
        found.append([assembly.trained.gradient, *norms])
    for shared, kept in zip(*found, strict=True):
        np.testing.assert_array_equal(shared, kept)
