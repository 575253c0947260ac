"""Spells formulas in one line of Unicode: ∂L/∂w₁ = ∂L/∂Awareness · ∂Awareness/∂w₁.

Indices and exponents use Unicode's small letters where all of them exist, and `_x`, `^(...)` where one is missing.
"""

from functools import lru_cache

from vgdesk.present.formula.grouping import grouped, joints
from vgdesk.present.formula.notation import (
    FUNCTIONS,
    GREEK,
    KEPT,
    TRANSPOSED,
    NameKind,
    greek_name,
    index_tokens,
    name_kind,
)
from vgdesk.present.formula.numbers import number_text
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

_SIGN = {"dot": " · ", "times": " × ", "thin": " ", "hadamard": " ⊙ "}
_OPERATOR = {"=": " = ", "approx": " ≈ ", "arrow": " ← ", ">": " > ", "<": " < ", ">=": " ≥ ", "<=": " ≤ "}
_SUBSCRIPT = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SUPERSCRIPT = dict(
    zip("0123456789+−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)


def to_text(formula: Formula) -> str:
    """Returns the formula as one line of Unicode text."""
    return _print(grouped(formula, linear=True))


def table_text(table: Matrix) -> str:
    """Returns a table as lines of text, its columns below each other."""
    rows = [[to_text(cell) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


@lru_cache(maxsize=KEPT)
def _print(formula: Formula) -> str:
    match formula:
        case Symbol():
            return _symbol(formula)
        case Number(value, digits):
            return number_text(value, digits)
        case Text(text):
            return text
        case Negative(body):
            return f"−{_print(body)}"
        case Sum(terms):
            return _sum(terms)
        case Product():
            return _product(formula)
        case Fraction(numerator, denominator):
            return f"{_print(numerator)}/{_print(denominator)}"
        case Power(base, exponent):
            return _power(base, exponent)
        case Relation(sides, operator):
            return _OPERATOR[operator].join(map(_print, sides))
        case Ink(_, body):
            return _print(body)
        case _:
            return _structure(formula)


def _structure(formula: Formula) -> str:
    match formula:
        case Call(function, arguments):
            return f"{_print(function)}({', '.join(map(_print, arguments))})"
        case Partial(of, wrt):
            return f"∂{_print(of)}/∂{_print(wrt)}"
        case Norm(body):
            return f"‖{_print(body)}‖"
        case Bracket(body, square):
            return f"[{_print(body)}]" if square else f"({_print(body)})"
        case Under(body, label):
            return f"{_print(body)}{{{_print(label)}}}"
        case BigProduct(index, lower, upper, body):
            ends = _lowered(f"{_print(index)}={_print(lower)}") + _raised(_print(upper))
            return f"∏{ends} {_print(body)}"
        case Cases(rows):
            return "{" + "; ".join(_row(*row) for row in rows) + "}"
        case Matrix(rows, fenced):
            inside = "; ".join(", ".join(map(_print, row)) for row in rows)
            return f"[{inside}]" if fenced else inside
        case _:
            raise TypeError(f"no text for {type(formula).__name__}")


def _sum(terms: tuple[Formula, ...]) -> str:
    if not terms:
        return "0"
    first, *others = map(_print, terms)
    return first + "".join(f" − {other[1:]}" if other.startswith("−") else f" + {other}" for other in others)


def _product(product: Product) -> str:
    if not product.factors:
        return "1"
    first, *others = map(_print, product.factors)
    return first + "".join(_SIGN[sign] + other for sign, other in zip(joints(product), others, strict=True))


def _power(base: Formula, exponent: Formula) -> str:
    below = _print(base)
    if "_" in below or "^" in below:
        below = f"({below})"
    return below + ("ᵀ" if exponent == Symbol(TRANSPOSED) else _raised(_print(exponent)))


def _row(value: Formula, condition: Formula) -> str:
    is_said = isinstance(condition, Text) and condition.text.startswith(("otherwise", "if", "else"))
    return f"{_print(value)} " + ("" if is_said else "if ") + _print(condition)


def _symbol(symbol: Symbol) -> str:
    subscript = _lowered(_name(symbol.subscript)) if symbol.subscript else ""
    superscript = _raised(f"({_name(symbol.superscript)})") if symbol.superscript else ""
    return _name(symbol.name) + "′" * symbol.prime + subscript + superscript


def _name(name: str) -> str:
    return "".join(_token(token) for token in index_tokens(name))


def _token(token: str) -> str:
    match name_kind(token):
        case NameKind.GREEK:
            return GREEK[greek_name(token)]
        case NameKind.FUNCTION:
            return FUNCTIONS[token]
        case NameKind.DOTS:
            return "⋯"
        case _:
            return "−" if token == "-" else token


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
