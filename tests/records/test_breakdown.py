"""The first number that is not finite is named with its step and place."""

import math

import numpy as np

from vgdesk.records.breakdown import Breakdown, breakdown_of
from vgdesk.records.places import Places


def found(loss: float, delta: list[float], weight: list[float]) -> Breakdown | None:
    norms = {"delta": np.array(delta), "weight": np.array(weight)}
    return breakdown_of(17, loss, norms, Places.LAYERS, Places.LAYERS)


def test_a_loss_that_is_not_finite_comes_before_every_gradient():
    breakdown = found(math.nan, [math.nan, 0.0], [0.0, 0.0])
    assert breakdown is not None
    assert breakdown.sentence == "the loss is not finite for the first time at step 17"


def test_the_gradient_breaks_first_where_it_comes_from():
    breakdown = found(1.0, [math.nan, math.inf, 0.0], [math.nan, math.nan, 0.0])
    assert breakdown is not None
    assert breakdown.sentence == ("the back-propagated gradient of layer 2 is not finite for the first time at step 17")


def test_an_exact_zero_is_no_breakdown():
    assert found(1.0, [-math.inf, 0.0], [-math.inf, 0.0]) is None


def test_time_steps_are_told_as_such():
    breakdown = Breakdown(step=3, operation="backward", places=Places.TIME, place=5)
    assert breakdown.sentence.startswith("the back-propagated gradient at time step 5 is")
