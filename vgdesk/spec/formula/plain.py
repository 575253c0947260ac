"""The derivative of a formula of one's own in the words of the formula.

The stable form has softplus(u) for ln(1 + e^u). Who typed the logarithm reads the logarithm again, in both lines.
"""

from vgdesk.spec.formula.examining import OwnActivation
from vgdesk.spec.formula.tree import ONE, Operation, Tree


def plain_slope(own: OwnActivation) -> Tree:
    """Returns phi' of an activation, without softplus where the formula as it was typed has none."""
    if "softplus" in _names(own.formula.tree, {}):
        return own.slope
    return _spelt_out(own.slope, {})


def _names(tree: Tree, seen: dict[int, Tree]) -> set[str]:
    """Returns the names of all operations; a part that occurs in several places is looked at once."""
    if not isinstance(tree, Operation) or id(tree) in seen:
        return set()
    seen[id(tree)] = tree
    return {tree.name}.union(*(_names(part, seen) for part in tree.arguments))


def _spelt_out(tree: Tree, done: dict[int, Tree]) -> Tree:
    if not isinstance(tree, Operation):
        return tree
    if id(tree) not in done:
        parts = tuple(_spelt_out(part, done) for part in tree.arguments)
        if tree.name == "softplus":
            done[id(tree)] = Operation("log", (Operation("+", (ONE, Operation("exp", parts))),))
        else:
            done[id(tree)] = Operation(tree.name, parts)
    return done[id(tree)]
