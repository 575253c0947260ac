"""Mean-field theory against reference values computed with 25 and more digits (`data/theory.json`).

Sources: Poole et al. 2016, Schoenholz et al. 2017, Cho & Saul 2009, Yang et al. 2019, Pascanu et al. 2013; each entry
names its own. Names of activations there: linear is our identity, swish our silu.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.builders import chain
from vgdesk.theory.correlation import correlation_map, correlation_slope
from vgdesk.theory.critical import critical
from vgdesk.theory.layers import batch_norm_factor, layer_norm_factor, residual_factor
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.moments import moments_at
from vgdesk.theory.noise import relative_variance
from vgdesk.theory.recurrent import cell_path, steepest_slope, weight_spectrum
from vgdesk.theory.variance_map import variance_map, variance_trajectory
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

VALUES = {
    entry["name"]: entry
    for entry in json.loads((Path(__file__).parent / "data" / "theory.json").read_text(encoding="utf-8"))
}
OUR_NAMES = {"linear": "identity", "swish": "silu"}
FIELDS = {"qstar": "q", "chi1": "chi_1", "cstar": "c_star"}


def named(*starts):
    """Returns the names of values that begin so."""
    return [name for name in VALUES if name.startswith(starts)]


def activation(name):
    """Returns our name of a value's activation."""
    inputs = VALUES[name]["inputs"]
    called = inputs.get("act") or name.split(".")[1]
    return OUR_NAMES.get(called, called)


def sigmas(name):
    """Returns sigma_w and sigma_b of a value."""
    inputs = VALUES[name]["inputs"]
    return float(Fraction(inputs["sigma_w"])), float(Fraction(inputs["sigma_b"]))


@pytest.mark.parametrize("name", [n for n in named("mf.") if "qstar" in n or "chi" in n or "xi" in n])
def test_fixed_point_and_its_slopes_are_right_to_1e_10(name):
    found = mean_field(activation(name), *sigmas(name)).reached
    field = name.rsplit(".", 1)[1]
    expected = VALUES[name]["value"]
    assert getattr(found, FIELDS.get(field, field)) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", [n for n in named("crit.") if "act" in VALUES[n]["inputs"]])
def test_critical_point_is_right_to_1e_8(name):
    point = critical(activation(name), float(VALUES[name]["inputs"]["sigma_b"])).points[0]
    got = point.sigma_w if name.endswith("sigma_w") else point.q
    assert got == pytest.approx(VALUES[name]["value"], rel=1e-8)


SLOPES = {"tanh": 0.78219624, "erf": 0.77501853, "elu": 0.89218324, "selu": 0.83422056, "swish": 1.0427844}
SLOPES["gelu"] = 1.0638627
"""chi_q at sigma_b = 0.05, from the notes of the reference values."""


@pytest.mark.parametrize("name", SLOPES)
def test_a_critical_point_is_called_stable_where_the_reference_has_a_slope_below_1(name):
    found = critical(OUR_NAMES.get(name, name), 0.05)
    assert found.points[0].chi_q == pytest.approx(SLOPES[name], rel=1e-7)
    assert found.points[0].stable is (SLOPES[name] < 1.0)
    assert ("unstable" in found.reason) is (SLOPES[name] > 1.0)


def test_critical_points_without_bias_are_the_exact_ones():
    for name in ("tanh", "erf"):
        expected = VALUES[f"crit.{name}.sb0.sigma_w"]["value"]
        assert critical(name, 0.0).points[0].sigma_w == pytest.approx(expected, rel=1e-14, abs=0)
    assert critical("relu", 0.0).points[0].sigma_w == pytest.approx(
        VALUES["crit.relu.sigma_w"]["value"], rel=1e-15, abs=0
    )


def test_critical_line_of_tanh_passes_through_the_published_points():
    point = critical("tanh", math.sqrt(0.05)).points[0]
    assert point.sigma_w**2 == pytest.approx(VALUES["crit.tanh.sb2=0.05.sigma_w2"]["value"], rel=1e-8)
    near = critical("tanh", math.sqrt(VALUES["crit.tanh.sw2=1.05.sigma_b2"]["value"])).points[0]
    assert near.sigma_w**2 == pytest.approx(1.05, rel=1e-8)


@pytest.mark.parametrize("name", named("traj.tanh.sw1"))
def test_variance_and_gradient_of_critical_tanh_decay_like_a_power(name):
    kind, layers = name.rsplit(".", 1)[1], VALUES[name]["inputs"]["L"]
    q = variance_trajectory("tanh", 1.0, 0.0, 1.0, layers)
    product = math.prod(moments_at("tanh", value).slope_square for value in q[:-1])
    assert (product if kind.startswith("gradprod") else q[-1]) == pytest.approx(VALUES[name]["value"], rel=1e-11, abs=0)


@pytest.mark.parametrize("name", [n for n in named("traj.") if n.endswith("gradprod20")])
def test_gradient_over_twenty_layers_of_each_initialisation(name):
    square = {"torch_default": 1 / 3, "glorot_gain1": 1.0, "he": 2.0}[name.split(".")[2]]
    q = variance_trajectory(activation(name), math.sqrt(square), 0.0, 1.0, 20)
    product = math.prod(square * moments_at(activation(name), value).slope_square for value in q[:-1])
    assert product == pytest.approx(VALUES[name]["value"], rel=1e-10, abs=0)


