"""Spells formulas in one line of Unicode: ∂L/∂w₁ = ∂L/∂Awareness · ∂Awareness/∂w₁.

Indices and exponents use Unicode's small letters where all of them exist, and `_x`, `^(...)` where one is missing.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar

from vgdesk.present.formula.grouping import grouped
from vgdesk.present.formula.notation import FUNCTIONS, GREEK, NameKind, greek_name, name_kind
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.formula.printer import KeepingPrinter, is_transposed
from vgdesk.records.formula import Bracket, Formula, Matrix, Symbol

_SUBSCRIPT = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SUPERSCRIPT = dict(
    zip("0123456789+−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)


def to_text(formula: Formula) -> str:
    """Returns the formula as one line of Unicode text."""
    return _PRINTER.print(grouped(formula, linear=True))


def table_text(table: Matrix) -> str:
    """Returns a table as lines of text, its columns below each other."""
    rows = [[to_text(cell) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


class _TextPrinter(KeepingPrinter):
    minus = "−"
    plus = " + "
    taken_away = " − "
    signs: ClassVar = {"dot": " · ", "times": " × ", "thin": " ", "hadamard": " ⊙ "}
    operators: ClassVar = {"=": "=", "approx": "≈", "arrow": "←", ">": ">", "<": "<", ">=": "≥", "<=": "≤"}
    when = " "
    if_ = " if "

    def token(self, token: str) -> str:
        match name_kind(token):
            case NameKind.GREEK:
                return GREEK[greek_name(token)]
            case NameKind.FUNCTION:
                return FUNCTIONS[token]
            case NameKind.DOTS:
                return "⋯"
            case _:
                return "−" if token == "-" else token

    def symbol(self, symbol: Symbol) -> str:
        subscript = _lowered(self.name(symbol.subscript)) if symbol.subscript else ""
        superscript = _raised(f"({self.name(symbol.superscript)})") if symbol.superscript else ""
        return self.name(symbol.name) + "′" * symbol.prime + subscript + superscript

    def number(self, value: float, digits: int) -> str:
        return number_text(value, digits)

    def text(self, text: str) -> str:
        return text

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{numerator}/{denominator}"

    def power(self, base: str, exponent: Formula) -> str:
        if ("_" in base or "^" in base) and not _is_in_parentheses(base):
            base = f"({base})"
        return base + ("ᵀ" if is_transposed(exponent) else _raised(self.print(exponent)))

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return f"{function}({', '.join(arguments)})"

    def partial(self, of: str, wrt: str) -> str:
        return f"∂{of}/∂{wrt}"

    def norm(self, body: str) -> str:
        return f"‖{body}‖"

    def bracket(self, bracket: Bracket) -> str:
        body = self.print(bracket.body)
        return f"[{body}]" if bracket.square else f"({body})"

    def under(self, body: str, label: Formula) -> str:
        return f"{body}{{{self.print(label)}}}"

    def big_product(self, index: str, lower: str, upper: str, body: str) -> str:
        return f"∏{_lowered(f'{index}={lower}')}{_raised(upper)} {body}"

    def cases(self, rows: Sequence[str]) -> str:
        return "{" + "; ".join(rows) + "}"

    def matrix(self, rows: Sequence[Sequence[str]], fenced: bool) -> str:
        inside = "; ".join(", ".join(row) for row in rows)
        return f"[{inside}]" if fenced else inside


def _is_in_parentheses(text: str) -> bool:
    """Whether the parenthesis that opens a text is closed by its last letter."""
    depths = list(accumulate((letter == "(") - (letter == ")") for letter in text))
    return text.startswith("(") and 0 not in depths[:-1]


def _lowered(text: str) -> str:
    return _small(text, _SUBSCRIPT, "_")


def _raised(text: str) -> str:
    return _small(text, _SUPERSCRIPT, "^")


def _small(text: str, letters: dict[str, str], mark: str) -> str:
    """Returns text in small letters where each exists, else behind a mark, in parentheses unless it is one word."""
    if all(character in letters for character in text):
        return "".join(letters[character] for character in text)
    if text.isalnum() or (text.startswith("(") and text.endswith(")") and text[1:-1].isalnum()):
        return mark + text
    return f"{mark}({text})"


_PRINTER = _TextPrinter()
