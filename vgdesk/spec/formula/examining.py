"""A formula that may be an activation: read, real on the whole line, with a slope at all but finitely many points."""

from functools import lru_cache

import msgspec

from vgdesk.spec.formula.derivative import derivative
from vgdesk.spec.formula.domain import require_real
from vgdesk.spec.formula.kinks import kinks_of
from vgdesk.spec.formula.reading import Formula, read_formula
from vgdesk.spec.formula.sampling import GRID
from vgdesk.spec.formula.stable import stable
from vgdesk.spec.formula.tree import Tree
from vgdesk.spec.formula.values import values_table


class OwnActivation(msgspec.Struct, frozen=True):
    """Is an activation of one's own.

    Attributes
    ----------
    formula
        As it was typed.
    tree
        The same in a form that keeps its digits (see `stable`).
    slope
        Its derivative.
    kinks
        Where the slope, or the value, jumps.
    """

    formula: Formula
    tree: Tree
    slope: Tree
    kinks: tuple[float, ...]


@lru_cache(maxsize=200)
def own_activation(text: str) -> OwnActivation:
    """Reads and examines a formula in z.

    Raises
    ------
    FormulaError
        One sentence: it cannot be read, is not real everywhere, or has no slope at too many points.
    """
    formula = read_formula(text)
    tree = stable(formula.tree)
    table = values_table(tree, GRID)
    require_real(tree, table)
    slope = derivative(tree)
    return OwnActivation(formula, tree, slope, kinks_of(tree, slope, table))
