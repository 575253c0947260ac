"""Sums, products and quotients of trees that leave out what changes nothing, 0 + u, 1 u, 0 u, and count: 1 + 1 is 2."""

import math

from vgdesk.spec.formula.tree import ONE, ZERO, Constant, Operation, Tree

_EXACT = 2.0**52
"""Sums of two integers up to here are exact in float64."""


def number(value: float) -> Constant:
    """Returns a number."""
    return Constant(value)


def call(name: str, *arguments: Tree) -> Tree:
    """Returns an operation as it stands."""
    return Operation(name, arguments)


def plus(left: Tree, right: Tree) -> Tree:
    """Returns left + right."""
    if is_number(left, 0.0):
        return right
    match right:
        case Operation(name="neg", arguments=(inner,)):
            return minus(left, inner)
        case Constant() if _is_counted(left, right):
            assert isinstance(left, Constant)
            return Constant(left.value + right.value)
        case _:
            return left if is_number(right, 0.0) else Operation("+", (left, right))


def minus(left: Tree, right: Tree) -> Tree:
    """Returns left - right."""
    if is_number(right, 0.0):
        return left
    return negative(right) if is_number(left, 0.0) else Operation("-", (left, right))


def negative(inner: Tree) -> Tree:
    """Returns -inner."""
    match inner:
        case Constant(value=value, name=""):
            return Constant(-value) if value else ZERO
        case Operation(name="neg", arguments=(body,)):
            return body
        case _:
            return Operation("neg", (inner,))


def times(left: Tree, right: Tree) -> Tree:
    """Returns left * right; numbers stand in front."""
    if is_number(left, 0.0) or is_number(right, 0.0):
        return ZERO
    if is_number(left, 1.0):
        return right
    if is_number(right, 1.0):
        return left
    if is_number(left, -1.0) or is_number(right, -1.0):
        return negative(right if is_number(left, -1.0) else left)
    if isinstance(left, Constant) and isinstance(right, Constant) and not left.name and not right.name:
        product = left.value * right.value
        if math.isfinite(product) and product:  # beyond float64 the factors say more than inf or 0
            return Constant(product)
    return Operation("*", (right, left) if isinstance(right, Constant) else (left, right))


def over(left: Tree, right: Tree) -> Tree:
    """Returns left / right."""
    if is_number(left, 0.0):
        return ZERO
    return left if is_number(right, 1.0) else Operation("/", (left, right))


def power(base: Tree, exponent: float) -> Tree:
    """Returns base ** exponent."""
    if exponent == 0.0:
        return ONE
    return base if exponent == 1.0 else Operation("**", (base, Constant(exponent)))


def where(condition: Tree, then: Tree, otherwise: Tree) -> Tree:
    """Returns the case distinction; `then` where both cases are the same leaf."""
    is_leaf = not isinstance(then, Operation)
    return then if is_leaf and then == otherwise else Operation("where", (condition, then, otherwise))


def _is_counted(left: Tree, right: Tree) -> bool:
    """Whether both are plain integers, whose sum is exact; that of fractions would round."""
    return all(
        isinstance(side, Constant) and not side.name and side.value.is_integer() and abs(side.value) <= _EXACT
        for side in (left, right)
    )


def is_number(tree: Tree, value: float) -> bool:
    """Whether the tree is this number, not a parameter that happens to have the value."""
    return isinstance(tree, Constant) and not tree.name and tree.value == value
