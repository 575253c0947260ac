"""The symbolic route against the groups `act`, `rnn` and `lstm` of the reference numbers, computed to 25 to 40 digits.

Networks are unfolded further than a derivation is told (100 and 1000 steps): the lines are the same. What the numbers
of `chain`, `mazur`, `micrograd` and `hochreiter` are compared with stands in `test_symbolic_values.py`.
"""

import json
from functools import cache
from pathlib import Path

import mpmath
import pytest

from tests.agreement.test_activations import exact
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Cell, Lstm, Recurrent, VanillaCell
from vgdesk.spec.sequences import SequenceExamples
from vgdesk.symbolic.evaluate import DIGITS, Values, evaluate_lines
from vgdesk.symbolic.intermediates import Unfolded
from vgdesk.symbolic.unrolled import unfold_steps

FOLDER = Path(__file__).parent / "data"
ACT = json.loads((FOLDER / "activations.json").read_text())
VALUES = {entry["name"]: entry for entry in json.loads((FOLDER / "recurrent.json").read_text())["values"]}
FIXED_POINT = 0.9575040240772688
"""`rnn.tanh.w2.fixedpoint`: h = tanh(2 h)."""


def named(start):
    return [name for name in VALUES if name.startswith(start)]


@cache
def unfolded(cell: Cell, steps: int) -> Unfolded:
    """Returns the lines of a network of one unit that is read once, at the end."""
    task = SequenceExamples(inputs=(((0.0,),) * steps,), targets=(((0.0,),),))
    network = Recurrent(inputs=1, steps=steps, width=1, outputs=1, cell=cell)
    return unfold_steps(Experiment(name="test", title="test", network=network, task=task, loss="half-mse-sum"))


def evaluated(cell: Cell, steps: int, numbers: dict[str, object]) -> Values:
    """Returns the numbers of both passes, from decimal fractions with all digits; what is not given is 0."""
    lines = unfolded(cell, steps)
    symbols = {str(symbol) for _, line in lines.forward for symbol in line.free_symbols}
    names = {*symbols, *lines.learned} - {str(target) for target, _ in lines.forward}
    with mpmath.workdps(DIGITS):
        given = {name: mpmath.mpf(numbers.get(name, 0)) for name in names}
        return evaluate_lines([*lines.forward, *lines.backward], given)


@pytest.mark.parametrize(
    ("name", "activation", "z"),
    [
        ("sigmoid", "sigmoid", lambda: -mpmath.log(2 + mpmath.sqrt(3))),
        ("tanh", "tanh", lambda: -mpmath.atanh(1 / mpmath.sqrt(3))),
    ],
)
def test_the_steepest_slope_of_a_slope_is_the_closed_form(name, activation, z):
    assert abs(float(exact(activation, z(), 2))) == pytest.approx(ACT[f"act.{name}.d2max"]["value"], rel=1e-15)


def test_selu_with_its_constants_keeps_mean_0_and_variance_1():
    mean, square = (normal_mean(lambda z, n=n: exact("selu", z) ** n) for n in (1, 2))
    assert abs(mean) < 1e-14  # the published constants have 30 digits, the quadrature 15
    assert float(square - mean**2) == pytest.approx(ACT["act.selu.fixedpoint.var"]["value"], rel=1e-14)


def test_selu_makes_gradients_grow_at_its_fixed_point_as_computed():
    found = normal_mean(lambda z: exact("selu", z, 1) ** 2)
    assert float(found) == pytest.approx(ACT["act.selu.chi_at_q1"]["value"], rel=1e-13)


def test_the_variance_of_selu_returns_to_its_fixed_point_at_the_computed_rate():
    # E[phi^2] at z = sqrt(q) g, differentiated by q at q = 1
    found = normal_mean(lambda z: exact("selu", z) * exact("selu", z, 1) * z)
    assert float(found) == pytest.approx(ACT["act.selu.chi_q_at_q1"]["value"], rel=1e-13)


def normal_mean(function):
    """Returns the mean over a standard normal number, each side of the kink at 0 by itself."""
    with mpmath.workdps(20):
        weighted = lambda z: function(z) * mpmath.npdf(z)  # noqa: E731
        return mpmath.quad(weighted, [-12, -4, 0]) + mpmath.quad(weighted, [mpmath.mpf(10) ** -18, 4, 12])


@pytest.mark.parametrize("name", named("rnn.linear"))
def test_gradient_of_a_linear_unit_is_the_power_of_its_weight(name):
    given = VALUES[name]["inputs"]
    numbers = {"u1": given["w"], "v1": "1", f"t_{given['T']}_1": "-1"}  # dL/dh_T = 1
    values = evaluated(VanillaCell("identity"), given["T"], numbers)
    with mpmath.workdps(DIGITS):
        arriving = values["dL_h_1_1"] * mpmath.mpf(given["w"])
    assert float(arriving) == pytest.approx(VALUES[name]["value"], rel=1e-15)


def test_states_of_a_tanh_unit_are_exact():
    given = VALUES["rnn.tanh.scalar.h_t"]["inputs"]
    x = given["x"]
    numbers = {"u1": str(given["w"]), "w1": str(given["u"]), "b1": str(given["b"])}
    # h_0 = 0.3 enters as what it adds to the first sum: w h_0 / u
    first = mpmath.mpf(str(given["w"])) * mpmath.mpf(str(given["h0"])) / mpmath.mpf(str(given["u"]))
    numbers |= {f"x_{t}_1": mpmath.mpf(value) + (first if t == 1 else 0) for t, value in enumerate(x, 1)}
    values = evaluated(VanillaCell("tanh"), len(x), numbers)
    found = [float(values[f"h_{t}_1"]) for t in range(1, len(x) + 1)]
    assert found == pytest.approx(VALUES["rnn.tanh.scalar.h_t"]["value"], rel=1e-15)


def test_tanh_unit_with_weight_2_rests_at_the_fixed_point():
    values = evaluated(VanillaCell("tanh"), 60, {"u1": "2", "w1": "1", "x_1_1": "1"})
    assert float(values["h_60_1"]) == pytest.approx(FIXED_POINT, rel=1e-15)


def lstm(forget_bias: object, steps: int):
    """Evaluates an LSTM whose gates are moved by their biases alone, in the order i, f, g, o."""
    return evaluated(Lstm(), steps, {"b1": "0.3", "b2": str(forget_bias), "b3": "0.7", "v1": "1"})


@pytest.mark.parametrize("name", named("lstm.forget"))
def test_forget_gate_without_weights_is_the_sigmoid_of_its_bias(name):
    values = lstm(VALUES[name]["inputs"]["b_f"], 2)
    assert float(values["f_2_1"]) == pytest.approx(VALUES[name]["value"], rel=1e-15)


@pytest.mark.parametrize("name", named("lstm.cellgrad"))
def test_gradient_of_the_cell_is_the_power_of_the_forget_gate(name):
    given = VALUES[name]["inputs"]
    values = lstm(given["b_f"], given["T"] + 1)
    # of the last cell's own gradient, the first cell gets what T forget gates leave; only h_T is read
    found = values["dL_c_1_1"] / values[f"dL_c_{given['T'] + 1}_1"]
    assert float(found) == pytest.approx(VALUES[name]["value"], rel=1e-14)
