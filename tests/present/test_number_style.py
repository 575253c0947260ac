"""Numbers in sentences look alike everywhere: "12.5%", a true minus sign, as many digits as are meant to be seen."""

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import vgdesk
from vgdesk.present.formula.numbers import HOVER_DIGITS, hover_text
from vgdesk.present.scale import value_text

SOURCES = Path(vgdesk.__file__).parent
SPACED_PERCENT = re.compile(r"(\d|^) %(?!\w)")
HYPHEN_IN_A_FORMULA = re.compile(r"\|?\b[A-Zh] - [a-zA-Z]\b(?!.*[=(])")


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yields line and text of every string that is no docstring."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def found(pattern: re.Pattern[str], folders: tuple[str, ...]) -> list[str]:
    files = [file for folder in folders for file in (SOURCES / folder).rglob("*.py")]
    assert files
    return [
        f"{file.relative_to(SOURCES)}:{line}: {text}"
        for file in files
        for line, text in sentences(ast.parse(file.read_text(encoding="utf-8")))
        if pattern.search(text)
    ]


def test_no_space_stands_before_a_percent_sign():
    assert not found(SPACED_PERCENT, ("ui", "present", "export", "diagnosis", "cli", "study", "spec"))


def test_axes_and_legends_have_a_true_minus_sign():
    assert not found(HYPHEN_IN_A_FORMULA, ("ui", "present", "export"))


@pytest.mark.parametrize("value", [0.123456789, -1.23456789e-20, 98765.4321, 2.0 / 3.0])
def test_numbers_of_tooltips_have_four_digits_and_no_hyphen(value: float):
    text = hover_text(value)
    digits = text.split("×")[0].replace(".", "").lstrip("−0")
    assert len(digits) == HOVER_DIGITS
    assert "-" not in text


def test_magnitudes_of_tooltips_have_the_same_digits_beyond_the_range_of_a_float():
    assert value_text(math.log10(1.23456) - 20, "log10") == "1.235×10⁻²⁰"
    assert value_text(math.log10(1.23456) - 400, "log10") == "1.235×10⁻⁴⁰⁰"
