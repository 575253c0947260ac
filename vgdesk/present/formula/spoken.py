"""Spells formulas as they are read aloud: "the partial of L by w 1 equals d 1 times d 2".

A screen reader knows neither fractions nor indices, so structure becomes words: an index follows its letter, a layer or
time step is "super", parentheses are said. No word depends on a sign that a voice may swallow.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from vgdesk.present.formula.grouping import grouped
from vgdesk.present.formula.notation import FUNCTIONS, NameKind, greek_name, index_tokens, name_kind
from vgdesk.present.formula.numbers import shown_number
from vgdesk.present.formula.printer import Printer, is_transposed
from vgdesk.records.formula import Bracket, Formula, Number, Symbol, Text

_OPERATOR = {
    "=": "equals",
    "approx": "is approximately",
    "arrow": "becomes",
    ">": "is greater than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
}
IN_TEXT = _OPERATOR | {
    "×": "by",
    "≈": "is approximately",
    "≤": "is at most",
    "≥": "is at least",
    "−": "minus",
    "+": "plus",
}
"""Signs that stand between the words of a text, and how they are read."""
_SHAPE = re.compile(r"(?<=\d)×(?=\d)")
_INDEX_SIGN = {"-": "minus", "+": "plus", "=": "equals", ",": ""}
_SPOKEN_FUNCTION = {"ln": "the natural logarithm", "log": "the logarithm", "exp": "the exponential", "id": "identity"}
_MINUS = "minus "


def to_spoken(formula: Formula) -> str:
    """Returns the formula in words, for screen readers and for reading aloud in class."""
    # Whoever ends the sentence needs no comma, which is there for what would follow.
    return " ".join(_Speaker().print(grouped(formula, linear=True)).split()).rstrip(",")


class _Speaker(Printer):
    minus = _MINUS
    plus = " plus "
    taken_away = f" {_MINUS}"
    signs: ClassVar = {
        "dot": " times ",
        "times": " times ",
        "thin": " times ",
        "hadamard": " times element by element ",
    }
    operators: ClassVar = _OPERATOR
    when = " "
    if_ = " if "

    def name(self, name: str) -> str:
        return " ".join(self.token(token) for token in index_tokens(name))

    def token(self, token: str) -> str:
        match name_kind(token):
            case NameKind.GREEK:
                return greek_name(token)
            case NameKind.FUNCTION:
                return _SPOKEN_FUNCTION.get(token, FUNCTIONS[token])
            case NameKind.DOTS:
                return "and so on"
            case _:
                return _INDEX_SIGN.get(token, token)

    def symbol(self, symbol: Symbol) -> str:
        parts = [self.name(symbol.name), *["prime"] * symbol.prime]
        if symbol.subscript:
            parts.append(self.name(symbol.subscript))
        if symbol.superscript:
            parts.append(f"super {self.name(symbol.superscript)}")
        return " ".join(parts)

    def number(self, value: float, digits: int) -> str:
        shown = shown_number(value, digits)
        said = {"NaN": "not a number", "∞": "infinity"}.get(shown.digits, shown.digits)
        sign = _MINUS if shown.is_negative else ""
        if shown.exponent is None:
            return sign + said
        power = f"{_MINUS}{-shown.exponent}" if shown.exponent < 0 else str(shown.exponent)
        return f"{sign}{said} times 10 to the {power}"

    def text(self, text: str) -> str:
        return " ".join(IN_TEXT.get(word, word) for word in _SHAPE.sub(" by ", text).split(" "))

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{numerator} over {denominator}"

    def power(self, base: str, exponent: Formula) -> str:
        if is_transposed(exponent):
            return f"{base} transposed"
        squared = {Number(2.0): "squared", Number(3.0): "cubed"}.get(exponent) if isinstance(exponent, Number) else None
        return f"{base} {squared or f'to the power of {self.print(exponent)}'}"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return f"{function} of {' and '.join(arguments)}"

    def partial(self, of: str, wrt: str) -> str:
        return f"the partial of {of} by {wrt}"

    def norm(self, body: str) -> str:
        return f"the norm of {body}"

    def bracket(self, bracket: Bracket) -> str:
        body = self.print(bracket.body)
        # "minus 2" needs no parentheses when it is heard.
        return body if isinstance(bracket.body, Number) else f"open parenthesis {body} close parenthesis"

    def under(self, body: str, label: Formula) -> str:
        return f"{body}, {'' if isinstance(label, Text) else 'called '}{self.print(label)},"

    def big_product(self, index: str, lower: str, upper: str, body: str) -> str:
        return f"the product over {index} from {lower} to {upper} of {body}"

    def cases(self, rows: Sequence[str]) -> str:
        return "; ".join(rows)

    def matrix(self, rows: Sequence[Sequence[str]], fenced: bool) -> str:
        """Says a matrix row by row; a vector and a single row are lists. A voice has no brackets: each end is said."""
        said = [", ".join(row) for row in rows]
        if not fenced:
            return "; ".join(said)
        if len(rows) == len(rows[0]) == 1:
            return f"the matrix of 1 by 1: {said[0]}; end of matrix"
        if len(rows) == 1:
            return f"the row {said[0]}; end of row"
        if all(len(row) == 1 for row in rows):
            return f"the column {', '.join(said)}; end of column"
        numbered = "; ".join(f"row {number}: {row}" for number, row in enumerate(said, 1))
        return f"the matrix of {len(rows)} by {len(rows[0])}: {numbered}; end of matrix"
