"""Nielsen, chapter 5, "the unstable gradient problem": for which inputs one sigmoid unit lets a gradient grow.

The factor |w phi'(w a + b)| of a layer exceeds 1 on an interval of a only, whose width depends on w and is largest,
0.45, at |w| = 6.9: the reference maximises (2/|w|) ln(|w| (1 + sqrt(1 - 4/|w|))/2 - 1) with 25 digits.
"""

import json
import math
from pathlib import Path

import pytest

from tests.builders import chain
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

WINDOW = json.loads((Path(__file__).parent / "data" / "nielsen.json").read_text())["nielsen.unstable.window"]
WIDTH, BEST = WINDOW["value"], float(WINDOW["inputs"]["argmax_w"])


def factor(w, a):
    """Returns |dL/da| / |dL/dh| of h = sigmoid(w a + b), b = -w/2; a is the activation of a sigmoid layer below."""
    experiment = chain([1.0, w], [math.log(a / (1.0 - a)), -w / 2], 0.0, 0.0, "sigmoid")
    log10_norm = gradient(experiment, draw(experiment)).log10_state_norm
    return 10.0 ** (log10_norm[0] - log10_norm[1])


@pytest.mark.parametrize("a", [0.5 - WIDTH / 2, 0.5 + WIDTH / 2])
@pytest.mark.parametrize("w", [BEST, -BEST])
def test_at_the_ends_of_the_widest_window_a_gradient_neither_grows_nor_shrinks(w, a):
    assert factor(w, a) == pytest.approx(1.0, rel=1e-13, abs=0)


def test_inside_the_window_a_gradient_grows_and_outside_it_shrinks():
    assert factor(BEST, 0.5) == pytest.approx(BEST / 4, rel=1e-14, abs=0)
    assert factor(BEST, 0.5 - 0.49 * WIDTH) > 1.0 > factor(BEST, 0.5 - 0.51 * WIDTH)


@pytest.mark.parametrize("w", [4.0, 5.0, BEST - 0.1, BEST + 0.1, 8.0, 20.0])
def test_no_other_weight_has_a_window_so_wide(w):
    assert factor(w, 0.5 - WIDTH / 2) < 1.0
