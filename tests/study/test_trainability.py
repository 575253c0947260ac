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
    below = [limit for sigma, limit in limits if sigma < 1.0]
    above = [limit for sigma, limit in limits if sigma > 1.0]
    assert below == sorted(below)
    assert above == sorted(above, reverse=True)
    assert min(limit for _, limit in limits) > TRAINABLE_DEPTHS * 0.5


def test_the_peak_at_criticality_is_met_however_few_columns_the_map_has():
    # columns at sigma_w 0.5 and 4 only; tanh without bias is critical at 1
    sweep = trainability_sweep(example("digits-tanh-20"), (4, 120), (0.5, 4.0), 2, 16, 1)
    limits = correlation_limits(sweep, ("sigma_w", "depth"))
    beyond = [sigma for sigma, limit in limits if limit > 120]
    assert min(beyond) < 1.0 < max(beyond)
    assert min(beyond) > 0.9  # 5 xi = -5 / ln(sigma_w^2) is 120 at 0.979
