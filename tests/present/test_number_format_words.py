"""What happens to a gradient in a number format is told without a contradiction."""

import msgspec
import numpy as np
import pytest

from vgdesk.present.number_formats import format_scene, format_sentence
from vgdesk.records.format_loss import FormatLoss, FormatReport
from vgdesk.records.places import Places

_NOTHING = np.zeros(2)
KEPT = FormatLoss(number_format="float16", zero=_NOTHING, subnormal=_NOTHING, infinite=_NOTHING)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "float16 keeps ∂L/∂h of every time step"),
        (
            {"loss_scale": 2},
            "float16 keeps ∂L/∂h of every time step, though with fewer digits; "
            "a loss scale of 2² would keep all digits",
        ),
        (
            {"loss_scale": 12, "lost_at": 1},
            "float16 loses half of ∂L/∂h at time step 1; a loss scale of 2¹² would keep it",
        ),
        (
            {"loss_scale": -3, "overflows_at": 2},
            "float16 overflows in ∂L/∂h at time step 2; a loss scale of 2⁻³ would keep it",
        ),
    ],
)
def test_advice_goes_with_what_is_lost(fields: dict[str, int], sentence: str):
    loss = msgspec.structs.replace(KEPT, **fields)
    report = FormatReport(
        experiment="test", step=0, places=Places.TIME, log10_typical=np.array([-7.0, -1.0]), formats=(loss,)
    )
    assert format_sentence(report, loss) == sentence


@pytest.mark.parametrize(
    ("places", "zero", "infinite", "words"),
    [
        (Places.LAYERS, [1.0, 0.5, 0.49], [0, 0, 0], "; half or more of ∂L/∂W is 0 in layers 1–2"),
        (Places.LAYERS, [0.4, 0, 0], [0, 0, 0.01], "; ∂L/∂W overflows in layer 3"),
        (Places.WEIGHTS, [0, 0.9, 0.0], [0, 0, 0], "; half or more of ∂L/∂W is 0 in W_hh"),
        (Places.LAYERS, [0.4, 0, 0], [0, 0, 0], "; keeps ∂L/∂W"),
    ],
)
def test_the_gradient_of_the_weights_is_told_apart_from_that_of_the_states(
    places: Places, zero: list[float], infinite: list[float], words: str
):
    loss = msgspec.structs.replace(KEPT, zero_weights=np.array(zero), infinite_weights=np.array(infinite))
    report = FormatReport(
        experiment="test", step=0, places=Places.TIME, log10_typical=np.zeros(2), formats=(loss,), weight_places=places
    )
    assert format_sentence(report, loss) == f"float16 keeps ∂L/∂h of every time step{words}"


@pytest.mark.parametrize(("step", "words"), [(0, "before training (step 0)"), (60, "at step 60")])
def test_picture_says_at_which_step_it_looks(step: int, words: str):
    report = FormatReport(
        experiment="test", step=step, places=Places.LAYERS, log10_typical=np.array([-7.0, -1.0]), formats=(KEPT,)
    )
    assert f"per layer {words}, and where" in format_scene(report, "test").subtitle
