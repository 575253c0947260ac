"""Sums and products of many terms: as Python nests them, and joined in halves, so that their tree stays flat."""

import ast

from vgdesk.spec.formula.tree import Operation, Tree

SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
"""What stands between two terms; each sum and each product is a chain of them."""
_SUM, _PRODUCT = (ast.Add, ast.Sub), (ast.Mult, ast.Div)
_TURNED = {"+": "-", "-": "+", "*": "/", "/": "*"}


def joined(name: str, parts: list[Tree], place: int) -> Tree:
    """Joins many parts by an operation on two, in halves, so that the tree stays flat."""
    if len(parts) == 1:
        return parts[0]
    middle = (len(parts) + 1) // 2
    return Operation(name, (joined(name, parts[:middle], place), joined(name, parts[middle:], place)), place)


def chain(node: ast.BinOp) -> list[ast.BinOp]:
    """Returns the links of a sum (or product) as Python nests them, the last sign first: a - b + c is (a - b) + c."""
    kind = _SUM if isinstance(node.op, _SUM) else _PRODUCT
    links = [node]
    while isinstance(link := links[-1].left, ast.BinOp) and isinstance(link.op, kind):
        links.append(link)
    return links


def halved(terms: list[Tree], signs: list[str], place: int) -> Tree:
    """Joins terms by the signs between them. A half behind a minus has its own signs turned: a - (b - c)."""
    if not signs:
        return terms[0]
    middle = (len(terms) + 1) // 2
    before, sign, after = signs[: middle - 1], signs[middle - 1], signs[middle:]
    if sign in "-/":
        after = [_TURNED[one] for one in after]
    sides = halved(terms[:middle], before, place), halved(terms[middle:], after, place)
    return Operation(sign, sides, place)
