"""Spells formulas in LaTeX for the amsmath package."""

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

_SIGN = {"dot": r" \cdot ", "times": r" \times ", "thin": r" \, ", "hadamard": r" \odot "}
_OPERATOR = {
    "=": "=", "approx": r"\approx", "arrow": r"\leftarrow", ">": ">", "<": "<", ">=": r"\ge", "<=": r"\le",
}  # fmt: skip
_BUILT_IN = frozenset({"tanh", "ln", "log", "exp", "max", "min"})
_LOOKS_LIKE_LATIN = {"omicron": "o", "Upsilon": r"\Upsilon", "epsilon": r"\varepsilon", "phi": r"\varphi"}
_ESCAPED = {
    "×": r"$\times$",
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}",
}  # fmt: skip


def to_latex(formula: Formula) -> str:
    """Returns the LaTeX of a formula, without dollar signs."""
    return _print(grouped(formula))


def to_aligned_latex(formula: Formula) -> str:
    """Returns one line for `align*`: the first relation sign is the point of alignment."""
    tree = grouped(formula)
    if not isinstance(tree, Relation) or len(tree.sides) < 2:
        return r"&\quad " + _print(tree)
    operator = _OPERATOR[tree.operator]
    first, *others = (_print(side) for side in tree.sides)
    return f"{first} &{operator} " + f" {operator} ".join(others)


def escaped(text: str) -> str:
    r"""Returns text in which no character is a command, for `\text{...}`."""
    return "".join(_ESCAPED.get(character, character) for character in " ".join(text.splitlines()))


@lru_cache(maxsize=KEPT)
def _print(formula: Formula) -> str:
    match formula:
        case Symbol():
            return _symbol(formula)
        case Number(value, digits):
            return _number(value, digits)
        case Text(text):
            return rf"\text{{{escaped(text)}}}"
        case Negative(body):
            return f"-{_print(body)}"
        case Sum(terms):
            return _sum(terms)
        case Product():
            return _product(formula)
        case Fraction(numerator, denominator):
            return rf"\frac{{{_print(numerator)}}}{{{_print(denominator)}}}"
        case Power(base, exponent):
            return f"{_print(base)}^{{{_exponent(exponent)}}}"
        case Relation(sides, operator):
            return f" {_OPERATOR[operator]} ".join(map(_print, sides))
        case Ink(_, body):
            return _print(body)
        case _:
            return _structure(formula)


def _structure(formula: Formula) -> str:
    match formula:
        case Call(function, arguments):
            return _print(function) + _fenced("(", ", ".join(map(_print, arguments)), ")")
        case Partial(of, wrt):
            return rf"\frac{{\partial {_print(of)}}}{{\partial {_print(wrt)}}}"
        case Norm(body):
            return rf"\left\Vert {_print(body)} \right\Vert"
        case Bracket(body, square):
            return _fenced("[", _print(body), "]") if square else _fenced("(", _print(body), ")")
        case Under(body, label):
            return rf"\underbrace{{{_print(body)}}}_{{{_print(label)}}}"
        case BigProduct(index, lower, upper, body):
            return rf"\prod_{{{_print(index)}={_print(lower)}}}^{{{_print(upper)}}} {_print(body)}"
        case Cases(rows):
            return r"\begin{cases} " + r" \\ ".join(_row(*row) for row in rows) + r" \end{cases}"
        case Matrix(rows, fenced):
            inside = r" \\ ".join(" & ".join(map(_print, row)) for row in rows)
            columns = "l" * max((len(row) for row in rows), default=1)
            begin, end = ("{bmatrix}", "{bmatrix}") if fenced else (f"{{array}}{{{columns}}}", "{array}")
            return rf"\begin{begin} {inside} \end{end}"
        case _:
            raise TypeError(f"no LaTeX for {type(formula).__name__}")


def _fenced(left: str, body: str, right: str) -> str:
    r"""Returns the body between fences, which grow only where something tall stands: `\sigma(z)` stays readable."""
    is_tall = any(command in body for command in (r"\frac", r"\prod", r"\under", r"\begin", "^{"))
    return rf"\left{left}{body}\right{right}" if is_tall else left + body + right


def _sum(terms: tuple[Formula, ...]) -> str:
    if not terms:
        return "0"
    first, *others = map(_print, terms)
    return first + "".join(f" - {other[1:]}" if other.startswith("-") else f" + {other}" for other in others)


def _product(product: Product) -> str:
    if not product.factors:
        return "1"
    first, *others = map(_print, product.factors)
    return first + "".join(_SIGN[sign] + other for sign, other in zip(joints(product), others, strict=True))


def _exponent(exponent: Formula) -> str:
    return r"\top" if exponent == Symbol(TRANSPOSED) else _print(exponent)


def _row(value: Formula, condition: Formula) -> str:
    is_said = isinstance(condition, Text) and condition.text.startswith(("otherwise", "if", "else"))
    return f"{_print(value)} & " + ("" if is_said else r"\text{if } ") + _print(condition)


def _symbol(symbol: Symbol) -> str:
    name = _name(symbol.name)
    if symbol.bold:
        name = rf"\boldsymbol{{{name}}}" if name_kind(symbol.name) is NameKind.GREEK else rf"\mathbf{{{name}}}"
    subscript = f"_{{{_name(symbol.subscript)}}}" if symbol.subscript else ""
    superscript = f"^{{({_name(symbol.superscript)})}}" if symbol.superscript else ""
    # A prime is a superscript to LaTeX, and takes a second one only directly behind it.
    return name + "'" * symbol.prime + superscript + subscript if symbol.prime else name + subscript + superscript


def _name(name: str) -> str:
    return "".join(_token(token) for token in index_tokens(name))


def _token(token: str) -> str:
    match name_kind(token):
        case NameKind.LETTER | NameKind.DIGITS:
            return token
        case NameKind.GREEK:
            return _LOOKS_LIKE_LATIN.get(greek_name(token), "\\" + greek_name(token))
        case NameKind.FUNCTION:
            word = FUNCTIONS[token]
            return "\\" + word if word in _BUILT_IN else rf"\mathrm{{{word}}}"
        case NameKind.DOTS:
            return r"\cdots"
        case NameKind.WORD:
            if len(token) == 1 and token in "-+=,":
                return token
            return rf"\mathrm{{{token}}}" if token.isascii() and token.isalnum() else rf"\text{{{escaped(token)}}}"


def _number(value: float, digits: int) -> str:
    shown = shown_number(value, digits)
    spelled = {"NaN": r"\mathrm{NaN}", "∞": r"\infty"}.get(shown.digits, shown.digits)
    power = "" if shown.exponent is None else rf" \times 10^{{{shown.exponent}}}"
    return ("-" if shown.is_negative else "") + spelled + power
