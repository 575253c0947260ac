"""Claims against independently measured outcomes (`data/claims.json`, PyTorch in float64) and the expected verdicts.

Compared are medians of twenty seeds; all numbers of the reference stand in `test_claim_values`.
"""

import json
import math
from functools import cache
from pathlib import Path

import msgspec
import pytest

from vgdesk.records.claim import ClaimOutcome, ClaimVerdict, claims
from vgdesk.study.claims.catalogue import TESTS
from vgdesk.study.claims.run import run_claim

REFERENCE = json.loads((Path(__file__).parent / "data" / "claims.json").read_text(encoding="utf-8"))
R, W, O, I = ClaimVerdict.RIGHT, ClaimVerdict.WRONG, ClaimVerdict.ONLY_IF, ClaimVerdict.IMPRECISE  # noqa: E741
VERDICTS = (W, W, R, O, I, W, I, W, O, W, R, O, W, W, W, W, W, W, R, O, O, O, R, O, I, R, W, O, I, I, W)
"""Of claims 1, 2, 3, ..."""
LOG10 = {
    7: ("E05_vanish_without_saturation", "log10_first_over_last", ("linear_sw0.5", "linear_sw2.0", "sigmoid_sw1.0")),
    13: (
        "E02_depth_not_width",
        "log10_first_over_last",
        ("width16_depth5", "width64_depth5", "width256_depth5", "width64_depth2", "width64_depth10", "width64_depth20"),
    ),
    20: (
        "E08_init_and_activation_L30",
        "log10_first_over_last",
        ("relu_he", "elu_lecun", "selu_lecun", "relu_xavier", "relu_torch_default", "silu_lecun"),
    ),
    21: (
        "E08_init_and_activation_L30",
        "log10_first_over_last",
        ("relu_he", "tanh_xavier", "relu_xavier", "sigmoid_xavier", "tanh_gain5/3"),
    ),
}
"""Claim -> entry, its key, names that both sides have; decades over 4 to 29 layers."""
TRAINED = [number for number, test in TESTS.items() if test.weight >= 0.35]
"""Claims whose networks are trained: some hundred updates of twenty layers take a second per seed."""
TRAINED_SEEDS, SEEDS = 3, 20
DECADES = 0.6
"""Between the reference and the median of twenty seeds: half of what the reference's own layers scatter."""


@cache
def outcome(number: int) -> ClaimOutcome:
    return run_claim(number, TRAINED_SEEDS if number in TRAINED else SEEDS)


@pytest.mark.parametrize("number", range(1, 32))
def test_claim_gets_the_verdict_that_the_literature_gives(number: int):
    assert outcome(number).verdict is VERDICTS[number - 1], outcome(number).sentence


@pytest.mark.parametrize("number", TRAINED)
def test_every_seed_of_a_trained_claim_falls_on_the_side_of_the_median(number: int):
    for found in outcome(number).measured:
        extremes = [msgspec.structs.replace(found, value=value).holds for value in (found.least, found.most)]
        assert extremes == [found.holds] * 2, f"{found.words}: {found.least:g} to {found.most:g}"


@pytest.mark.parametrize("number", LOG10)
def test_gradients_before_training_agree_with_the_reference(number: int):
    entry, key, names = LOG10[number]
    for name in names:
        assert outcome(number).value(name) == pytest.approx(REFERENCE[entry][key][name], abs=DECADES), name


def test_small_weights_agree_with_the_reference():
    for sigma, expected in REFERENCE["E04_small_init_tanh_L10"]["log10_first_over_last"].items():
        assert outcome(16).value(f"sigma{float(sigma):g}") == pytest.approx(expected, abs=DECADES)


def test_slopes_of_tanh_agree_with_the_reference():
    for output, expected in REFERENCE["E01_tanh_saturation"]["deriv_at_output"].items():
        name = f"slope_at_{float(output):g}"
        if name != "slope_at_0.5":
            assert outcome(2).value(name) == pytest.approx(expected, rel=1e-9)


def test_factors_of_normalised_layers_agree_with_the_reference():
    for name, expected in REFERENCE["E09_norm_layers_growth_per_layer_of_norm"]["rate"].items():
        assert outcome(22).value(name) == pytest.approx(expected, rel=0.05)


