"""The three-way check in words names what differs."""

import msgspec

from vgdesk.present.check import check_cells, check_line
from vgdesk.spec.library import example
from vgdesk.study.verify import verify


def test_the_line_of_a_right_gradient_says_that_all_are_equal():
    line = check_line(verify(example("insurance")), "w1")
    assert line.startswith("symbolic 0.0015 = backprop 0.0015 = difference 0.0015 · error ≤ 2×10⁻¹⁶ · slope 2.00")


def test_a_row_that_differs_says_so_without_colour():
    verification = verify(example("insurance"))
    row = msgspec.structs.replace(verification.rows[0], agrees=False)
    spoiled = msgspec.structs.replace(verification, rows=(row, *verification.rows[1:]), taylor_backpropagated=1.0)
    assert check_cells(row)[0] == "w1 differs"
    assert "symbolic 0.0015 ≠ backprop" in check_line(spoiled, "w1")
    assert check_line(spoiled, "w2").endswith("slope 1.00")


def test_a_weight_that_was_not_checked_has_no_line():
    assert check_line(verify(example("insurance")), "w99") == ""
