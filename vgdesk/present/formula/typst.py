"""Spells formulas in Typst's math language, the source of every typeset picture.

Names become string literals, so that no character of a user's name is ever Typst code. Multi-letter words that are not
quoted would be compile errors, and a name directly before "(" a call, so parts are separated by spaces; but Typst
*shows* a space beside a string literal (d Awareness), so literals are glued to their neighbours. The spaces of = and +
belong to these signs and stay.

Each occurrence of a factor can be printed in a colour of its own, its *ink*. The colour survives on every glyph and bar
of Typst's SVG, which is how the window knows what is under the mouse; it is never shown.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from vgdesk.present.formula.grouping import grouped, joints
from vgdesk.present.formula.notation import (
    FUNCTIONS,
    KEPT,
    TRANSPOSED,
    NameKind,
    greek_name,
    index_tokens,
    name_kind,
)
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

_GLUE = "\0"
"""Marks the sides of a string literal while printing; with the spaces around it, it goes at the end."""
InkOf = Callable[[int, str], str]
"""(which occurrence, counting from 0; factor id) -> "#rrggbb"."""

_SIGN = {"dot": " dot.c ", "times": " times ", "thin": " thin ", "hadamard": " dot.o "}
_OPERATOR = {"=": "=", "approx": "approx", "arrow": "arrow.l", ">": ">", "<": "<", ">=": ">=", "<=": "<="}
_BUILT_IN = frozenset({"tanh", "ln", "log", "exp"})


def to_typst(formula: Formula, ink_of: InkOf | None = None) -> str:
    """Returns Typst math source, without dollar signs; uncoloured unless `ink_of` gives a colour per occurrence."""
    return re.sub(f" *{_GLUE} *", "", _TypstPrinter(ink_of).print(grouped(formula)))


def inked_typst(formula: Formula) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Returns the source with every factor occurrence in its own ink, and the (ink, factor id) pairs in order."""
    inks: list[tuple[str, str]] = []

    def next_ink(occurrence: int, factor: str) -> str:
        inks.append((f"#{occurrence + 1:06x}", factor))
        return inks[-1][0]

    return to_typst(formula, next_ink), tuple(inks)


def quoted(text: str) -> str:
    """Returns a Typst string literal that holds exactly this text, less control characters."""
    visible = "".join(character for character in text if character.isprintable())
    return '"' + visible.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(text: str) -> str:
    return _GLUE + quoted(text) + _GLUE


class _TypstPrinter:
    """Prints one formula; counts the inks on the way."""

    def __init__(self, ink_of: InkOf | None) -> None:
        self._ink_of = ink_of
        self._inks = 0

    def print(self, formula: Formula) -> str:
        match formula:
            case Symbol():
                return _symbol(formula)
            case Number(value, digits):
                return _number(value, digits)
            case Text(text):
                return _literal(text)
            case Negative(body):
                return f"- {self.print(body)}"
            case Sum(terms):
                return self._sum(terms)
            case Product():
                return self._product(formula)
            case Fraction(numerator, denominator):
                return f"frac({self.print(numerator)}, {self.print(denominator)})"
            case Power(base, exponent):
                return f"{self.print(base)}^({self._exponent(exponent)})"
            case Relation(sides, operator):
                return f" {_OPERATOR[operator]} ".join(map(self.print, sides))
            case Ink(factor, body):
                return self._ink(factor, body)
            case _:
                return self._structure(formula)

    def _structure(self, formula: Formula) -> str:
        match formula:
            case Call(function, arguments):
                inside = self.print(function), " comma ".join(map(self.print, arguments))
                return f"{inside[0]} lr(({inside[1]}))"
            case Partial(of, wrt):
                return f"frac(partial {self.print(of)}, partial {self.print(wrt)})"
            case Norm(body):
                return f"norm({self.print(body)})"
            case Bracket(body, square):
                left, right = "[]" if square else "()"
                return f"lr({left}{self.print(body)}{right})"
            case Under(body, label):
                return f"underbrace({self.print(body)}, {self.print(label)})"
            case BigProduct(index, lower, upper, body):
                ends = [self.print(part) for part in (index, lower, upper)]
                return f"product_({ends[0]} = {ends[1]})^({ends[2]}) {self.print(body)}"
            case Cases(rows):
                return f"cases({', '.join(self._row(*row) for row in rows)})"
            case Matrix(rows, fenced):
                inside = "; ".join(", ".join(map(self.print, row)) for row in rows)
                look = 'delim: "["' if fenced else "delim: #none, align: #left, row-gap: #0.6em, column-gap: #1.2em"
                return f"mat({look}, {inside})"
            case _:
                raise TypeError(f"no Typst for {type(formula).__name__}")

    def _ink(self, factor: str, body: Formula) -> str:
        if self._ink_of is None:
            return self.print(body)
        colour = self._ink_of(self._inks, factor)
        self._inks += 1
        return f'#text(fill: rgb("{colour}"), ${self.print(body)}$);'

    def _sum(self, terms: tuple[Formula, ...]) -> str:
        if not terms:
            return "0"
        first, *others = map(self.print, terms)
        return first + "".join(f" {other}" if other.startswith("- ") else f" + {other}" for other in others)

    def _product(self, product: Product) -> str:
        if not product.factors:
            return "1"
        first, *others = map(self.print, product.factors)
        return first + "".join(_SIGN[sign] + other for sign, other in zip(joints(product), others, strict=True))

    def _exponent(self, exponent: Formula) -> str:
        return "top" if exponent == Symbol(TRANSPOSED) else self.print(exponent)

    def _row(self, value: Formula, condition: Formula) -> str:
        is_said = isinstance(condition, Text) and condition.text.startswith(("otherwise", "if", "else"))
        return f"{self.print(value)} & {'' if is_said else _literal('if ')}{self.print(condition)}"


@lru_cache(maxsize=KEPT)
def _symbol(symbol: Symbol) -> str:
    name = _name(symbol.name)
    if symbol.bold:
        name = f"upright(bold({name}))"
    raised = ["prime"] * symbol.prime
    if symbol.superscript:
        raised.append(f"({_name(symbol.superscript)})")
    subscript = f"_({_name(symbol.subscript)})" if symbol.subscript else ""
    superscript = f"^({' '.join(raised)})" if raised else ""
    return name + subscript + superscript


def _name(name: str) -> str:
    return " ".join(_token(token) for token in index_tokens(name))


def _token(token: str) -> str:
    match name_kind(token):
        case NameKind.LETTER | NameKind.DIGITS:
            return token
        case NameKind.GREEK:
            return greek_name(token)
        case NameKind.FUNCTION:
            word = FUNCTIONS[token]
            return word if word in _BUILT_IN else _literal(word)
        case NameKind.DOTS:
            return "dots.h.c"
        case NameKind.WORD:
            # A bare comma would end an argument.
            return {"-": "-", "+": "+", "=": "=", ",": "comma"}.get(token) or _literal(token)


@lru_cache(maxsize=KEPT)
def _number(value: float, digits: int) -> str:
    shown = shown_number(value, digits)
    spelled = {"NaN": _literal("NaN"), "∞": "infinity"}.get(shown.digits, shown.digits)
    power = "" if shown.exponent is None else f" times 10^({shown.exponent})"
    return ("- " if shown.is_negative else "") + spelled + power