def test_scale_of_the_inputs_agrees_with_the_reference():
    for scale, expected in REFERENCE["E20_input_normalisation_sigmoid_L10"]["log10_first_over_last"].items():
        assert outcome(17).value(f"x{float(scale[2:]):g}") == pytest.approx(expected, abs=DECADES)


def test_dropout_and_smaller_weights_agree_with_the_reference():
    expected = REFERENCE["E13_dropout_L2"]["log10_first_over_last_L20"]
    names = {"tanh_dropout0": "dropout0", "tanh_dropout0.5": "dropout0.5"}
    names |= {f"tanh_shrunk{share}": f"weights_shrunk_x{share}" for share in ("0.9", "0.7")}
    for ours, theirs in names.items():
        assert outcome(18).value(ours) == pytest.approx(expected[theirs], abs=DECADES), ours


def test_one_matrix_scatters_more_than_many_as_in_the_reference():
    entry = REFERENCE["E14_shared_vs_independent"]
    assert outcome(19).value("spread_shared") == pytest.approx(entry["std_log10_shared"], rel=0.5)
    assert outcome(19).value("spread_independent") == pytest.approx(entry["theory_std_indep"], rel=0.5)


def test_cells_through_time_agree_with_the_reference():
    reference = REFERENCE["E11_cells_T100_log10"]["val"]
    for ours, theirs in {"lstm_0": "lstm_torch_default", "lstm_1": "lstm_fb1", "gru": "gru_torch_default"}.items():
        assert outcome(24).value(ours) == pytest.approx(reference[theirs], rel=0.35), ours
    for ours, theirs in {"lstm_3": "lstm_fb3", "lstm_5": "lstm_fb5"}.items():
        assert outcome(24).value(ours) == pytest.approx(reference[theirs], abs=1.2), ours


def test_radius_and_inputs_agree_with_the_reference():
    reference = REFERENCE["E15_spectral_radius_T50_log10_norm_J"]["val"]
    for name in ("radius0.8_input0", "radius0.8_input1", "radius1.2_input1"):
        theirs = reference[f"{name.replace('radius', 'rho').replace('input', 'input')}.0"]
        assert outcome(31).value(name) == pytest.approx(theirs, rel=0.25), name
    assert outcome(31).value("radius1.2_input0") > 0.0 < reference["rho1.2_input0.0"]


@pytest.mark.parametrize(
    ("number", "name", "entry", "field"),
    [
        (12, "sgd", "T_sigmoid_sgd", "dW_first"),
        (12, "adam", "T_sigmoid_adam", "dW_first"),
        (12, "sgd_last", "T_sigmoid_sgd", "dW_last"),
        (27, "change", "T_sigmoid_sgd_10x_epochs", "dW_first"),
        (8, "change_clipped", "T_sigmoid_sgd_clip1", "dW_first"),
    ],
)
def test_change_of_weights_has_the_order_of_magnitude_of_the_reference(number: int, name: str, entry: str, field: str):
    assert outcome(number).value(name) == pytest.approx(math.log10(REFERENCE[entry][field]), abs=1.0)


def test_losses_lie_on_the_same_side_of_guessing_as_in_the_reference():
    assert outcome(11).value("sigmoid") == pytest.approx(REFERENCE["T_sigmoid_sgd"]["loss"], abs=0.05)
    assert outcome(11).value("tanh_loss") < 1.0 > REFERENCE["T_tanh_xavier"]["loss"]
    assert outcome(22).value("right") > 0.9 < REFERENCE["T_sigmoid_bn_sgd"]["acc"]
    assert 0.6 < outcome(23).value("right") < 0.97 > REFERENCE["T_sigmoid_res_sgd"]["acc"] > 0.6
    assert outcome(6).value("first") == pytest.approx(REFERENCE["T_sigmoid_sgd"]["W1_norm_ratio"], abs=1e-6)
    assert outcome(9).value("free_stays_finite") == float(not REFERENCE["T_relu_sw4"]["bad"])
    assert outcome(9).value("loss") > 2.0 < math.log10(REFERENCE["T_relu_sw4_clip1"]["loss"])


def test_every_claim_has_a_test_and_a_verdict_to_compare_with():
    assert [found.number for found in claims()] == list(range(1, len(VERDICTS) + 1))
