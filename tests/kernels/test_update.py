"""The update kernel against its readable twin, and where gradients leave the number format."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.given_gradients import GivenGradients
from tests.reference.optimisers import clip_by_norm, clip_by_value, follow
from vgdesk.kernels.clipping import BY_NORM, BY_VALUE, Cap
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.spec.optimiser import OPTIMISERS, Adagrad, Adam, AdamW, RmsProp, Sgd
from vgdesk.training.rule import kernel_rule

few = settings(max_examples=40, deadline=None)
RULES = {
    **OPTIMISERS,
    "damped": Sgd(momentum=0.5, dampening=0.3, weight_decay=0.02),
    "decayed": Sgd(weight_decay=0.1),
    "decayed rmsprop": RmsProp(weight_decay=0.1),
    "rmsprop with momentum": RmsProp(momentum=0.9),
    "centred rmsprop": RmsProp(centred=True, weight_decay=0.1),
    "decayed adam": Adam(weight_decay=0.1, amsgrad=True),
    "amsgrad adamw": AdamW(amsgrad=True),
    "decayed adagrad": Adagrad(weight_decay=0.1),
}
BIG, SMALL = 3000, -3000  # exponents of two beyond both formats


@pytest.mark.parametrize("name", RULES)
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 70), steps=st.integers(1, 5))
@few
def test_every_rule_is_its_readable_twin(name, seed, size, steps):
    generator, rule = np.random.default_rng(seed), RULES[name]
    start, gradients = generator.standard_normal(size), generator.standard_normal((steps, size))
    rates = generator.uniform(0, 0.2, steps)
    trained = GivenGradients(kernel_rule(rule), [start[: size // 2], start[size // 2 :]])
    for gradient, rate in zip(gradients, rates, strict=True):
        trained.step([gradient], rate)
    expected = follow(rule, start, gradients, rates)[-1]
    np.testing.assert_allclose(np.concatenate(trained.parameters()), expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("exponent", [-50, -3, 5, 50])
@pytest.mark.parametrize("name", RULES)
def test_a_scaled_gradient_counts_at_its_true_size(name, exponent, precision):
    gradient, rule, dtype = np.array([0.3, -0.7, 1.1]), RULES[name], np.dtype(precision).type
    scaled = GivenGradients(kernel_rule(rule), [np.ones(3)], precision)
    scaled.step([gradient], 0.01, exponent)
    true = gradient.astype(precision) * dtype(2.0**exponent)
    expected = follow(rule, np.ones(3, np.float64), [true.astype(np.float64)], [0.01])[0]
    np.testing.assert_allclose(scaled.parameters()[0], expected, rtol=1e-5 if precision == "float32" else 1e-12)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.weight_decay == 0])
def test_a_gradient_below_the_format_changes_nothing_but_keeps_its_norm(name, precision):
    trained = GivenGradients(kernel_rule(RULES[name]), [np.ones(3)], precision)
    before, after, engaged = trained.step([np.array([3.0, 4.0, 0.0])], 0.1, SMALL)
    assert before == pytest.approx(np.log10(5) + SMALL * np.log10(2), rel=1e-14)
    assert (after, engaged) == (before, False)
    np.testing.assert_array_equal(trained.parameters()[0], 1.0)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", RULES)
def test_a_gradient_above_the_format_ends_finiteness_but_keeps_its_norm(name, precision):
    trained = GivenGradients(kernel_rule(RULES[name]), [np.ones(3)], precision)
    before, _, _ = trained.step([np.array([3.0, 4.0, 0.0])], 0.1, BIG)
    assert before == pytest.approx(np.log10(5) + BIG * np.log10(2), rel=1e-14)
    assert np.isfinite(trained.parameters()[0]).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("precision", "gradient", "factor"), [("float32", 1e-25, 1e-25 / 1e-30), ("float64", 1e-170, 1e-170 / 1e-30)]
)
def test_where_the_square_underflows_epsilon_alone_divides(precision, gradient, factor):
    rule = RmsProp(alpha=0.0, epsilon=1e-30)
    trained = GivenGradients(kernel_rule(rule), [np.zeros(1)], precision)
    trained.step([np.array([gradient])], 1e-9)
    assert trained.parameters()[0][0] == pytest.approx(-1e-9 * factor, rel=1e-5, abs=0)


def test_where_the_square_overflows_an_adaptive_rule_stands_still():
    trained = GivenGradients(kernel_rule(RmsProp()), [np.ones(1)], "float32")
    before, _, _ = trained.step([np.array([1e25])], 0.1)
    assert before == pytest.approx(25.0, rel=1e-7)
    assert trained.parameters()[0][0] == 1.0  # g / sqrt(infinity) = 0


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
@few
def test_clipping_by_norm_is_its_readable_twin(seed, maximum):
    gradients = [np.random.default_rng((seed, k)).standard_normal(size) for k, size in enumerate((5, 1, 33))]
    trained = GivenGradients(PLAIN_DESCENT, [np.zeros_like(g) for g in gradients], cap=Cap(BY_NORM, maximum))
    before, after, engaged = trained.step(gradients, 1.0)
    total, clipped = clip_by_norm(gradients, maximum)
    assert 10**before == pytest.approx(total, rel=1e-12)
    assert 10**after == pytest.approx(min(total, maximum), rel=1e-5 + 1e-6 / total)
    assert engaged == (total + 1e-6 > maximum)
    for ours, theirs in zip(trained.parameters(), clipped, strict=True):
        np.testing.assert_allclose(-ours, theirs, rtol=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 10), st.sampled_from([-40, 0, 3]))
@few
def test_clipping_by_value_is_its_readable_twin(seed, maximum, exponent):
    gradients = [np.random.default_rng((seed, k)).standard_normal(size) for k, size in enumerate((5, 33))]
    trained = GivenGradients(PLAIN_DESCENT, [np.zeros_like(g) for g in gradients], cap=Cap(BY_VALUE, maximum))
    _, after, engaged = trained.step(gradients, 1.0, exponent)
    true = [g * 2.0**exponent for g in gradients]
    clipped = clip_by_value(true, maximum)
    assert engaged == any(np.any(np.abs(g) > maximum) for g in true)
    assert 10**after == pytest.approx(np.linalg.norm(np.concatenate(clipped)), rel=1e-12, abs=0)
    for ours, theirs in zip(trained.parameters(), clipped, strict=True):
        np.testing.assert_allclose(-ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_the_cap_by_norm_holds_where_no_float_holds_the_gradient(name, precision):
    trained = GivenGradients(kernel_rule(RULES[name]), [np.zeros(2)], precision, Cap(BY_NORM, 10.0))
    before, after, engaged = trained.step([np.array([3.0, -4.0])], 0.5, BIG)
    assert before == pytest.approx(np.log10(5) + BIG * np.log10(2), rel=1e-14)
    assert after == pytest.approx(1.0, rel=1e-12)
    assert engaged
    expected = follow(RULES[name], np.zeros(2), [np.array([6.0, -8.0])], [0.5])[0]
    np.testing.assert_allclose(trained.parameters()[0], expected, rtol=1e-6)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_cap_by_value_makes_infinity_its_maximum_with_the_right_sign(precision):
    trained = GivenGradients(PLAIN_DESCENT, [np.zeros(3)], precision, Cap(BY_VALUE, 0.5))
    _, after, engaged = trained.step([np.array([3.0, -4.0, 0.0])], 1.0, BIG)
    np.testing.assert_array_equal(trained.parameters()[0], [-0.5, 0.5, 0.0])
    assert engaged
    assert 10**after == pytest.approx(np.sqrt(0.5), rel=1e-7)


def test_blocks_of_very_different_size_add_up_to_the_larger():
    trained = GivenGradients(PLAIN_DESCENT, [np.zeros(1)] * 3)
    before, _, _ = trained.step([np.array([3.0]), np.array([4.0]), np.array([1.0])], 0.0, np.array([50, 50, -9000]))
    assert before == pytest.approx(np.log10(5) + 50 * np.log10(2), rel=1e-14, abs=0)


def test_a_gradient_of_zero_is_minus_infinity_and_is_not_clipped():
    trained = GivenGradients(kernel_rule(Adam()), [np.ones(2)], cap=Cap(BY_NORM, 1e-3))
    before, after, engaged = trained.step([np.zeros(2)], 0.1)
    assert (before, after, engaged) == (-np.inf, -np.inf, False)
    np.testing.assert_array_equal(trained.parameters()[0], 1.0)
