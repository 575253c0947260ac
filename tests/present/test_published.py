"""One line tells what is published of layers that follow each other and of no others."""

from vgdesk.present.published import published_lines
from vgdesk.records.prediction import Prediction, PublishedFactor


def lines(*values: float | None) -> list[str]:
    factors = tuple(None if value is None else PublishedFactor(value, "|∂L/∂h|²", "1 + χ") for value in values)
    return published_lines(Prediction(experiment="mine", profiles=(), published=factors))


def test_layers_between_which_another_stands_have_a_line_each():
    assert lines(1.5, None, 1.25) == [
        "published factor of |∂L/∂h|² in layer 1: 1.5 · 1 + χ",
        "published factor of |∂L/∂h|² in layer 3: 1.25 · 1 + χ",
    ]


def test_a_line_of_several_layers_tells_the_smallest_and_the_largest_factor():
    assert lines(None, 1.5, 3.0, 1.5) == ["published factor of |∂L/∂h|² in layers 2 to 4: between 1.5 and 3 · 1 + χ"]


def test_where_nothing_is_published_there_is_no_line():
    assert lines() == lines(None, None) == []
