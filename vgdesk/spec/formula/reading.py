"""Reads a formula: a walk over Python's syntax tree that knows a short list of nodes and refuses every other one.

    z*tanh(log(1+exp(z)))        where(z > 0, z, a*z); a = 0.1        piecewise((z, z > 0), (0.1*z, z > -1), 0)

After a semicolon stand the parameters' numbers. Nothing is executed, and the bounds hold before any arithmetic: 2,000
characters, 400 nodes, depth 60, integers up to 1e15, exponents up to 64.
"""

import ast
import math
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.characters import plain, require_known
from vgdesk.spec.formula.tree import FUNCTIONS, Constant, Operation, Tree, Z, has_variable
from vgdesk.spec.formula.values import constant_value

MOST_NODES = 400
MOST_DEPTH = 60
LARGEST_INTEGER = 10**15
LARGEST_EXPONENT = 64
CONSTANTS = {"pi": math.pi, "e": math.e}
ALIASES = {"ln": "log", "arctan": "atan"}
SEVERAL = ("max", "min", "where", "piecewise")
VOCABULARY = (
    "A formula in z, such as z*tanh(log(1+exp(z))) or where(z > 0, z, a*z); a = 0.1. It may hold numbers, pi, e, "
    f"parameters with their numbers after a semicolon, + - * / **, {' '.join((*FUNCTIONS, 'max', 'min'))}, "
    "where(condition, then, otherwise) and piecewise((value, condition), ..., otherwise)."
)
"""What a formula may hold, for people."""
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, bool]] = {
    ast.Gt: (">", False),
    ast.GtE: (">=", False),
    ast.Lt: (">", True),
    ast.LtE: (">=", True),
}
"""Name, and whether the sides change places."""
_FOREIGN: dict[type[ast.expr], str] = {
    ast.Attribute: "attribute access",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment :=",
    ast.JoinedStr: "a text",
    ast.Subscript: "an index [...]",
    ast.Starred: "a star",
    ast.Tuple: "a list of values outside piecewise",
    ast.Compare: "a comparison outside where and piecewise",
    ast.BoolOp: "and / or outside where and piecewise",
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class Formula(msgspec.Struct, frozen=True):
    """Is a formula that could be read.

    Attributes
    ----------
    text
        What was read: ASCII, single spaces; positions in sentences refer to it.
    tree
        Its meaning.
    parameters
        Names and numbers.
    """

    text: str
    tree: Tree
    parameters: tuple[tuple[str, float], ...] = ()


@lru_cache(maxsize=200)
def read_formula(text: str) -> Formula:
    """Reads a formula in z.

    Raises
    ------
    FormulaError
        One sentence with the position: a name, a sign or a construct that formulas do not have, or a bound exceeded.
    """
    normal = plain(text)
    body, semicolon, settings = normal.partition(";")
    require_known(body)
    parameters = _parameters(settings, len(body) + 2) if semicolon else {}
    tree = _Reader(parameters).number(_syntax(body), 1)
    return Formula(normal, tree, tuple(parameters.items()))


def _syntax(body: str) -> ast.expr:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python remarks on what is refused anyway, such as "1if"
        try:
            return ast.parse(body.rstrip(), mode="eval").body
        except SyntaxError as error:
            is_inside = error.lineno == 1 and error.offset  # an unfinished formula is found at no place at all
            place = min(error.offset or 1, len(body)) if is_inside else max(len(body), 1)
            if "too many nested" in (error.msg or ""):  # Python's own limit of parentheses
                raise FormulaError(f"a formula must be nested at most {MOST_DEPTH} deep", place) from None
            raise FormulaError("the formula cannot be read from here on", place) from None
        except (RecursionError, MemoryError, ValueError, OverflowError):
            raise FormulaError(f"a formula must be nested at most {MOST_DEPTH} deep") from None


def _parameters(settings: str, start: int) -> dict[str, float]:
    """Reads "a = 0.5, b = -1"; `start` is the position of the first character."""
    found: dict[str, float] = {}
    for piece in re.finditer(r"[^;,]+", settings):
        place = start + piece.start()
        if not piece[0].strip():
            continue
        name, sign, number = (part.strip() for part in piece[0].partition("="))
        if not sign or not _NAME.fullmatch(name):
            raise FormulaError(f"a parameter is written like a = 0.5, got {piece[0].strip()!r}", place)
        if name in ("z", *CONSTANTS, *ALIASES, *FUNCTIONS, *SEVERAL) or name in found:
            raise FormulaError(f"a parameter must have a name of its own, got {name!r}", place)
        found[name] = _number(number, place)
    return found


def _number(text: str, place: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST_INTEGER:
        raise FormulaError(f"a parameter must be a number of at most 1e15, got {text[:40]!r}", place)
    return value


class _Reader:
    """Turns syntax into trees and counts nodes."""

    def __init__(self, parameters: Mapping[str, float]) -> None:
        self._parameters = parameters
        self._nodes = 0

    def number(self, node: ast.expr, depth: int) -> Tree:
        """Returns the tree of what has a number as its value."""
        self._count(node, depth)
        match node:
            case ast.Constant(value=value):
                return _constant(value, _place(node))
            case ast.Name(id=name):
                return self._named(name, _place(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Operation("neg", (self.number(operand, depth + 1),), _place(node))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.number(operand, depth + 1)
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return self._power(left, right, depth)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                sides = self.number(left, depth + 1), self.number(right, depth + 1)
                return Operation(_SIGNS[type(sign)], sides, _place(node))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self._where(test, body, otherwise, depth, _place(node))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(ALIASES.get(name, name), arguments, depth, _place(node))
            case _:
                what = _FOREIGN.get(type(node), "this construct")
                raise FormulaError(f"{what} has no meaning in a formula", _place(node))

    def _condition(self, node: ast.expr, depth: int) -> Tree:
        self._count(node, depth)
        match node:
            case ast.Compare(left=left, ops=signs, comparators=others):
                sides = [self.number(side, depth + 1) for side in (left, *others)]
                found = [self._compared(*each, _place(node)) for each in zip(sides, signs, sides[1:], strict=False)]
                return _joined("and", found, _place(node))
            case ast.BoolOp(op=sign, values=parts):
                name = "and" if isinstance(sign, ast.And) else "or"
                return _joined(name, [self._condition(part, depth + 1) for part in parts], _place(node))
            case _:
                raise FormulaError("a condition compares with <, <=, > or >=, as in z > 0", _place(node))

    def _compared(self, left: Tree, sign: ast.cmpop, right: Tree, place: int) -> Tree:
        if type(sign) not in _COMPARISONS:
            raise FormulaError("a condition compares with <, <=, > or >=; equality holds at single points only", place)
        name, swapped = _COMPARISONS[type(sign)]
        return Operation(name, (right, left) if swapped else (left, right), place)

    def _named(self, name: str, place: int) -> Tree:
        if name == "z":
            return Z
        if name in CONSTANTS:
            return Constant(CONSTANTS[name], name)
        if name in self._parameters:
            return Constant(self._parameters[name], name)
        if name in FUNCTIONS or name in SEVERAL or name in ALIASES:
            raise FormulaError(f"the function {name} needs its argument in parentheses", place)
        raise FormulaError(
            f"the name {name[:40]!r} is unknown; write z, or give a parameter's number as in ; a=1", place
        )

    def _call(self, name: str, arguments: list[ast.expr], depth: int, place: int) -> Tree:
        count = len(arguments)
        if name in FUNCTIONS:
            _require(count == 1, f"{name} takes one argument, got {count}", place)
            return Operation(name, (self.number(arguments[0], depth + 1),), place)
        if name in ("max", "min"):
            _require(count >= 2, f"{name} takes two arguments or more, got {count}", place)
            return _joined(name, [self.number(argument, depth + 1) for argument in arguments], place)
        if name == "where":
            _require(count == 3, f"where takes a condition and two values, got {count} arguments", place)
            test, then, otherwise = arguments
            return self._where(test, then, otherwise, depth, place)
        if name == "piecewise":
            return self._piecewise(arguments, depth, place)
        known = ", ".join((*FUNCTIONS, *SEVERAL))
        raise FormulaError(f"the function {name[:40]!r} is unknown; there are {known}", place)

    def _where(self, test: ast.expr, body: ast.expr, otherwise: ast.expr, depth: int, place: int) -> Tree:
        values = self.number(body, depth + 1), self.number(otherwise, depth + 1)
        return Operation("where", (self._condition(test, depth + 1), *values), place)

    def _piecewise(self, arguments: list[ast.expr], depth: int, place: int) -> Tree:
        *cases, otherwise = arguments or [None]
        is_pairs = all(isinstance(case, ast.Tuple) and len(case.elts) == 2 for case in cases)
        if otherwise is None or isinstance(otherwise, ast.Tuple) or not cases or not is_pairs:
            raise FormulaError("piecewise is written piecewise((value, condition), ..., value otherwise)", place)
        found = self.number(otherwise, depth + 1)
        for inner, case in enumerate(reversed(cases)):
            assert isinstance(case, ast.Tuple)
            value, test = case.elts
            level = depth + len(cases) - inner
            found = Operation("where", (self._condition(test, level), self.number(value, level), found), _place(case))
        return found

    def _power(self, left: ast.expr, right: ast.expr, depth: int) -> Tree:
        base, exponent, place = self.number(left, depth + 1), self.number(right, depth + 1), _place(left)
        if has_variable(exponent):
            return Operation("exp", (Operation("*", (exponent, Operation("log", (base,), place)), place),), place)
        value = constant_value(exponent)
        if not abs(value) <= LARGEST_EXPONENT:
            sentence = f"an exponent must lie from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT}, got {value:g}"
            raise FormulaError(sentence, _place(right))
        name = exponent.name if isinstance(exponent, Constant) else ""
        return Operation("**", (base, Constant(value, name)), place)

    def _count(self, node: ast.expr, depth: int) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise FormulaError(f"a formula must have at most {MOST_NODES} parts", _place(node))
        if depth > MOST_DEPTH:
            raise FormulaError(f"a formula must be nested at most {MOST_DEPTH} deep", _place(node))


def _constant(value: object, place: int) -> Constant:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError(f"only numbers and names stand in a formula, got {str(value)[:40]!r}", place)
    if isinstance(value, int) and value > LARGEST_INTEGER:
        raise FormulaError(f"an integer must be at most 1e15, got one of {len(str(value))} digits", place)
    if not math.isfinite(value):
        raise FormulaError("a number must be finite; this one exceeds 1.8e308", place)
    return Constant(float(value))


def _joined(name: str, parts: list[Tree], place: int) -> Tree:
    """Joins many parts by an operation on two, in halves, so that the tree stays flat."""
    if len(parts) == 1:
        return parts[0]
    middle = (len(parts) + 1) // 2
    return Operation(name, (_joined(name, parts[:middle], place), _joined(name, parts[middle:], place)), place)


def _require(holds: bool, sentence: str, place: int) -> None:
    if not holds:
        raise FormulaError(sentence, place)


def _place(node: ast.expr) -> int:
    """Returns where a part begins; of an attribute, where its point stands."""
    end = node.value.end_col_offset if isinstance(node, ast.Attribute) else None
    return (node.col_offset if end is None else end) + 1
