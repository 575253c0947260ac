"""Spells formulas in LaTeX for the amsmath package."""

from collections.abc import Sequence
from typing import ClassVar

from vgdesk.present.formula.grouping import grouped
from vgdesk.present.formula.notation import FUNCTIONS, NameKind, greek_name, name_kind
from vgdesk.present.formula.numbers import shown_number
from vgdesk.present.formula.printer import KeepingPrinter, is_transposed
from vgdesk.records.formula import Bracket, Formula, Relation, Symbol

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
    return _PRINTER.print(grouped(formula))


def to_aligned_latex(formula: Formula) -> str:
    """Returns one line for `align*`: the first relation sign is the point of alignment."""
    tree, printer = grouped(formula), _PRINTER
    if not isinstance(tree, Relation) or len(tree.sides) < 2:
        return r"&\quad " + printer.print(tree)
    first, second, *others = (printer.print(side) for side in tree.sides)
    _, sign, *signs = printer.relation_signs(tree)
    return f"{first} &{sign} " + printer.relation([second, *others], ["", *signs])


def escaped(text: str) -> str:
    r"""Returns text in which no character is a command, for `\text{...}`."""
    return "".join(_ESCAPED.get(character, character) for character in " ".join(text.splitlines()))


class _LatexPrinter(KeepingPrinter):
    minus = "-"
    plus = " + "
    taken_away = " - "
    signs: ClassVar = {"dot": r" \cdot ", "times": r" \times ", "thin": r" \, ", "hadamard": r" \odot "}
    operators: ClassVar = {
        "=": "=", "approx": r"\approx", "arrow": r"\leftarrow", ">": ">", "<": "<", ">=": r"\ge", "<=": r"\le",
    }  # fmt: skip
    when = " & "
    if_ = r" & \text{if } "

    def token(self, token: str) -> str:
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

    def symbol(self, symbol: Symbol) -> str:
        name = self.name(symbol.name)
        if symbol.bold:
            name = rf"\boldsymbol{{{name}}}" if name_kind(symbol.name) is NameKind.GREEK else rf"\mathbf{{{name}}}"
        subscript = f"_{{{self.name(symbol.subscript)}}}" if symbol.subscript else ""
        superscript = f"^{{({self.name(symbol.superscript)})}}" if symbol.superscript else ""
        # A prime is a superscript to LaTeX, and takes a second one only directly behind it.
        return name + "'" * symbol.prime + superscript + subscript if symbol.prime else name + subscript + superscript

    def number(self, value: float, digits: int) -> str:
        shown = shown_number(value, digits)
        spelled = {"NaN": r"\mathrm{NaN}", "∞": r"\infty"}.get(shown.digits, shown.digits)
        power = "" if shown.exponent is None else rf" \times 10^{{{shown.exponent}}}"
        return ("-" if shown.is_negative else "") + spelled + power

    def text(self, text: str) -> str:
        return rf"\text{{{escaped(text)}}}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def power(self, base: str, exponent: Formula) -> str:
        raised = r"\top" if is_transposed(exponent) else self.print(exponent)
        return f"{base}^{{{raised}}}"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return function + _fenced("(", ", ".join(arguments), ")")

    def partial(self, of: str, wrt: str) -> str:
        return rf"\frac{{\partial {of}}}{{\partial {wrt}}}"

    def norm(self, body: str) -> str:
        return rf"\left\Vert {body} \right\Vert"

    def bracket(self, bracket: Bracket) -> str:
        left, right = "[]" if bracket.square else "()"
        return _fenced(left, self.print(bracket.body), right)

    def under(self, body: str, label: Formula) -> str:
        return rf"\underbrace{{{body}}}_{{{self.print(label)}}}"

    def big_product(self, index: str, lower: str, upper: str, body: str) -> str:
        return rf"\prod_{{{index}={lower}}}^{{{upper}}} {body}"

    def cases(self, rows: Sequence[str]) -> str:
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def matrix(self, rows: Sequence[Sequence[str]], fenced: bool) -> str:
        inside = r" \\ ".join(" & ".join(row) for row in rows)
        columns = "l" * max((len(row) for row in rows), default=1)
        begin, end = ("{bmatrix}", "{bmatrix}") if fenced else (f"{{array}}{{{columns}}}", "{array}")
        return rf"\begin{begin} {inside} \end{end}"


def _fenced(left: str, body: str, right: str) -> str:
    r"""Returns the body between fences, which grow only where something tall stands: `\sigma(z)` stays readable."""
    is_tall = any(command in body for command in (r"\frac", r"\prod", r"\under", r"\begin", "^{"))
    return rf"\left{left}{body}\right{right}" if is_tall else left + body + right


_PRINTER = _LatexPrinter()
