"""Random formulas: trees of every operation that are real for every z and keep their numbers moderate."""

from hypothesis import strategies as st

from vgdesk.spec.formula.building import call
from vgdesk.spec.formula.tree import ONE, Constant, Operation, Z

BOUNDED = ("tanh", "sigmoid", "erf", "sin", "cos", "atan", "sign")
GENTLE = ("softplus", "relu", "abs", "neg")
CONSTANTS = st.integers(-24, 24).map(lambda n: Constant(n / 8))
LEAVES = st.just(Z) | CONSTANTS


def _more(parts):
    one = st.builds(lambda name, u: call(name, u), st.sampled_from(BOUNDED + GENTLE), parts)
    tamed = st.builds(
        lambda name, u: call(name, call("tanh", u)), st.sampled_from(("exp", "expm1", "sinh", "cosh")), parts
    )
    above_zero = st.builds(lambda u: call("+", ONE, call("abs", u)), parts)
    rooted = st.builds(lambda name, u: call(name, u), st.sampled_from(("log", "log1p", "sqrt")), above_zero)
    two = st.builds(lambda name, u, v: call(name, u, v), st.sampled_from(("+", "-", "max", "min")), parts, parts)
    product = st.builds(lambda u, v: call("*", u, call("tanh", v)), parts, parts)
    quotient = st.builds(lambda u, v: call("/", u, v), parts, above_zero)
    whole = st.builds(lambda u, n: Operation("**", (call("tanh", u), Constant(float(n)))), parts, st.integers(0, 5))
    broken = st.builds(
        lambda u, p: Operation("**", (u, Constant(p))), above_zero, st.sampled_from((-2.0, -0.5, 0.5, 1.5))
    )
    compared = st.builds(lambda name, u, v: call(name, u, v), st.sampled_from((">", ">=")), parts, parts)
    joined = compared | st.builds(
        lambda name, a, b: call(name, a, b), st.sampled_from(("and", "or")), compared, compared
    )
    chosen = st.builds(lambda c, u, v: call("where", c, u, v), joined, parts, parts)
    return st.one_of(one, tamed, rooted, two, product, quotient, whole, broken, chosen)


TREES = st.recursive(LEAVES, _more, max_leaves=12)
