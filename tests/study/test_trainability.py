"""The line of the trainability map on both sides of criticality."""

import math

import pytest

from vgdesk.spec.library import example
from vgdesk.spec.trainability import trainability_sweep
from vgdesk.study.trainability import TRAINABLE_DEPTHS, correlation_depths, correlation_limits


def test_without_bias_the_depth_below_criticality_is_that_of_a_dying_signal():
    # q* = 0, where tanh' is 1: chi_1 = sigma_w^2
    found = correlation_depths(example("digits-tanh-20"), [0.5, 0.8, 0.98])
    assert found == pytest.approx([-1.0 / math.log(sigma**2) for sigma in (0.5, 0.8, 0.98)], rel=1e-9)


def test_the_line_rises_towards_criticality_from_both_sides():
    sweep = trainability_sweep(example("digits-tanh-20"), (4, 120), (0.5, 2.0), 7, 16, 1)
    limits = correlation_limits(sweep, ("sigma_w", "depth"))
    values = next(axis.values for axis in sweep.axes if axis.field == "sigma_w")
    below = [limit for limit, sigma in zip(limits, values, strict=True) if sigma < 1.0]
    above = [limit for limit, sigma in zip(limits, values, strict=True) if sigma > 1.0]
    assert below == sorted(below)
    assert above == sorted(above, reverse=True)
    assert min(limits) > TRAINABLE_DEPTHS * 0.5
