"""A derivation becomes a sheet: numbered steps, every spelling, a sentence per factor."""

from dataclasses import replace

from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from tests.derivations import deep_derivation, insurance_derivation
from vgdesk.present.sheet import equation_sheet, factor_sentence, sheet_latex, sheet_text

SHEET = equation_sheet(insurance_derivation())


def test_sheet_as_text(snapshot: SnapshotAssertion):
    assert sheet_text(SHEET) == snapshot


def test_sheet_as_latex(snapshot: SnapshotAssertion):
    assert sheet_latex(SHEET) == snapshot


def test_details_can_be_left_out():
    assert "Where d1 comes from" in sheet_text(SHEET)
    assert "Where d1 comes from" not in sheet_text(SHEET, details=False)
    assert "Where d1 comes from" not in sheet_latex(SHEET, details=False)


def test_last_line_of_latex_has_no_line_break():
    assert not sheet_latex(SHEET, details=False).splitlines()[-2].endswith(r"\\")


def test_steps_are_numbered_from_one_in_order():
    assert [step.number for step in SHEET.steps] == [1, 2, 3, 4, 5, 6]


def test_factor_says_meaning_closed_form_and_value():
    assert SHEET.factor_text["d1"] == "d₁ = ∂L/∂Awareness = w₉ · δ_y = 0.03"


def test_tooltip_of_a_factor_has_one_digit_more_than_the_sheet():
    factor = deep_derivation().factors[2]
    assert factor_sentence(factor).endswith("= 0.202")
    assert "= 0.1235" in factor_sentence(structs.replace(factor, value=0.123456))


def test_every_ink_belongs_to_a_factor():
    inks = [factor for step in SHEET.steps for line in step.lines for _, factor in line.inks]
    assert inks == ["d1", "d2"] * 3 + ["d1", "d2"]
    assert set(inks) == SHEET.factor_place.keys()


def test_title_with_line_breaks_cannot_leave_the_comment():
    sheet = equation_sheet(insurance_derivation())
    nasty = replace(sheet, title="a\n\\input{x}\r\u2028b")
    assert all(line.startswith("%") for line in sheet_latex(nasty).split("\\begin")[0].splitlines())
