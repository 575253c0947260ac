"""The bound (max|phi'| |w|)^L of a chain, against dense grids, published values and the formats' own limits."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import chain
from tests.reference.activations import ACTIVATIONS as TWINS
from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.study.derivation_views import bound
from vgdesk.study.derive import derive

DATA = Path(__file__).parents[1] / "agreement" / "data" / "values.json"
VALUES = {entry["name"]: entry["value"] for entry in json.loads(DATA.read_text())}
PUBLISHED = {
    "sigmoid": "act.sigmoid.dmax",
    "tanh": "act.tanh.dmax",
    "softplus": "act.softplus.dsup",
    "silu": "act.swish.dmax",
    "gelu": "act.gelu.dmax",
    "gelu-tanh": "act.gelu_tanh.dmax",
    "mish": "act.mish.dmax",
    "erf": "act.erf.dmax",
    "selu": "act.selu.dsup",
}


@pytest.mark.parametrize(("activation", "name"), PUBLISHED.items())
def test_largest_slope_is_the_published_one(activation, name):
    assert bound(activation, 1.0, 1).largest_slope == pytest.approx(VALUES[name], rel=1e-15)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "prelu"])
def test_no_slope_on_a_dense_grid_is_larger_and_one_comes_near(activation):
    grid = np.linspace(-40.0, 40.0, 800_001)
    steepest = np.abs(TWINS[activation][1](grid)).max()
    # 1e-4: the grid's spacing, over which hard swish still rises by a third
    assert steepest <= bound(activation, 1.0, 1).largest_slope * (1 + 1e-15)
    assert steepest == pytest.approx(bound(activation, 1.0, 1).largest_slope, abs=1e-4)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if bound(name, 1.0, 1).is_reached])
def test_the_largest_slope_stands_where_it_is_said_to_be(activation):
    found = bound(activation, 1.0, 1)
    if activation != "prelu":
        assert TWINS[activation][1](np.array([found.at]))[0] == pytest.approx(found.largest_slope, rel=1e-15)


@pytest.mark.parametrize("depth", [1, 2, 3, 5, 10, 20, 50])
def test_the_sigmoid_bound_is_a_power_of_a_quarter(depth):
    assert bound("sigmoid", 1.0, depth).bound == VALUES[f"chain.sigmoid.bound.L{depth}"]


def test_a_sigmoid_chain_needs_weights_of_four():
    found = bound("sigmoid", 4.0, 1000)
    assert found.neutral_weight == VALUES["hochreiter.logistic.w_needed"]
    assert (found.bound, found.limit) == (1.0, "1")


@pytest.mark.parametrize(("weight", "limit"), [(3.99, "0"), (-4.0, "1"), (4.01, "infinity"), (0.0, "0")])
def test_the_limit_is_that_of_the_rate(weight, limit):
    assert bound("sigmoid", weight, 5).limit == limit


@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
@pytest.mark.parametrize("weight", [0.1, 1.0, 2.0, 3.9])
def test_the_depth_is_the_first_whose_bound_a_format_cannot_hold(name, weight):
    info = np.finfo(name)
    depths = {p.limit: p.depth for p in bound("sigmoid", weight, 1).depths if p.format == name}
    for limit, smallest in (("smallest normal", info.smallest_normal), ("smallest subnormal", info.smallest_subnormal)):
        log10 = [bound("sigmoid", weight, depths[limit] + step).log10_bound for step in (-1, 0)]
        # 1e-12: a power of two that equals the limit has passed nothing yet
        assert log10[1] < math.log10(float(smallest)) + 1e-12
        assert log10[0] >= math.log10(float(smallest)) - 1e-12


def test_a_growing_bound_passes_the_largest_number():
    depths = {p.format: p.depth for p in bound("relu", 2.0, 1).depths if p.limit == "largest"}
    assert depths == {"float16": 16, "float32": 128, "float64": 1024}


@pytest.mark.parametrize(("bound_of_one_layer", "depth"), [(65519.9, 2), (65520.0, 1), (65536.0, 1)])
def test_a_bound_overflows_float16_exactly_where_numpy_rounds_it_to_infinity(bound_of_one_layer, depth):
    with np.errstate(over="ignore"):
        assert np.isinf(np.float16(bound_of_one_layer)) == (depth == 1)
    assert next(p.depth for p in bound("relu", bound_of_one_layer, 1).depths if p.limit == "largest") == depth


@pytest.mark.parametrize("weight", [1.001, 1.0001, 1.000001])
def test_a_bound_that_hardly_grows_overflows_float16_at_the_first_depth_beyond_its_largest_number(weight):
    depth = next(p.depth for p in bound("relu", weight, 1).depths if p.limit == "largest")
    # 65520 is the first number that float16 rounds to infinity; log1p keeps the digits of a rate near 1
    assert (depth - 1) * math.log1p(weight - 1) < math.log(65520) <= depth * math.log1p(weight - 1)


@given(
    st.sampled_from(
        ["sigmoid", "tanh", "gelu", "silu", "relu", "hard-sigmoid", "selu", "elu(0.5)", "elu(3)", "celu(2)"]
    ),
    st.lists(st.floats(-3, 3), min_size=2, max_size=6),
    st.floats(-2, 2),
)
def test_no_chain_passes_more_than_its_bound(activation, weights, x):
    derivation = derive(chain(weights, [0.1] * len(weights), x, 5.0, activation), "b1")
    # all factors but the loss's own; the first unit adds a slope without a weight
    product = abs(math.prod(factor.value for factor in derivation.factors[1:]))
    largest = bound(activation, max(map(abs, weights[1:])), len(weights) - 1)
    assert product <= largest.bound * largest.largest_slope * (1 + 1e-12)


@pytest.mark.parametrize(("formula", "name"), [("tanh(z)", "tanh"), ("z/(1+exp(-z))", "silu"), ("max(z, 0)", "relu")])
def test_a_formula_has_the_bound_of_the_activation_it_spells(formula, name):
    own, known = bound(f"formula: {formula}", 1.7, 30), bound(name, 1.7, 30)
    # a formula's steepest slope is searched in float64 and told with 12 digits
    assert own.largest_slope == pytest.approx(known.largest_slope, rel=1e-11)
    assert (own.limit, [at.depth for at in own.depths]) == (known.limit, [at.depth for at in known.depths])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sine", 1.0, 1), "activation must be one of"),
        (("formula: abs(z)**0.5", 1.0, 1), r"the slope of the formula 'abs\(z\)\*\*0.5' has no bound"),
        (("formula: 3", 1.0, 1), "the slope of the formula '3' is 0 everywhere"),
        (("formula: tan(z)", 1.0, 1), "tan"),
        (("elu(2000)", 1.0, 1), "alpha of activation elu"),
        (("tanh", math.inf, 1), "weight must be a finite number"),
        (("tanh", 1.0, 0), "depth must be an integer from 1 to 1,000,000|depth must be an integer from 1 to 1000000"),
    ],
)
def test_what_has_no_bound_is_refused(arguments, sentence):
    with pytest.raises(SpecError, match=sentence):
        bound(*arguments)
