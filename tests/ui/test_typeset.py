"""Indices in running text are set below, in rich text as in what is painted by hand."""

import pytest

from vgdesk.ui.typeset import rich


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("σ_w = 1.2, σ_b = 0", "σ<sub>w</sub> = 1.2, σ<sub>b</sub> = 0"),
        ("whatever σ_w²", "whatever σ<sub>w</sub>²"),
        ("σ′(z_Awareness) in (0, 0.25]", "σ′(z<sub>Awareness</sub>) in (0, 0.25]"),
        ("‖∂h_T/∂h_t‖", "‖∂h<sub>T</sub>/∂h<sub>t</sub>‖"),
        ("χ₁ < 1\nand more", "χ₁ &lt; 1<br>and more"),
    ],
)
def test_the_index_of_a_letter_is_lowered(plain: str, typeset: str):
    assert rich(plain) == typeset


@pytest.mark.parametrize("name", ["batch_size", "sigma_w", "learning_rate 0.1"])
def test_a_word_with_an_underscore_stays_as_it_is(name: str):
    assert rich(name) == name
