"""Notes and titles read aloud: with the words of the lines beside them, and without signs."""

import re

import pytest

from vgdesk.present.derivation_tree import sheet_spoken
from vgdesk.present.derivation_views import ledger_sheet, matrix_sheet, path_sheet
from vgdesk.present.formula import prose_spoken
from vgdesk.present.sheet import equation_sheet
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import gradient_views
from vgdesk.study.derive import derive


def test_notes_and_titles_are_read_as_the_lines_are():
    said = sheet_spoken(equation_sheet(derive(example("insurance"), "w1")))
    assert "d 1 is positive because w 9 is negative." in said
    assert "Step 5: Where d 1 comes from." in said
    assert said.endswith("the experiment's learning rate eta equals 0.5.\n")


def test_a_unit_that_its_owner_calls_h1_is_called_so_in_notes_and_lines():
    said = sheet_spoken(path_sheet(gradient_views(example("mazur"), "w1").paths(2)))
    assert "w 1 to z h1 to h1 to z o1 to o1 to L." in said
    assert prose_spoken("h1 reads w1", {"h1"}) == "h1 reads w 1"


@pytest.mark.parametrize("name", ["insurance", "mazur", "xor", "four-steps-lstm"])
def test_no_view_is_read_aloud_with_a_sign_or_a_greek_letter(name):
    views = gradient_views(example(name), "w1")
    sheets = [equation_sheet(derive(example(name), "w1")), path_sheet(views.paths(9)), ledger_sheet(views.ledger())]
    for sheet in (*sheets, matrix_sheet(views.matrices())):
        said = sheet_spoken(sheet)
        assert said.isascii()
        assert not re.search(r"[=<>+*/^_]|\b[wdbvu]\d", said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("by momentum μ = 0.9, η = 0.1; later", "by momentum mu equals 0.9, eta equals 0.1; later"),
        ("far above ε = 1e-08: η / 0.1", "far above epsilon equals 1 times 10 to the minus 8: eta over 0.1"),
        ("With a = -0.5, b = 1e+20.", "With a equals minus 0.5, b equals 1 times 10 to the 20."),
        ("x-ray 2 of layer 3, step 1: w12 and W[1]", "x-ray 2 of layer 3, step 1: w 12 and W[1]"),
        ("minus 17.2% − 3 × 4", "minus 17.2% minus 3 by 4"),
        ("Path 1: 1.13×10³% of the gradient", "Path 1: 1.13 times 10 to the 3% of the gradient"),
        ("Path 2: −4×10⁻¹²%", "Path 2: minus 4 times 10 to the minus 12%"),
    ],
)  # fmt: skip
def test_sentences_are_read_without_signs(text, said):
    assert prose_spoken(text) == said
