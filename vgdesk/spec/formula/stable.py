"""Rewrites what would overflow or lose its digits although it means something harmless.

    log(1 + exp(u))  ->  softplus(u)            u / (1 + exp(v))  ->  u sigmoid(-v)
    exp(u) - 1       ->  expm1(u)               exp(u) / (1 + exp(u))  ->  sigmoid(u)
    log(1 + u)       ->  log1p(u)

With e^z = infinity beyond 709 the left sides, or their slopes, are infinity / infinity; the right sides stay right.
"""

from vgdesk.spec.formula.building import call, is_number, negative, times
from vgdesk.spec.formula.tree import Operation, Tree
from vgdesk.spec.formula.writing import write


def stable(tree: Tree) -> Tree:
    """Returns a tree with the same values in exact arithmetic."""
    if not isinstance(tree, Operation):
        return tree
    inner = Operation(tree.name, tuple(map(stable, tree.arguments)), tree.position)
    match inner:
        case Operation(name="log", arguments=(Operation(name="+", arguments=(a, b)),)):
            return _logarithm(a, b) or inner
        case Operation(name="-", arguments=(Operation(name="exp", arguments=(u,)), b)) if is_number(b, 1.0):
            return call("expm1", u)
        case Operation(name="/", arguments=(above, Operation(name="+", arguments=(a, b)))):
            return _logistic(above, a, b) or inner
        case _:
            return inner


def _logarithm(a: Tree, b: Tree) -> Tree | None:
    """Returns log(a + b) where one of them is 1."""
    for one, other in ((a, b), (b, a)):
        if is_number(one, 1.0):
            match other:
                case Operation(name="exp", arguments=(u,)):
                    return call("softplus", u)
                case _:
                    return call("log1p", other)
    return None


def _logistic(above: Tree, a: Tree, b: Tree) -> Tree | None:
    """Returns above / (a + b) where one of them is 1 and the other one exp(u)."""
    for one, other in ((a, b), (b, a)):
        match other:
            case Operation(name="exp", arguments=(u,)) if is_number(one, 1.0):
                if write(above) == write(other):
                    return call("sigmoid", u)
                return times(above, call("sigmoid", negative(u)))
            case _:
                continue
    return None
