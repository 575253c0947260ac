"""The three-way check in words names what differs."""

from math import inf

import msgspec

from tests.builders import chain
from vgdesk.present.check import check_cells, check_lines, check_sentence, error_words
from vgdesk.present.formula import to_text
from vgdesk.records.derivation import Verification
from vgdesk.spec.library import example
from vgdesk.study.derive import derive
from vgdesk.study.verify import verify


def check_line(verification: Verification, name: str) -> str:
    """Returns the longest line, "" where there is none."""
    return next(iter(check_lines(verification, name)), "")


def test_the_line_of_a_right_gradient_says_that_all_are_equal():
    line = check_line(verify(example("insurance")), "w1")
    assert line.startswith("symbolic 0.0015 = backprop 0.0015 = difference 0.0015 · error ≤ 3×10⁻¹⁶ · slope 2.00")


def test_numbers_that_agree_are_printed_alike_where_they_lie_on_two_sides_of_a_half():
    right = verify(example("insurance"))
    row = msgspec.structs.replace(
        right.rows[0], symbolic=0.0136049999999, backpropagated=0.0136050000001, central_difference=0.0136049999998
    )
    line = check_line(msgspec.structs.replace(right, rows=(row,)), row.name)
    assert "symbolic 0.0136 = backprop 0.0136 = difference 0.0136" in line


def test_a_row_that_differs_says_so_without_colour():
    verification = verify(example("insurance"))
    row = msgspec.structs.replace(verification.rows[0], agrees=False)
    spoiled = msgspec.structs.replace(verification, rows=(row, *verification.rows[1:]), taylor_backpropagated=1.0)
    assert check_cells(row)[0] == "w₁ differs"
    assert "symbolic 0.0015 ≠ backprop" in check_line(spoiled, "w1")
    assert check_line(spoiled, "w2").endswith("slope 1.00")


def test_with_less_room_slope_and_error_go_before_the_names_of_the_routes():
    lines = check_lines(verify(example("insurance")), "w1")
    named, plain = "symbolic 0.0015 = backprop 0.0015 = difference 0.0015", "0.0015 = 0.0015 = 0.0015"
    error, slope = " · error ≤ 3×10⁻¹⁶", " · slope 2.00"
    assert lines == (named + error + slope, named + error, named, plain + error + slope, plain + error, plain)


def test_the_largest_error_of_the_rows_is_not_above_the_bound_that_is_told():
    verification = verify(example("insurance"))
    assert verification.largest_error_backpropagated > 2e-16  # rounded to nearest it would be 2×10⁻¹⁶
    assert error_words(verification) == "error ≤ 3×10⁻¹⁶"


def test_an_error_against_an_exact_zero_is_endless_and_no_odd_power_of_ten():
    verification = verify(example("insurance"))
    row = msgspec.structs.replace(verification.rows[2], relative_error_backpropagated=inf, agrees=False)
    spoiled = msgspec.structs.replace(verification, rows=(row,), largest_error_backpropagated=inf)
    assert "error ∞" in check_line(spoiled, "w3")
    assert check_cells(row)[4] == "∞"


def test_the_line_names_the_examples_whose_mean_is_checked_in_every_room():
    lines = check_lines(verify(example("xor")), "w1")
    assert all(line.startswith("mean of examples 1–4: ") for line in lines)
    assert lines[-1] == "mean of examples 1–4: 0.0446"
    assert "example" not in check_line(verify(example("insurance")), "w1")


def test_the_number_that_the_derivation_ends_in_stands_beside_the_mean():
    verification, derivation = verify(example("circles")), derive(example("circles"), "w2")
    line, result = check_lines(verification, "w2", derivation)[0], derivation.steps[3]
    assert "difference −0.007808 · example 1: −0.0328 ·" in line
    assert to_text(result.lines[0]) == "∂L/∂w₂ = −0.0328"
    assert "example 1:" not in check_lines(verification, "w3", derivation)[0]


def test_at_a_kink_the_line_holds_no_central_difference_beside_the_gradient():
    line = check_line(verify(chain([1.0, 0.5], [0.0, 0.25], 0.0, 0.5, "relu")), "b1")
    assert line.startswith("symbolic 0 = backprop 0 · error ≤ ")
    assert line.endswith(" · at a kink")
    assert "∞" not in line


def test_at_a_kink_the_row_holds_the_slopes_on_both_sides_and_no_error():
    verification = verify(chain([1.0, 0.5], [0.0, 0.25], 0.0, 0.5, "relu"))
    cells = {row.name: check_cells(row) for row in verification.rows}
    assert cells["b1"][3:] == ("0 below, −0.125 above", "0", "at a kink")
    assert cells["b2"][5] != "at a kink"


def test_the_sentence_spells_weight_and_error_as_the_rows_below_it_do():
    verification = verify(example("insurance"))
    worst = max(map(check_cells, verification.rows), key=lambda cells: cells[4])
    assert check_sentence(verification).partition(" The Taylor")[0].endswith(f", at {worst[0]}).")
    assert "largest relative error 2.2" in check_sentence(verification)
    assert "e-" not in check_sentence(verification)


def test_a_weight_that_was_not_checked_has_no_line():
    assert check_line(verify(example("insurance")), "w99") == ""