@pytest.mark.parametrize("name", named("cmap.relu.sb0.c="))
def test_correlation_map_of_relu_is_the_arc_cosine_kernel(name):
    c = float(VALUES[name]["inputs"]["c"])
    assert correlation_map("relu", math.sqrt(2), 0.0, 1.0, c) == pytest.approx(VALUES[name]["value"], abs=1e-15)


@pytest.mark.parametrize("name", named("cmap.relu.sb0.iter"))
def test_correlation_of_relu_grows_towards_one(name):
    c = VALUES[name]["inputs"]["c0"]
    for _ in range(VALUES[name]["inputs"]["layers"]):
        c = correlation_map("relu", math.sqrt(2), 0.0, 1.0, c)
    assert c == pytest.approx(VALUES[name]["value"], rel=1e-12, abs=0)


@pytest.mark.parametrize("name", named("cmap.erf", "cmap.tanh"))
def test_chaotic_networks_end_in_the_reference_correlation(name):
    field, point = name.rsplit(".", 1)[1], mean_field(activation(name), *sigmas(name)).reached
    slope = correlation_slope(activation(name), sigmas(name)[0], point.q, point.c_star)
    got = {"cstar": point.c_star, "chi_c": slope, "xi_c": point.xi_c}[field]
    assert got == pytest.approx(VALUES[name]["value"], rel=1e-10)


@pytest.mark.parametrize("name", [n for n in named("bn.") if "rate_B" in n])
def test_batch_norm_explodes_at_the_reference_rate(name):
    batch = name.rsplit("rate_B", 1)[1]
    got = batch_norm_factor(activation(name), None if batch == "inf" else int(batch))
    assert got == pytest.approx(VALUES[name]["value"], rel=1e-10)


def test_the_norm_of_a_gradient_through_batch_norm_grows_by_the_root():
    assert batch_norm_factor("relu") ** 0.5 == pytest.approx(VALUES["bn.relu.rate_norm_Binf"]["value"], rel=1e-12)


@pytest.mark.parametrize("name", named("ln_pre."))
def test_layer_norm_factor_is_the_reference_one(name):
    assert layer_norm_factor(activation(name)) == pytest.approx(VALUES[name]["value"], rel=1e-10)


@pytest.mark.parametrize("name", [n for n in named("res.") if "scaled" not in n])
def test_residual_network_grows_like_the_reference(name):
    act, layers = name.split(".")[1], name.rsplit(".", 1)[1]
    sigma_w, sigma_b = (1.5, 0.3) if "sw1.5" in name else (1.0, 0.0)
    p, growth, ours = 1.0, 0.0, OUR_NAMES.get(act, act)
    for _ in range(int(layers.removeprefix("loggrad").removeprefix("p"))):
        q = sigma_w**2 * p + sigma_b**2
        growth += math.log(residual_factor(sigma_w**2 * moments_at(ours, q).slope_square))
        p += float(variance_map(ours, 1.0, 0.0, q)[0])
    assert (growth if layers.startswith("log") else p) == pytest.approx(VALUES[name]["value"], rel=1e-10)


@pytest.mark.parametrize("name", named("fluct."))
def test_fluctuation_per_layer_is_the_reference_one(name):
    at = moments_at(activation(name), VALUES[name]["inputs"]["qstar"])
    assert relative_variance(at) == pytest.approx(VALUES[name]["value"], rel=1e-10)


@pytest.mark.parametrize("name", named("gain.exact"))
def test_exact_gains_keep_variance_or_gradient(name):
    at = moments_at(OUR_NAMES.get(name.rsplit(".", 1)[1], name.rsplit(".", 1)[1]), 1.0)
    moment = at.square if "second_moment" in name else at.slope_square
    assert moment**-0.5 == pytest.approx(VALUES[name]["value"], rel=1e-12, abs=0)


@pytest.mark.parametrize("name", named("pascanu.gamma"))
def test_steepest_slope_of_pascanu(name):
    assert steepest_slope(name.rsplit(".", 1)[1]) == pytest.approx(VALUES[name]["value"], rel=1e-12, abs=0)


def test_spectral_radius_of_the_counterexample_is_zero_but_nothing_must_vanish():
    radius, norm = (VALUES[f"pascanu.counterexample.{name}"] for name in ("spectral_radius_W", "norm_W"))
    found = weight_spectrum(np.array(norm["inputs"]["W"], float), "tanh")
    # a defective eigenvalue: rounding enters by its root
    assert found.spectral_radius == pytest.approx(radius["value"], abs=1e-6)
    assert found.largest_singular_value == pytest.approx(norm["value"], rel=1e-14, abs=0)
    assert not found.must_vanish


@pytest.mark.parametrize("name", named("lstm.cellgrad"))
def test_cell_path_is_the_power_of_the_forget_gate(name):
    inputs = VALUES[name]["inputs"]
    assert 10 ** cell_path(inputs["b_f"], inputs["T"]) == pytest.approx(VALUES[name]["value"], rel=1e-10, abs=0)


@pytest.mark.parametrize("name", named("saxe.deeplinear"))
def test_deep_linear_chain_has_the_gradient_of_saxe(name):
    inputs = VALUES[name]["inputs"]
    depth, a = inputs["L"], float(inputs["a"])
    experiment = chain([a] * depth, [0.0] * depth, 1.0, float(inputs["s"]), "identity")
    found = gradient(experiment, draw(experiment), np.ones((1, 1)), np.full((1, 1), float(inputs["s"])))
    assert found.weights[0][0, 0] == pytest.approx(VALUES[name]["value"], rel=1e-12, abs=0)
