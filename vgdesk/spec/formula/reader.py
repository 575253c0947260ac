"""The reader of formulas: a walk over Python's syntax tree that knows a few of its nodes and refuses every other one.

Depth counts what encloses a part: functions and signs; the syntax tree knows no parentheses. Python nests a sum of many
terms as deep as it is long; where it, with what its terms hold, would go too deep, it is joined in halves, and so is a
product.
"""

import ast
import math
from collections.abc import Mapping

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.chains import SIGNS, chain, halved, joined
from vgdesk.spec.formula.depth import heights_of
from vgdesk.spec.formula.numbers import constant
from vgdesk.spec.formula.tree import FUNCTIONS, Constant, Operation, Tree, Z, has_variable
from vgdesk.spec.formula.values import constant_value

MOST_NODES = 400
MOST_DEPTH = 60
LARGEST_EXPONENT = 64
CONSTANTS = {"pi": math.pi, "e": math.e}
ALIASES = {"ln": "log", "arctan": "atan"}
SEVERAL = ("max", "min", "where", "piecewise")
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


class Reader:
    """Turns the syntax of a text into trees and counts nodes; `parameters` are their names and numbers."""

    def __init__(self, parameters: Mapping[str, float], text: str) -> None:
        self._parameters, self._text = parameters, text
        self._nodes = 0
        self._heights: dict[int, int] = {}

    def read(self, root: ast.expr) -> Tree:
        """Returns the tree of a whole formula."""
        self._heights = heights_of(root)
        return self.number(root, 1)

    def number(self, node: ast.expr, depth: int) -> Tree:
        """Returns the tree of what has a number as its value."""
        self._count(node, depth)
        match node:
            case ast.Constant(value=value):
                return constant(value, self._text[node.col_offset : node.end_col_offset], _place(node))
            case ast.Name(id=name):
                return self._named(name, _place(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Operation("neg", (self.number(operand, depth + 1),), _place(node))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.number(operand, depth + 1)
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return self._power(left, right, depth)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
                links = chain(node)
                if depth - 1 + self._heights[id(node)] > MOST_DEPTH:
                    return self._long_chain(links, depth)
                sides = self.number(left, depth + 1), self.number(right, depth + 1)
                return Operation(SIGNS[type(sign)], sides, _place(node))
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
                return joined("and", found, _place(node))
            case ast.BoolOp(op=sign, values=parts):
                name = "and" if isinstance(sign, ast.And) else "or"
                return joined(name, [self._condition(part, depth + 1) for part in parts], _place(node))
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
            return joined(name, [self.number(argument, depth + 1) for argument in arguments], place)
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

    def _long_chain(self, links: list[ast.BinOp], depth: int) -> Tree:
        """Returns a long sum or product as a tree of halves; `depth` is that of its outermost sign."""
        inner = depth + len(links).bit_length()
        for link in links[1:]:  # the outermost one has been counted
            self._count(link, depth)
        terms = [self.number(links[-1].left, inner), *(self.number(link.right, inner) for link in reversed(links))]
        signs = [SIGNS[type(link.op)] for link in reversed(links)]
        return halved(terms, signs, _place(links[0]))

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


def _require(holds: bool, sentence: str, place: int) -> None:
    if not holds:
        raise FormulaError(sentence, place)


def _place(node: ast.expr) -> int:
    """Returns where a part begins; of an attribute, where its point stands."""
    end = node.value.end_col_offset if isinstance(node, ast.Attribute) else None
    return (node.col_offset if end is None else end) + 1
