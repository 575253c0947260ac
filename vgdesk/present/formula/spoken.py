"""Spells formulas as they are read aloud: "the partial of L by w 1 equals d 1 times d 2".

A screen reader knows neither fractions nor indices, so structure becomes words: an index follows its letter, a layer or
time step is "super", parentheses are said. No word depends on a sign that a voice may swallow.
"""

import re

from vgdesk.present.formula.grouping import grouped, joints
from vgdesk.present.formula.notation import FUNCTIONS, TRANSPOSED, NameKind, greek_name, index_tokens, name_kind
from vgdesk.present.formula.numbers import shown_number
from vgdesk.records.formula import (
    BigProduct,
    Bracket,
    Call,
    Cases,
    Formula,
    Fraction,
    Ink,
    Matrix,
    Negative,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
    Under,
)

_SIGN = {"dot": "times", "times": "times", "thin": "times", "hadamard": "times element by element"}
_OPERATOR = {
    "=": "equals",
    "approx": "is about",
    "arrow": "becomes",
    ">": "is greater than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
}
_IN_TEXT = _OPERATOR | {"×": "by", "≈": "is about", "≤": "is at most", "≥": "is at least", "−": "minus", "+": "plus"}
_SHAPE = re.compile(r"(?<=\d)×(?=\d)")
_INDEX_SIGN = {"-": "minus", "+": "plus", "=": "equals", ",": ""}
_SPOKEN_FUNCTION = {"ln": "the natural logarithm", "log": "the logarithm", "exp": "the exponential", "id": "identity"}
_MINUS = "minus "


def to_spoken(formula: Formula) -> str:
    """Returns the formula in words, for screen readers and for reading aloud in class."""
    return " ".join(_say(grouped(formula, linear=True)).split())


def _say(formula: Formula) -> str:
    match formula:
        case Symbol():
            return _symbol(formula)
        case Number(value, digits):
            return _number(value, digits)
        case Text(text):
            return " ".join(_IN_TEXT.get(word, word) for word in _SHAPE.sub(" by ", text).split(" "))
        case Negative(body):
            return f"{_MINUS}{_say(body)}"
        case Sum(terms):
            return _sum(terms)
        case Product():
            return _product(formula)
        case Fraction(numerator, denominator):
            return f"{_say(numerator)} over {_say(denominator)}"
        case Power(base, exponent):
            return f"{_say(base)} {_exponent(exponent)}"
        case Relation(sides, operator):
            return f" {_OPERATOR[operator]} ".join(map(_say, sides))
        case Ink(_, body):
            return _say(body)
        case _:
            return _structure(formula)


def _structure(formula: Formula) -> str:
    match formula:
        case Call(function, arguments):
            return f"{_say(function)} of {' and '.join(map(_say, arguments))}"
        case Partial(of, wrt):
            return f"the partial of {_say(of)} by {_say(wrt)}"
        case Norm(body):
            return f"the norm of {_say(body)}"
        case Bracket(Number() as number):
            return _say(number)  # "minus 2" needs none when it is heard
        case Bracket(body):
            return f"open parenthesis {_say(body)} close parenthesis"
        case Under(body, Text() as label):
            return f"{_say(body)}, {_say(label)},"
        case Under(body, label):
            return f"{_say(body)}, called {_say(label)},"
        case BigProduct(index, lower, upper, body):
            return f"the product over {_say(index)} from {_say(lower)} to {_say(upper)} of {_say(body)}"
        case Cases(rows):
            return "; ".join(_row(*row) for row in rows)
        case Matrix():
            return _matrix(formula)
        case _:
            raise TypeError(f"no words for {type(formula).__name__}")


def _sum(terms: tuple[Formula, ...]) -> str:
    if not terms:
        return "0"
    first, *others = map(_say, terms)
    return first + "".join(f" {other}" if other.startswith(_MINUS) else f" plus {other}" for other in others)


def _product(product: Product) -> str:
    if not product.factors:
        return "1"
    first, *others = map(_say, product.factors)
    return first + "".join(f" {_SIGN[sign]} {other}" for sign, other in zip(joints(product), others, strict=True))


def _exponent(exponent: Formula) -> str:
    if exponent == Symbol(TRANSPOSED):
        return "transposed"
    squared = {Number(2.0): "squared", Number(3.0): "cubed"}.get(exponent) if isinstance(exponent, Number) else None
    return squared or f"to the power of {_say(exponent)}"


def _row(value: Formula, condition: Formula) -> str:
    is_said = isinstance(condition, Text) and condition.text.startswith(("otherwise", "if", "else"))
    return f"{_say(value)} " + ("" if is_said else "if ") + _say(condition)


def _matrix(matrix: Matrix) -> str:
    """Says a matrix row by row; a vector and a single row are lists."""
    rows = [", ".join(map(_say, row)) for row in matrix.rows]
    if not matrix.fenced:
        return "; ".join(rows)
    if len(rows) == 1:
        return f"the row {rows[0]}"
    if all(len(row) == 1 for row in matrix.rows):
        return f"the column {', '.join(rows)}"
    said = "; ".join(f"row {number}: {row}" for number, row in enumerate(rows, 1))
    return f"the matrix of {len(rows)} by {len(matrix.rows[0])}: {said}; end of matrix"


def _number(value: float, digits: int) -> str:
    shown = shown_number(value, digits)
    said = {"NaN": "not a number", "∞": "infinity"}.get(shown.digits, shown.digits)
    sign = _MINUS if shown.is_negative else ""
    if shown.exponent is None:
        return sign + said
    power = f"{_MINUS}{-shown.exponent}" if shown.exponent < 0 else str(shown.exponent)
    return f"{sign}{said} times 10 to the {power}"


def _symbol(symbol: Symbol) -> str:
    parts = [_name(symbol.name), *["prime"] * symbol.prime]
    if symbol.subscript:
        parts.append(_name(symbol.subscript))
    if symbol.superscript:
        parts.append(f"super {_name(symbol.superscript)}")
    return " ".join(parts)


def _name(name: str) -> str:
    return " ".join(_token(token) for token in index_tokens(name))


def _token(token: str) -> str:
    match name_kind(token):
        case NameKind.GREEK:
            return greek_name(token)
        case NameKind.FUNCTION:
            return _SPOKEN_FUNCTION.get(token, FUNCTIONS[token])
        case NameKind.DOTS:
            return "and so on"
        case _:
            return _INDEX_SIGN.get(token, token)
