"""Spells formulas in presentation MathML Core, which browsers draw and screen readers speak.

Every string becomes the text of an element and is escaped, so the result is well-formed XML whatever a name holds.
"""

from collections.abc import Sequence
from typing import ClassVar
from xml.sax.saxutils import escape

from vgdesk.present.formula.grouping import grouped, joints
from vgdesk.present.formula.notation import FUNCTIONS, GREEK, NameKind, greek_name, index_tokens, name_kind
from vgdesk.present.formula.numbers import shown_number
from vgdesk.present.formula.printer import Printer, is_transposed, says_when
from vgdesk.records.formula import Bracket, Formula, Negative, Number, Product, Symbol


def to_mathml(formula: Formula) -> str:
    """Returns one `math` element in MathML's namespace, in display style."""
    body = _MathmlPrinter().print(grouped(formula))
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{body}</math>'


class _MathmlPrinter(Printer):
    minus = "<mo>−</mo>"
    plus = "<mo>+</mo>"
    # The sign of factors that stand side by side is the invisible times, which is spoken.
    signs: ClassVar = {"dot": "⋅", "times": "×", "thin": "\u2062", "hadamard": "⊙"}
    operators: ClassVar = {"=": "=", "approx": "≈", "arrow": "←", ">": "&gt;", "<": "&lt;", ">=": "≥", "<=": "≤"}

    def negative(self, body: str) -> str:
        return _row(self.minus, body)

    def sum(self, terms: tuple[Formula, ...]) -> str:
        if not terms:
            return "<mn>0</mn>"
        parts = [self.print(terms[0])]
        for term in terms[1:]:
            match term:
                case Negative(body):
                    parts += [self.minus, self.print(body)]
                case Number(value, digits) if value < 0:
                    parts += [self.minus, self.number(-value, digits)]
                case _:
                    parts += [self.plus, self.print(term)]
        return _row(*parts)

    def product(self, product: Product) -> str:
        if not product.factors:
            return "<mn>1</mn>"
        first, *others = (self.print(factor) for factor in product.factors)
        signs = (f"<mo>{self.signs[sign]}</mo>" for sign in joints(product))
        return _row(first, *(sign + other for sign, other in zip(signs, others, strict=True)))

    def relation(self, sides: Sequence[str], signs: Sequence[str]) -> str:
        pairs = zip(signs, sides, strict=True)
        return _row(*(f"<mo>{sign}</mo>{side}" if sign else side for sign, side in pairs))

    def case(self, value: Formula, condition: Formula) -> str:
        spelt = self.print(condition)
        return _cells([self.print(value), spelt if says_when(condition) else _row("<mtext>if </mtext>", spelt)])

    def cases(self, rows: Sequence[str]) -> str:
        return _row("<mo>{</mo>", _table(rows))

    def token(self, token: str) -> str:
        return self._token(token, "")

    def _token(self, token: str, style: str) -> str:
        match name_kind(token):
            case NameKind.LETTER:
                return _element("mi", token, style)
            case NameKind.GREEK:
                return _element("mi", GREEK[greek_name(token)], style)
            case NameKind.FUNCTION:
                return _element("mi", FUNCTIONS[token], style)
            case NameKind.DIGITS:
                return _element("mn", token, style)
            case NameKind.DOTS:
                return "<mo>⋯</mo>"
            case NameKind.WORD:
                is_sign = len(token) == 1 and token in "-+=,"
                return _element("mo", "−" if token == "-" else token) if is_sign else _element("mtext", token, style)

    def name(self, name: str, bold: bool = False) -> str:
        style = ' style="font-weight: bold"' if bold else ""
        return _row(*(self._token(token, style) for token in index_tokens(name)))

    def symbol(self, symbol: Symbol) -> str:
        name = self.name(symbol.name, symbol.bold)
        raised = [f"<mo>{'′' * symbol.prime}</mo>"] if symbol.prime else []
        if symbol.superscript:
            raised.append(_fenced("(", self.name(symbol.superscript), ")"))
        if symbol.subscript and raised:
            return f"<msubsup>{name}{self.name(symbol.subscript)}{_row(*raised)}</msubsup>"
        if symbol.subscript:
            return f"<msub>{name}{self.name(symbol.subscript)}</msub>"
        return f"<msup>{name}{_row(*raised)}</msup>" if raised else name

    def number(self, value: float, digits: int) -> str:
        shown = shown_number(value, digits)
        mantissa = _element("mn" if shown.is_finite else "mi", shown.digits)
        parts = [self.minus] if shown.is_negative else []
        parts.append(mantissa)
        if shown.exponent is not None:
            sign = self.minus if shown.exponent < 0 else ""
            power = _row(sign, _element("mn", str(abs(shown.exponent))))
            parts += ["<mo>×</mo>", f"<msup><mn>10</mn>{power}</msup>"]
        return _row(*parts)

    def text(self, text: str) -> str:
        return _element("mtext", text)

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"<mfrac>{numerator}{denominator}</mfrac>"

    def power(self, base: str, exponent: Formula) -> str:
        return f"<msup>{base}{'<mo>⊤</mo>' if is_transposed(exponent) else self.print(exponent)}</msup>"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return _row(function, "<mo>\u2061</mo>", _fenced("(", _joined(arguments, ","), ")"))

    def partial(self, of: str, wrt: str) -> str:
        return f"<mfrac>{_row('<mo>∂</mo>', of)}{_row('<mo>∂</mo>', wrt)}</mfrac>"

    def norm(self, body: str) -> str:
        return _fenced("‖", body, "‖")

    def bracket(self, bracket: Bracket) -> str:
        left, right = "[]" if bracket.square else "()"
        return _fenced(left, self.print(bracket.body), right)

    def under(self, body: str, label: Formula) -> str:
        return f"<munder><munder>{body}<mo>⏟</mo></munder>{self.print(label)}</munder>"

    def big_product(self, index: str, lower: str, upper: str, body: str) -> str:
        below = _row(index, "<mo>=</mo>", lower)
        return _row(f"<munderover><mo>∏</mo>{below}{upper}</munderover>", body)

    def matrix(self, rows: Sequence[Sequence[str]], fenced: bool) -> str:
        table = _table([_cells(row) for row in rows])
        return _fenced("[", table, "]") if fenced else table


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<mtd>{cell}</mtd>" for cell in row)


def _table(rows: Sequence[str]) -> str:
    """Returns a table of rows whose cells are marked already."""
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in rows)}</mtable>"


def _fenced(left: str, body: str, right: str) -> str:
    return _row(f"<mo>{left}</mo>", body, f"<mo>{right}</mo>")


def _joined(parts: Sequence[str], operator: str) -> str:
    return _row(f"<mo>{operator}</mo>".join(parts))


def _row(*parts: str) -> str:
    """Groups parts as one: several children where MathML wants exactly one."""
    return f"<mrow>{''.join(parts)}</mrow>"


def _element(tag: str, text: str, attributes: str = "") -> str:
    """Returns an element with this text, less the control characters that XML forbids."""
    visible = "".join(character for character in text if character.isprintable())
    return f"<{tag}{attributes}>{escape(visible)}</{tag}>"
