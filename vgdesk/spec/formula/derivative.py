"""The derivative of a tree by the rules of calculus, written as a tree again.

At a kink the conventions of the project hold: relu'(0) = 0, abs'(0) = sign'(0) = 0, where(...) takes the slope of the
case it is in, and where the two sides of max or min are equal the flatter one decides, so max(z, 0)'(0) = 0 and
max(z, 0.01 z)'(0) = 0.01. A root has slope 0 at 0, where its true slope is infinite.
"""

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.building import call, minus, negative, number, over, plus, power, times, where
from vgdesk.spec.formula.tree import ONE, ZERO, Constant, Operation, Tree, Variable, has_variable, size_of

MOST_NODES = 20_000
"""Of a derivative as it would be written; nested max and products of products grow fast."""
_TWO_OVER_ROOT_PI = 1.1283791670955126


def derivative(tree: Tree) -> Tree:
    """Returns the derivative by z.

    Raises
    ------
    FormulaError
        It would be longer than `MOST_NODES`.
    """
    found = _slope(tree)
    size = size_of(found)
    if size > MOST_NODES:
        sentence = f"the derivative must have at most {MOST_NODES:,} parts, got {size:,}; nest fewer products and max"
        raise FormulaError(sentence)
    return found


def _slope(tree: Tree) -> Tree:
    match tree:
        case Variable():
            return ONE
        case Constant():
            return ZERO
        case Operation(name="where", arguments=(condition, a, b)):
            return where(condition, _slope(a), _slope(b))
        case Operation(name="neg", arguments=(u,)):
            return negative(_slope(u))
        case Operation(arguments=(u,)):
            return times(_slope(u), _outer(tree.name, u)) if has_variable(u) else ZERO
        case Operation(arguments=(u, v)):
            return _of_two(tree.name, u, v)
        case _:
            raise AssertionError(f"no rule for {tree!r}")


def _of_two(name: str, u: Tree, v: Tree) -> Tree:
    du, dv = _slope(u), _slope(v)
    match name:
        case "+":
            return plus(du, dv)
        case "-":
            return minus(du, dv)
        case "*":
            return plus(times(du, v), times(u, dv))
        case "/" if dv == ZERO:
            return over(du, v)
        case "/":
            return minus(over(du, v), over(times(u, dv), power(v, 2.0)))
        case "**":
            assert isinstance(v, Constant)
            return _of_power(u, v, du)
        case "max" | "min":
            return _of_extreme(name, u, v, du, dv)
        case _:
            raise AssertionError(f"no rule for {name}")


def _of_power(u: Tree, exponent: Constant, du: Tree) -> Tree:
    if exponent.value == 0.0 or du == ZERO:
        return ZERO
    factor = exponent if exponent.name else number(exponent.value)
    found = times(times(factor, power(u, exponent.value - 1.0)), du)
    return found if exponent.value.is_integer() else where(call(">", u, ZERO), found, ZERO)


def _of_extreme(name: str, u: Tree, v: Tree, du: Tree, dv: Tree) -> Tree:
    """Returns the slope of the side that decides, of the flatter one where they are equal."""
    if du == dv:
        return du
    ahead = call(">", u, v) if name == "max" else call(">", v, u)
    behind = call(">", v, u) if name == "max" else call(">", u, v)
    if dv == ZERO:
        return where(ahead, du, ZERO)
    if du == ZERO:
        return where(behind, dv, ZERO)
    if isinstance(du, Constant) and isinstance(dv, Constant):
        return where(ahead, du, dv) if abs(dv.value) < abs(du.value) else where(behind, dv, du)
    flatter = where(call(">", call("abs", du), call("abs", dv)), dv, du)
    return where(ahead, du, where(behind, dv, flatter))


def _outer(name: str, u: Tree) -> Tree:
    """Returns f'(u) of a function of one argument."""
    match name:
        case "exp" | "expm1":
            return call("exp", u)
        case "log":
            return over(ONE, u)
        case "log1p":
            return over(ONE, plus(ONE, u))
        case "sqrt":
            return where(call(">", u, ZERO), over(number(0.5), call("sqrt", u)), ZERO)
        case "tanh":  # 1 - tanh^2 loses every digit for large |u|
            return over(ONE, power(call("cosh", u), 2.0))
        case "sinh":
            return call("cosh", u)
        case "cosh":
            return call("sinh", u)
        case "sigmoid":
            return times(call("sigmoid", u), call("sigmoid", negative(u)))
        case "softplus":
            return call("sigmoid", u)
        case "relu":
            return where(call(">", u, ZERO), ONE, ZERO)
        case "erf":
            return times(number(_TWO_OVER_ROOT_PI), call("exp", negative(power(u, 2.0))))
        case "sin":
            return call("cos", u)
        case "cos":
            return negative(call("sin", u))
        case "atan":
            return over(ONE, plus(ONE, power(u, 2.0)))
        case "abs":
            return call("sign", u)
        case "sign":
            return ZERO
        case _:
            raise AssertionError(f"no rule for {name}")
