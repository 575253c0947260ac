"""Range, steepest slope, saturation and limits, against published extrema and by hand."""

import math

import pytest
from hypothesis import given, settings

from tests.formula_trees import TREES
from vgdesk.errors import FormulaError
from vgdesk.spec.formula.behaviour import behaviour_of
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.facts import SEARCHED
from vgdesk.spec.formula.values import values
from vgdesk.spec.formula.writing import write

INF = math.inf


def behaviour(text):
    return behaviour_of(own_activation(text))


@pytest.mark.parametrize(
    ("text", "steepest", "at"),
    [
        ("1/(1 + exp(-z))", 0.25, 0.0),
        ("tanh(z)", 1.0, 0.0),
        ("z/(1 + exp(-z))", 1.0998393201, 2.3993572805),  # swish, Ramachandran et al. 2017
        ("z*(1 + erf(z/sqrt(2)))/2", 1.1289041451, math.sqrt(2)),  # GELU: at sqrt(2)
        ("z*tanh(log(1 + exp(z)))", 1.0884981613, 1.4905711),
        ("exp(-z**2)", math.sqrt(2 / math.e), -math.sqrt(0.5)),
        ("erf(z)", 2 / math.sqrt(math.pi), 0.0),
    ],
)
def test_the_steepest_slope_is_the_true_maximum(text, steepest, at):
    found = behaviour(text).steepest
    assert found.value == pytest.approx(steepest, rel=1e-9)
    assert found.at == pytest.approx(at, abs=1e-6)
    assert found.is_reached


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("tanh(z)", (-1, -INF, False), (1, INF, False)),
        ("z/(1 + abs(z))", (-1, -INF, False), (1, INF, False)),
        ("relu(z)", (0, 0, True), (INF, INF, False)),
        ("max(-1, min(1, z))", (-1, -1, True), (1, 1, True)),
        ("where(z > 0, z, exp(z) - 1)", (-1, -INF, False), (INF, INF, False)),
        ("z**2", (0, 0, True), (INF, -INF, False)),
        ("log(1 + z**2)", (0, 0, True), (INF, -INF, False)),
        ("3", (3, 0, True), (3, 0, True)),
    ],
)
def test_the_range_tells_which_bounds_are_reached(text, low, high):
    found = behaviour(text)
    assert (found.lowest.value, found.lowest.at, found.lowest.is_reached) == pytest.approx(low)
    assert (found.highest.value, found.highest.at, found.highest.is_reached) == pytest.approx(high)


def test_a_slope_that_is_only_approached_says_where():
    found = behaviour("log(1 + exp(z))").steepest
    assert (found.value, found.at, found.is_reached) == (1.0, INF, False)
    assert behaviour("z**3").steepest.value == INF
    assert behaviour("abs(z)**0.5").steepest.value == INF


def test_saturation_is_where_the_slope_is_below_a_hundredth():
    edge = math.log((1 - 0.02 + math.sqrt(1 - 0.04)) / 0.02)  # s (1 - s) = 0.01
    ((_, low), (high, _)) = behaviour("sigmoid(z)").saturated
    assert (low, high) == pytest.approx((-edge, edge), rel=1e-9)
    assert behaviour("relu(z)").saturated == ((-INF, 0.0),)
    assert behaviour("z + 0.1*z").saturated == ()
    assert behaviour("sign(z)").saturated == ((-INF, INF),)
    assert behaviour("z**2").saturated == (pytest.approx((-0.005, 0.005)),)


@pytest.mark.parametrize("text", ["sin(1000000*z)", "cos(100*z)", "z + sin(300*z)", "sin(402.123859659*z)"])
def test_a_slope_that_turns_between_the_points_of_the_grid_has_no_flat_places_that_could_be_told(text):
    assert behaviour(text).saturated is None


@pytest.mark.parametrize(
    "text", ["sin(z)", "sin(20*z)", "0.000000001*sin(1000000*z)", "z + sin(z)**2", "exp(-(50*z)**2)"]
)
def test_flat_places_that_the_grid_follows_are_told(text):
    assert behaviour(text).saturated is not None


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("0.005*sin(z)", ((-SEARCHED, SEARCHED),)),
        ("where(z > 4, sin(z)/200, z)", ((4, SEARCHED),)),
        ("z + 100*cos(z/100)", ()),
    ],
)
def test_of_a_slope_without_a_limit_flat_places_end_where_they_are_no_longer_looked_for(text, flat):
    assert behaviour(text).saturated == flat


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("tanh(z)", (-1, 1)),
        ("z/(1 + abs(z))", (-1, 1)),
        ("atan(z)", (-math.pi / 2, math.pi / 2)),
        ("log(1 + z**2)", (INF, INF)),
        ("softplus(z)", (0, INF)),
        ("0.5*z - 3", (-INF, INF)),
    ],
)
def test_limits_far_out(text, limits):
    assert behaviour(text).limits == pytest.approx(limits, rel=1e-8)


@pytest.mark.parametrize("text", ["sin(z)", "sin(2*pi*z)", "(sin(z) + sin(2*z))/2", "z*sin(z)", "cos(z)*z**2 + z"])
def test_what_oscillates_has_no_limit(text):
    assert all(map(math.isnan, behaviour(text).limits))


def test_what_oscillates_less_and_less_or_only_beside_what_grows_has_one():
    assert behaviour("sin(z)/(1 + z**2)").limits == (0.0, 0.0)
    assert behaviour("z + 10*sin(z)").limits == (-math.inf, math.inf)


def test_the_numbers_end_where_float64_ends():
    low, high = behaviour("exp(z)").finite
    assert low == -INF
    assert high == pytest.approx(math.log(1.7976931348623157e308), rel=1e-5)


def test_a_kink_has_its_slopes_and_a_jump_its_values():
    (corner,) = behaviour("where(z > 1, 2*z, 2*z**2)").kinks
    assert (corner.at, corner.slope, corner.is_jump) == (1.0, pytest.approx((4.0, 2.0), rel=1e-7), False)
    (jump,) = behaviour("where(z > 0, 1, -1)").kinks
    assert (jump.value, jump.is_jump) == ((-1.0, 1.0), True)


@given(TREES)
@settings(max_examples=40, deadline=None)
def test_no_value_lies_outside_the_range_and_no_slope_above_the_steepest(tree):
    try:
        own = own_activation(write(tree))
    except FormulaError:
        return
    found, points = behaviour_of(own), [n / 7 for n in range(-40, 41)]
    room = 1e-6 * (1 + abs(found.steepest.value))
    assert all(found.lowest.value - room <= value <= found.highest.value + room for value in values(own.tree, points))
    assert all(abs(slope) <= found.steepest.value + room for slope in values(own.slope, points))
