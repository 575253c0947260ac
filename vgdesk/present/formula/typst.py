"""Spells formulas in Typst's math language, the source of every typeset picture.

Names become string literals, so that no character of a user's name is ever Typst code. Multi-letter words that are not
quoted would be compile errors, and a name directly before "(" a call, so parts are separated by spaces; but Typst
*shows* a space beside a string literal (d Awareness), so literals are glued to their neighbours. The spaces of = and +
belong to these signs and stay.

Each occurrence of a factor can be printed in a colour of its own, its *ink*. The colour survives on every glyph and bar
of Typst's SVG, which is how the window knows what is under the mouse; it is never shown.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import ClassVar

from vgdesk.present.formula.grouping import grouped
from vgdesk.present.formula.notation import FUNCTIONS, KEPT, NameKind, greek_name, index_tokens, name_kind
from vgdesk.present.formula.numbers import shown_number
from vgdesk.present.formula.printer import Printer, is_transposed
from vgdesk.records.formula import Bracket, Formula, Symbol

_GLUE = "\0"
"""Marks the sides of a string literal while printing; with the spaces around it, it goes at the end."""
InkOf = Callable[[int, str], str]
"""(which occurrence, counting from 0; factor id) -> "#rrggbb"."""

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


class _TypstPrinter(Printer):
    """Prints one formula; counts the inks on the way."""

    minus = "- "
    plus = " + "
    taken_away = " - "
    signs: ClassVar = {"dot": " dot.c ", "times": " times ", "thin": " thin ", "hadamard": " dot.o "}
    operators: ClassVar = {"=": "=", "approx": "approx", "arrow": "arrow.l", ">": ">", "<": "<", ">=": ">=", "<=": "<="}
    when = " & "
    if_ = f" & {_literal('if ')}"

    def __init__(self, ink_of: InkOf | None) -> None:
        self._ink_of = ink_of
        self._inks = 0

    def ink(self, factor: str, body: Callable[[], str]) -> str:
        if self._ink_of is None:
            return body()
        colour = self._ink_of(self._inks, factor)
        self._inks += 1
        return f'#text(fill: rgb("{colour}"), ${body()}$);'

    def token(self, token: str) -> str:
        return _token(token)

    def symbol(self, symbol: Symbol) -> str:
        return _symbol(symbol)

    def number(self, value: float, digits: int) -> str:
        return _number(value, digits)

    def text(self, text: str) -> str:
        return _literal(text)

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"frac({numerator}, {denominator})"

    def power(self, base: str, exponent: Formula) -> str:
        return f"{base}^({'top' if is_transposed(exponent) else self.print(exponent)})"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return f"{function} lr(({' comma '.join(arguments)}))"

    def partial(self, of: str, wrt: str) -> str:
        return f"frac(partial {of}, partial {wrt})"

    def norm(self, body: str) -> str:
        return f"norm({body})"

    def bracket(self, bracket: Bracket) -> str:
        left, right = "[]" if bracket.square else "()"
        return f"lr({left}{self.print(bracket.body)}{right})"

    def under(self, body: str, label: Formula) -> str:
        return f"underbrace({body}, {self.print(label)})"

    def big_product(self, index: str, lower: str, upper: str, body: str) -> str:
        return f"product_({index} = {lower})^({upper}) {body}"

    def cases(self, rows: Sequence[str]) -> str:
        return f"cases({', '.join(rows)})"

    def matrix(self, rows: Sequence[Sequence[str]], fenced: bool) -> str:
        inside = "; ".join(", ".join(row) for row in rows)
        look = 'delim: "["' if fenced else "delim: #none, align: #left, row-gap: #0.6em, column-gap: #1.2em"
        return f"mat({look}, {inside})"


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


@lru_cache(maxsize=KEPT)
def _number(value: float, digits: int) -> str:
    shown = shown_number(value, digits)
    spelled = {"NaN": _literal("NaN"), "∞": "infinity"}.get(shown.digits, shown.digits)
    power = "" if shown.exponent is None else f" times 10^({shown.exponent})"
    return ("- " if shown.is_negative else "") + spelled + power
