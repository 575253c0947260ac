"""Spells formulas in presentation MathML Core, which browsers draw and screen readers speak.

Every string becomes the text of an element and is escaped, so the result is well-formed XML whatever a name holds.
"""

from xml.sax.saxutils import escape

from vgdesk.present.formula.grouping import grouped, joints
from vgdesk.present.formula.notation import (
    FUNCTIONS,
    GREEK,
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

_SIGN = {"dot": "⋅", "times": "×", "thin": "\u2062", "hadamard": "⊙"}
"""The sign of factors that stand side by side is the invisible times, which is spoken."""
_OPERATOR = {"=": "=", "approx": "≈", "arrow": "←", ">": "&gt;", "<": "&lt;", ">=": "≥", "<=": "≤"}


def to_mathml(formula: Formula) -> str:
    """Returns one `math` element in MathML's namespace, in display style."""
    body = _print(grouped(formula))
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{body}</math>'


def _print(formula: Formula) -> str:
    match formula:
        case Symbol():
            return _symbol(formula)
        case Number(value, digits):
            return _number(value, digits)
        case Text(text):
            return _element("mtext", text)
        case Negative(body):
            return _row("<mo>−</mo>", _print(body))
        case Sum(terms):
            return _sum(terms)
        case Product():
            return _product(formula)
        case Fraction(numerator, denominator):
            return f"<mfrac>{_print(numerator)}{_print(denominator)}</mfrac>"
        case Power(base, exponent):
            raised = "<mo>⊤</mo>" if exponent == Symbol(TRANSPOSED) else _print(exponent)
            return f"<msup>{_print(base)}{raised}</msup>"
        case Relation(sides, operator):
            return _joined([_print(side) for side in sides], _OPERATOR[operator])
        case Ink(_, body):
            return _print(body)
        case _:
            return _structure(formula)


def _structure(formula: Formula) -> str:
    match formula:
        case Call(function, arguments):
            inside = _joined([_print(argument) for argument in arguments], ",")
            return _row(_print(function), "<mo>\u2061</mo>", _fenced("(", inside, ")"))
        case Partial(of, wrt):
            return f"<mfrac>{_row('<mo>∂</mo>', _print(of))}{_row('<mo>∂</mo>', _print(wrt))}</mfrac>"
        case Norm(body):
            return _fenced("‖", _print(body), "‖")
        case Bracket(body, square):
            return _fenced("[", _print(body), "]") if square else _fenced("(", _print(body), ")")
        case Under(body, label):
            return f"<munder><munder>{_print(body)}<mo>⏟</mo></munder>{_print(label)}</munder>"
        case BigProduct(index, lower, upper, body):
            below = _row(_print(index), "<mo>=</mo>", _print(lower))
            return _row(f"<munderover><mo>∏</mo>{below}{_print(upper)}</munderover>", _print(body))
        case Cases(rows):
            return _row("<mo>{</mo>", _table([(_print(value), _condition(when)) for value, when in rows]))
        case Matrix(rows, fenced):
            table = _table([tuple(map(_print, row)) for row in rows])
            return _fenced("[", table, "]") if fenced else table
        case _:
            raise TypeError(f"no MathML for {type(formula).__name__}")


def _sum(terms: tuple[Formula, ...]) -> str:
    if not terms:
        return "<mn>0</mn>"
    parts = [_print(terms[0])]
    for term in terms[1:]:
        match term:
            case Negative(body):
                parts += ["<mo>−</mo>", _print(body)]
            case Number(value, digits) if value < 0:
                parts += ["<mo>−</mo>", _number(-value, digits)]
            case _:
                parts += ["<mo>+</mo>", _print(term)]
    return _row(*parts)


def _product(product: Product) -> str:
    if not product.factors:
        return "<mn>1</mn>"
    first, *others = map(_print, product.factors)
    signs = (f"<mo>{_SIGN[sign]}</mo>" for sign in joints(product))
    return _row(first, *(sign + other for sign, other in zip(signs, others, strict=True)))


def _condition(condition: Formula) -> str:
    is_said = isinstance(condition, Text) and condition.text.startswith(("otherwise", "if", "else"))
    return _print(condition) if is_said else _row("<mtext>if </mtext>", _print(condition))


def _symbol(symbol: Symbol) -> str:
    name = _name(symbol.name, symbol.bold)
    raised = [f"<mo>{'′' * symbol.prime}</mo>"] if symbol.prime else []
    if symbol.superscript:
        raised.append(_fenced("(", _name(symbol.superscript), ")"))
    if symbol.subscript and raised:
        return f"<msubsup>{name}{_name(symbol.subscript)}{_row(*raised)}</msubsup>"
    if symbol.subscript:
        return f"<msub>{name}{_name(symbol.subscript)}</msub>"
    return f"<msup>{name}{_row(*raised)}</msup>" if raised else name


def _name(name: str, bold: bool = False) -> str:
    return _row(*(_token(token, bold) for token in index_tokens(name)))


def _token(token: str, bold: bool) -> str:
    style = ' style="font-weight: bold"' if bold else ""
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


def _number(value: float, digits: int) -> str:
    shown = shown_number(value, digits)
    mantissa = _element("mn" if shown.is_finite else "mi", shown.digits)
    parts = ["<mo>−</mo>"] if shown.is_negative else []
    parts.append(mantissa)
    if shown.exponent is not None:
        sign = "<mo>−</mo>" if shown.exponent < 0 else ""
        power = _row(sign, _element("mn", str(abs(shown.exponent))))
        parts += ["<mo>×</mo>", f"<msup><mn>10</mn>{power}</msup>"]
    return _row(*parts)


def _table(rows: list[tuple[str, ...]]) -> str:
    cells = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"


def _fenced(left: str, body: str, right: str) -> str:
    return _row(f"<mo>{left}</mo>", body, f"<mo>{right}</mo>")


def _joined(parts: list[str], operator: str) -> str:
    return _row(f"<mo>{operator}</mo>".join(parts))


def _row(*parts: str) -> str:
    """Groups parts as one: several children where MathML wants exactly one."""
    return f"<mrow>{''.join(parts)}</mrow>"


def _element(tag: str, text: str, attributes: str = "") -> str:
    """Returns an element with this text, less the control characters that XML forbids."""
    visible = "".join(character for character in text if character.isprintable())
    return f"<{tag}{attributes}>{escape(visible)}</{tag}>"
