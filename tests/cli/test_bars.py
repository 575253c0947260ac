"""The table of layers fits the terminal: its bars keep their proportions, its numbers are never cut."""

import math

import pytest

from vgdesk.cli.bars import gradient_lines

NORMS = [-12.04, -6.0, math.nan, -math.inf, -0.52]


@pytest.mark.parametrize("width", [120, 80, 40, 36])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(len, gradient_lines(NORMS, width))) <= width


@pytest.mark.parametrize("width", [80, 40, 20, 10, 1])
def test_every_magnitude_stands_whole_at_every_width(width):
    lines = gradient_lines(NORMS, width)
    for line, magnitude in zip(
        lines[1:], ["9.12×10⁻¹³", "1.00×10⁻⁶", "not a number", "exactly 0", "3.02×10⁻¹"], strict=True
    ):
        assert magnitude in line


@pytest.mark.parametrize("width", [80, 60, 45])
def test_longest_bar_reaches_the_end_of_the_room_and_the_others_keep_their_share(width):
    bars = [line.count("█") for line in gradient_lines([-10.0, -5.0, 0.0], width)[1:]]
    assert bars[2] == min(32, width - len("layer  1.00×10⁻¹⁰  -10.00  "))
    assert [bar / bars[2] for bar in bars] == pytest.approx([1 / 11, 6 / 11, 1], abs=1 / bars[2])


def test_bars_of_a_terminal_without_block_characters_are_ascii():
    line = gradient_lines([-10.0, 0.0], 80, blocks=False)[2]
    assert line.endswith("#" * 32)
