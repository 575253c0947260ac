"""The three-way check in words names what differs."""

from math import inf

import msgspec

from tests.builders import chain
from vgdesk.present.check import brief_check_line, check_cells, check_line
from vgdesk.spec.library import example
from vgdesk.study.verify import verify


def test_the_line_of_a_right_gradient_says_that_all_are_equal():
    line = check_line(verify(example("insurance")), "w1")
    assert line.startswith("symbolic 0.0015 = backprop 0.0015 = difference 0.0015 · error ≤ 2×10⁻¹⁶ · slope 2.00")


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
    assert check_cells(row)[0] == "w1 differs"
    assert "symbolic 0.0015 ≠ backprop" in check_line(spoiled, "w1")
    assert check_line(spoiled, "w2").endswith("slope 1.00")


def test_the_brief_line_keeps_numbers_error_and_slope():
    verification = verify(example("insurance"))
    assert brief_check_line(verification, "w1") == "0.0015 = 0.0015 = 0.0015 · error ≤ 2×10⁻¹⁶ · slope 2.00"


def test_an_error_against_an_exact_zero_is_endless_and_no_odd_power_of_ten():
    verification = verify(example("insurance"))
    row = msgspec.structs.replace(verification.rows[2], relative_error_backpropagated=inf, agrees=False)
    spoiled = msgspec.structs.replace(verification, rows=(row,), largest_error_backpropagated=inf)
    assert "error ∞" in check_line(spoiled, "w3")
    assert check_cells(row)[4] == "∞"


def test_the_line_names_the_examples_whose_mean_is_checked():
    verification = verify(example("xor"))
    assert brief_check_line(verification, "w1").startswith("0.0446 = 0.0446 = 0.0446 · mean of examples 1–4 · error ≤")
    assert "example" not in check_line(verify(example("insurance")), "w1")


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


def test_a_weight_that_was_not_checked_has_no_line():
    assert check_line(verify(example("insurance")), "w99") == ""
