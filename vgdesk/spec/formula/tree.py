"""A formula in z as an immutable tree.

An operation's name is its sign or its function: + - * / ** neg, the functions of one argument, max and min of two,
where(condition, then, otherwise), the comparisons > and >=, and, or. Comparisons have the value 1 or 0. The exponent of
** is a constant; every other power is written exp(v log(u)).
"""

from __future__ import annotations

import msgspec

FUNCTIONS = (
    "exp", "expm1", "log", "log1p", "sqrt", "tanh", "sinh", "cosh", "sigmoid", "softplus", "relu", "erf", "sin", "cos",
    "atan", "abs", "sign",
)  # fmt: skip
"""Functions of one argument."""


class Constant(msgspec.Struct, frozen=True):
    """Is a number; `name` is that of a parameter, "pi", "e", or "" where digits were typed."""

    value: float
    name: str = ""


class Variable(msgspec.Struct, frozen=True):
    """Is z."""


class Operation(msgspec.Struct, frozen=True):
    """Is an operation on other trees; `position` says where it was typed, counting from 1."""

    name: str
    arguments: tuple[Tree, ...]
    position: int = 0


Tree = Constant | Variable | Operation
Z = Variable()
ZERO, ONE = Constant(0.0), Constant(1.0)


def arguments_of(tree: Tree) -> tuple[Tree, ...]:
    """Returns what an operation acts on; nothing below a leaf."""
    return tree.arguments if isinstance(tree, Operation) else ()


def size_of(tree: Tree) -> int:
    """Returns the number of nodes as they would be written; a shared part counts each time, yet is walked once."""
    sizes: dict[int, int] = {}

    def size(node: Tree) -> int:
        if id(node) not in sizes:
            sizes[id(node)] = 1 + sum(map(size, arguments_of(node)))
        return sizes[id(node)]

    return size(tree)


def has_variable(tree: Tree) -> bool:
    """Whether z occurs."""
    return isinstance(tree, Variable) or any(map(has_variable, arguments_of(tree)))
