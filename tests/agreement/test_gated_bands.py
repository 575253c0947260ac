"""Gated cells and units that do not mix, over hundreds of steps: line and band against seeds trained from nothing.

The median of twenty-four seeds is sure to a quarter of a deviation, as the line of a few dozen drawn networks is.
"""

import numpy as np
import pytest

from tests.agreement.test_recurrent_bands import GAUSSIAN, adding, away
from vgdesk.spec.initialisation import Identity
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell

SEEDS = 24
GATED = {
    "lstm, forget bias 0": Lstm(0.0),
    "lstm, forget bias 1": Lstm(1.0),
    "lstm, forget bias 3": Lstm(3.0),
    "gru, reset after": Gru("after"),
    "gru, reset before": Gru("before"),
}
LONE = {"irnn": VanillaCell("relu"), "tanh": VanillaCell("tanh")}


def require(found, steps):
    """Requires the median within one deviation at the earliest step, and most seeds within the band."""
    assert abs(np.median(found[:, 0])) < 1.0
    # steps of a seed move together, so 24 seeds tell 0.68 of a Gaussian to 0.095 and 0.95 to 0.045: two of those for
    # the one (a band twice as wide would hold 0.95), three for the longer tail
    assert 0.49 < np.mean(np.abs(found[:, : steps * 9 // 10]) < 1.0) < 0.87
    assert np.mean(np.abs(found) < 2.0) > 0.82


@pytest.mark.parametrize(("width", "steps"), [(16, 200), (32, 200), (128, 200), (32, 1000)])
@pytest.mark.parametrize("name", GATED)
def test_a_gated_cells_line_is_the_median_of_seeds_over_hundreds_of_steps(name, width, steps):
    require(away(adding(GATED[name], GAUSSIAN, width, steps=steps), SEEDS), steps)


@pytest.mark.parametrize(("width", "steps"), [(16, 200), (128, 200), (32, 1000)])
@pytest.mark.parametrize("name", LONE)
def test_units_on_their_own_have_the_predicted_gradient(name, width, steps):
    require(away(adding(LONE[name], Identity(), width, steps=steps), SEEDS), steps)
