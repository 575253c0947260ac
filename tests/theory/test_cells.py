"""Moments of recurrent cells beside wide cells drawn from nothing, one step of whose gradient is looked at."""

import numpy as np
import pytest

from vgdesk.spec.recurrent import Gru
from vgdesk.theory.cells import gru_steps
from vgdesk.theory.drawn_cells import backwards, forwards
from vgdesk.theory.initialisation import Start
from vgdesk.theory.mixing import Mixing

UNITS, DRAWS = 400, 6
HALVES = np.array([0.5, 0.5, 1.0])[:, None, None]


def passed_on(cell, square):
    """Returns what |G|^2 is multiplied by from step 2 to step 1, W_hh being of this sigma^2 and W_ih x of variance 1.

    Of two steps the state of the first is independent of W_hh, as wide cells are taken to be.
    """
    numbers = np.random.default_rng(8)
    matrix = numbers.standard_normal((DRAWS, 3, UNITS, UNITS)) * np.sqrt(square / UNITS)
    mixing = Mixing(matrix * HALVES, HALVES)
    given = numbers.standard_normal((2, DRAWS, 3, UNITS, 1)) * HALVES
    G = numbers.standard_normal((DRAWS, UNITS, 1))
    onward, _ = backwards(forwards(cell, given, mixing, None), mixing, 1, G, np.zeros_like(G))
    return np.square(onward).sum() / np.square(G).sum()


@pytest.mark.parametrize(("reset", "square"), [("after", 1.0), ("before", 1.0), ("before", 25.0)])
def test_a_gated_unit_passes_on_what_its_moments_say(reset, square):
    found = gru_steps(reset == "after", Start(1.0, 0.0, 1), Start(square, 0.0, UNITS), np.ones(2)).back[1]
    # the mean over 6 draws of 400 units is sure to 2 %; W_n met twice makes 13 % at sigma^2 = 25
    assert found.direct + found.aligned + found.scattered == pytest.approx(passed_on(Gru(reset), square), rel=0.05)
