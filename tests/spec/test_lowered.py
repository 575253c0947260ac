"""Names in plain text are spelt like the typeset ones."""

import pytest

from tests.builders import chain
from vgdesk.present.waterfall import waterfall_scene
from vgdesk.spec.library import example
from vgdesk.spec.lowered import lowered
from vgdesk.study.derivation_views import ledger


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("Update of w1", "Update of w₁"),
        ("1 path leads from w12 to the loss.", "1 path leads from w₁₂ to the loss."),
        ("h1(1), W2 and d3", "h₁(1), W₂ and d₃"),
        ("gamma2_1", "gamma2_1"),
        ("float16, 1e5 and layer 2", "float16, 1e5 and layer 2"),
        ("run w1.csv of a1.5", "run w1.csv of a1.5"),
    ],
)
def test_a_letter_with_a_number_has_the_number_below(plain, shown):
    assert lowered(plain) == shown


def test_the_waterfall_spells_the_gradient_as_the_sheet_above_it():
    subtitle = waterfall_scene(ledger(example("insurance"), "w1")).subtitle
    assert subtitle == "|∂L/∂w₁| = 0.0015, factor by factor from the loss to w₁"


def test_the_waterfall_of_several_paths_names_what_its_bars_multiply_to_and_what_all_paths_do():
    found = ledger(example("mazur"), "w1")
    assert len(waterfall_scene(found).bars) == len(found.rows)
    assert 10 ** found.rows[-1].log10_running == pytest.approx(0.000668, abs=5e-7)
    assert waterfall_scene(found).subtitle == (
        "largest path to w₁: 0.000668 · all paths: |∂L/∂w₁| = 0.000439 · factor by factor from the loss"
    )


def test_a_gradient_beyond_float64_keeps_its_exponent():
    tiny = ledger(chain([1e-9] * 40, [0.0] * 40, 1.0, 1.0, "sigmoid"), "w1")
    assert "×10⁻³" in waterfall_scene(tiny).subtitle
