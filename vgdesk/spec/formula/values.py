"""Numbers of a formula at many z, in plain Python floats: enough to look where it is real and where its slope jumps.

A value that does not exist is NaN, one that exceeds float64 infinite. Training computes with `vgdesk.kernels.formula`.
"""

import math
import operator
from collections.abc import Callable, Sequence

from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable, arguments_of

ROUNDING = 1e-9
"""A base this little below 0 is a rounded 0, where only a base of at least 0 has a power."""
Table = dict[int, list[float]]
"""The values of every node by its `id`; the tree must be kept as long."""


def sigmoid(x: float) -> float:
    """1 / (1 + e^-x), from e^-|x| so that nothing overflows."""
    e = math.exp(-abs(x))
    return (e if x < 0 else 1.0) / (1.0 + e)


def softplus(x: float) -> float:
    """ln(1 + e^x)."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _power(base: float, exponent: float) -> float:
    if base < 0 and not exponent.is_integer():
        if base < -ROUNDING:
            return math.nan
        base = 0.0
    return math.inf if base == 0 and exponent < 0 else base**exponent


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0)) if x == x else math.nan


_OF_ONE: dict[str, Callable[[float], float]] = {
    "neg": lambda a: -a,
    "exp": math.exp,
    "expm1": math.expm1,
    "log": lambda a: math.log(a) if a > 0 else (-math.inf if a == 0 else math.nan),
    "log1p": lambda a: math.log1p(a) if a > -1 else (-math.inf if a == -1 else math.nan),
    "sqrt": lambda a: math.sqrt(a) if a > 0 else (a if a != a else 0.0),
    "tanh": math.tanh,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "relu": lambda a: a if a > 0 or a != a else 0.0,
    "erf": math.erf,
    "sin": math.sin,
    "cos": math.cos,
    "atan": math.atan,
    "abs": abs,
    "sign": _sign,
}
_OF_TWO: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / b if b else math.nan,
    "**": _power,
    "max": lambda a, b: a if a > b or a != a else b,
    "min": lambda a, b: a if a < b or a != a else b,
    ">": operator.gt,
    ">=": operator.ge,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}


def _where(condition: float, a: float, b: float) -> float:
    return a if condition else b


_SCALAR: dict[str, Callable[..., float]] = {**_OF_ONE, **_OF_TWO, "where": _where}
OPERATIONS = tuple(_SCALAR)
"""Every name that an operation may have."""


def _apply(name: str, *columns: list[float]) -> list[float]:
    function = _SCALAR[name]
    try:
        return list(map(function, *columns))
    except (OverflowError, ValueError):  # too large for float64, or sin(infinity): one by one
        return [_careful(function, numbers) for numbers in zip(*columns, strict=True)]


def _careful(function: Callable[..., float], numbers: tuple[float, ...]) -> float:
    try:
        return function(*numbers)
    except OverflowError:
        is_negative = numbers[0] < 0 and function in (math.sinh, _power)
        return -math.inf if is_negative and not (len(numbers) == 2 and numbers[1] % 2 == 0) else math.inf
    except ValueError:
        return math.nan


def values_table(tree: Tree, points: Sequence[float]) -> Table:
    """Returns the values of every node of the tree at these z."""
    table: Table = {}

    def fill(node: Tree) -> list[float]:
        if id(node) not in table:
            match node:
                case Constant(value=value):
                    table[id(node)] = [value] * len(points)
                case Variable():
                    table[id(node)] = list(points)
                case Operation(name=name):
                    table[id(node)] = _apply(name, *map(fill, arguments_of(node)))
        return table[id(node)]

    fill(tree)
    return table


def values(tree: Tree, points: Sequence[float]) -> list[float]:
    """Returns the values of a tree at these z."""
    return values_table(tree, points)[id(tree)]


def constant_value(tree: Tree) -> float:
    """Returns the number of a tree without z."""
    return values(tree, [0.0])[0]
