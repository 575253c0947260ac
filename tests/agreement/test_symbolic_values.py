"""The symbolic route against published and independently computed numbers."""

import json
from pathlib import Path

import pytest

from tests.builders import chain
from vgdesk.spec.library import example
from vgdesk.study.derive import derive
from vgdesk.symbolic.activations import ACTIVATION, apply
from vgdesk.symbolic.evaluate import evaluate_lines
from vgdesk.symbolic.network import named
from vgdesk.symbolic.reverse import reverse_mode

VALUES = {e["name"]: e for e in json.loads((Path(__file__).parent / "data" / "values.json").read_text())}
CHAINS = ["chain.sigmoid.w1", "chain.sigmoid.w4", "chain.sigmoid.w100", "chain.tanh.w1", "chain.tanh.w2"]
OUTPUTS = [*CHAINS, "chain.swish.mixed", "chain.gelu.mixed"]
CALLED_HERE = {"swish": "silu"}


def _chain(name):
    inputs = VALUES[f"{name}.output"]["inputs"]
    weights, biases = [float(w) for w in inputs["w"]], [float(b) for b in inputs["b"]]
    activation = CALLED_HERE.get(inputs["act"], inputs["act"])
    return chain(weights, biases, float(inputs["x"]), float(inputs["target"]), activation)


@pytest.mark.parametrize("name", CHAINS)
def test_chain_gradients_equal_the_closed_forms(name):
    experiment = _chain(name)
    # 1e-14: decimal inputs such as 0.1 are rounded to float64 once, the reference has them exactly
    for letter in "wb":
        expected = VALUES[f"{name}.dL_d{letter}"]["value"]
        assert [derive(experiment, f"{letter}{k}").value for k in range(1, 6)] == pytest.approx(
            expected, rel=1e-14, abs=0
        )


@pytest.mark.parametrize("name", OUTPUTS)
def test_chain_outputs_equal_the_closed_forms(name):
    state = derive(_chain(name), "w1").state
    assert state is not None
    assert state.activations[-1][0] == pytest.approx(VALUES[f"{name}.output"]["value"], rel=1e-14, abs=0)


@pytest.mark.parametrize("depth", [1, 2, 3, 5, 10, 20, 50])
def test_sigmoid_chain_at_zero_reaches_the_bound(depth):
    # biases -1/2 put every z_k (k > 1) at w h + b = 0, where the slope is its maximum 1/4; w = 1
    experiment = chain([1.0] * depth, [0.0] + [-0.5] * (depth - 1), 0.0, 0.0, "sigmoid")
    derivation = derive(experiment, "b1")
    slopes = derivation.value / derivation.factors[0].value
    assert slopes == pytest.approx(VALUES[f"chain.sigmoid.bound.L{depth}"]["value"], rel=1e-13, abs=0)


def test_mazur_gradients_and_update_are_reproduced():
    experiment = example("mazur")
    gradients = [derive(experiment, f"w{k}").value for k in range(1, 9)]
    expected = VALUES["mazur.dE_dw1..w4"]["value"] + VALUES["mazur.dE_dw5..w8"]["value"]
    assert gradients == pytest.approx(expected, rel=1e-13, abs=0)
    updated = [w - 0.5 * g for w, g in zip([0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55], gradients, strict=True)]
    assert updated == pytest.approx(VALUES["mazur.w_plus"]["value"], rel=1e-14, abs=0)


def test_mazur_loss_is_reproduced():
    state = derive(example("mazur"), "w1").state
    assert state is not None
    assert state.loss == pytest.approx(VALUES["mazur.E0"]["value"], rel=1e-14, abs=0)


def test_micrograd_readme_expression_is_reproduced():
    a, b, c0, c1, c2, d0, d1, d2, e, f, g = map(named, ["a", "b", "c0", "c1", "c2", "d0", "d1", "d2", "e", "f", "g"])
    lines = [
        (c0, a + b),
        (d0, a * b + b**3),
        (c1, c0 + c0 + 1),
        (c2, c1 + 1 + c1 - a),
        (d1, d0 + d0 * 2 + _relu(b + a)),
        (d2, d1 + 3 * d1 + _relu(b - a)),
        (e, c2 - d2),
        (f, e**2),
        (g, f / 2 + 10 / f),
    ]
    adjoints = reverse_mode(lines, g, lambda symbol: named(f"bar_{symbol}"))
    values = evaluate_lines([*lines, *adjoints], {"a": -4.0, "b": 2.0})
    got = [float(values[name]) for name in ("g", "bar_a", "bar_b")]
    assert got == pytest.approx(VALUES["micrograd.readme"]["value"], rel=1e-14, abs=0)


def _relu(argument):
    return apply(ACTIVATION["relu"], argument)
