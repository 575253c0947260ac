"""The first number that is not finite is named with its step, operation and place."""

import pytest

from vgdesk.records.breakdown import OPERATIONS, Breakdown
from vgdesk.records.places import Places


@pytest.mark.parametrize(
    ("operation", "places", "place", "sentence"),
    [
        ("loss", Places.LAYERS, 0, "the loss is not finite for the first time at step 17"),
        ("loss", Places.LAYERS, 2, "the loss is not finite for the first time at step 17"),
        ("loss", Places.TIME, 9, "the loss is not finite for the first time at step 17"),
        (
            "preactivation",
            Places.LAYERS,
            3,
            "the preactivation z of layer 3 is not finite for the first time at step 17",
        ),
        ("cell", Places.TIME, 5, "the cell c at time step 5 is not finite for the first time at step 17"),
        (
            "gradient",
            Places.WEIGHTS,
            2,
            "the gradient of the weights of W_hh is not finite for the first time at step 17",
        ),
    ],
)
def test_a_breakdown_tells_step_operation_and_place(operation, places, place, sentence):
    assert Breakdown(step=17, operation=operation, places=places, place=place).sentence == sentence


def test_every_operation_of_the_kernels_has_its_words():
    from vgdesk.kernels import breakdown
    from vgdesk.kernels.recurrent import breakdown as recurrent_breakdown

    assert {*breakdown.OPERATIONS, *recurrent_breakdown.OPERATIONS} <= set(OPERATIONS)
