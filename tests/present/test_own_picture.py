"""The picture of a formula of one's own: both curves are seen, and what is not is said."""

import math

import pytest

from vgdesk.present.own_picture import OwnPicture, own_picture
from vgdesk.study.own_activation import examine


def seen(picture: OwnPicture, column: int) -> float:
    """Returns the share of the points of a curve that lie between the ends of the axis."""
    low, high = picture.y_range
    rows = [row[column] for row in picture.curve if math.isfinite(row[column])]
    return sum(low <= y <= high for y in rows) / len(rows)


@pytest.mark.parametrize(
    "formula", ["z", "tanh(z)", "z**2", "40*z", "900*z", "1500*z", "20*z + z**3", "1500*tanh(z)", "1500*exp(-z**2)"]
)
def test_both_curves_are_seen_whole_however_steep_they_are(formula):
    picture = own_picture(examine(formula))
    assert (seen(picture, 1), seen(picture, 2)) == (1.0, 1.0)
    assert picture.note == ""


def test_what_grows_far_out_is_cut_and_the_note_says_how_far_it_goes():
    picture = own_picture(examine("exp(z)"))
    assert picture.y_range[1] < 20, "what lies near 0 is not flattened by e^5"
    assert picture.note == "cut at ±10: |φ| reaches 148, |φ′| reaches 148"


def test_a_pole_leaves_the_rest_its_height():
    picture = own_picture(examine("1/(z**2 + 0.000001)"))
    assert seen(picture, 1) > 0.9
    assert picture.y_range[1] < 1000
    assert "|φ| reaches 1×10⁶" in picture.note


def test_ticks_lie_inside_the_axis():
    for formula in ("1500*z", "exp(exp(z))"):
        picture = own_picture(examine(formula))
        assert len(picture.y_ticks) >= 3
        assert all(picture.y_range[0] <= tick <= picture.y_range[1] for tick in picture.y_ticks)
