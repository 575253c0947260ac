"""How much arithmetic a derivation asks for, and how to derive as if for the first time."""

import sympy as sp
from sympy.core.cache import clear_cache

from vgdesk.symbolic.intermediates import Unfolded
from vgdesk.symbolic.reverse import symbols_of


def operations_per_parameter(unfolded: Unfolded) -> float:
    """Returns the operations of both passes over the number of learned numbers.

    Counted as SymPy counts them, in the lines that the gradients of all parameters need: an addition, a product, a
    power or a function is one. The loss itself and the gradients by inputs and targets are not among them.
    """
    lines = [*unfolded.forward, *unfolded.backward]
    wanted = {f"dL_{name}" for name in unfolded.learned}
    count = 0
    for target, expression in reversed(lines):
        if str(target) in wanted:
            wanted.update(map(str, symbols_of(expression)))
            count += int(sp.count_ops(expression))
    return count / len(unfolded.learned)


def forget_expressions() -> None:
    """Empties SymPy's memory of expressions it has seen, which makes a second derivation up to ten times as fast."""
    clear_cache()
