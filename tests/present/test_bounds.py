"""The bound of a chain in sentences: its numbers are spelt as everywhere."""

from vgdesk.present.bounds import bound_lines
from vgdesk.symbolic.bounds import product_bound


def test_small_and_negative_weights_have_true_exponents_and_minus_signs():
    told = bound_lines(product_bound("log-sigmoid", -1e-5, 1))
    assert told[0] == "log sigmoid: max|φ′| = 1 (approached towards z = −∞, never reached)"
    assert told[1] == "one layer with w = −1×10⁻⁵ changes a gradient by at most a factor 1×10⁻⁵"
    assert told[2].startswith("1 layer: at most 1.00×10⁻⁵;")
    assert told[4].startswith("from 1 layer on the bound is below float16's")


def test_a_rate_near_1_keeps_the_digits_that_decide():
    told = bound_lines(product_bound("tanh", 1.0001, 10))
    assert "factor 1.0001" in told[1]
    assert told[-3].startswith("from 110,907 layers on the bound overflows float16")
