"""From a formula's tree to a program: the operations in the order in which a stack machine does them.

    z*tanh(z) + 2      z  z  tanh  *  2  +

A program is an array of int64, two words for each operation: its code, and the bits of a float64 where it has a number
(a constant, the exponent of a power). Compiled code knows it by its address, which is larger than any activation's
code; so programs stay in memory as long as the process lives.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.examining import OwnActivation
from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable, arguments_of
from vgdesk.spec.formula.values import OPERATIONS

STACK_DEPTH = 160
"""How many numbers may wait at once; 400 nodes nested 60 deep need fewer."""
CODES = {name: code for code, name in enumerate(("end", "number", "z", *OPERATIONS))}
_programs: dict[Tree, np.ndarray] = {}


class Step(NamedTuple):
    """Is one operation, its number (0 where it has none), and how many values it takes from the stack."""

    name: str
    number: float
    takes: int


def program_address(own: OwnActivation) -> int:
    """Returns where the program of a formula lies; equal formulas share it.

    Raises
    ------
    FormulaError
        More than `STACK_DEPTH` numbers would have to wait.
    """
    if own.tree not in _programs:
        _programs[own.tree] = build_program(own.tree)
    return _programs[own.tree].ctypes.data


def build_program(tree: Tree) -> np.ndarray:
    """Returns the words of the program."""
    steps = list(steps_of(tree))
    depth = np.cumsum([1 - step.takes for step in steps])
    if depth.max() > STACK_DEPTH:
        raise FormulaError(f"a formula must keep at most {STACK_DEPTH} numbers waiting, this one keeps {depth.max()}")
    words = np.zeros((len(steps) + 1, 2), np.int64)  # the last one is "end"
    words[:-1, 0] = [CODES[step.name] for step in steps]
    words[:-1, 1] = np.array([step.number for step in steps], np.float64).view(np.int64)
    return words


def steps_of(tree: Tree) -> Iterator[Step]:
    """Yields the operations, arguments before what is done with them."""
    match tree:
        case Variable():
            yield Step("z", 0.0, 0)
        case Constant(value=value):
            yield Step("number", value, 0)
        case Operation(name="**", arguments=(base, Constant(value=exponent))):
            yield from steps_of(base)
            yield Step("**", exponent, 1)
        case Operation(name=name):
            for argument in arguments_of(tree):
                yield from steps_of(argument)
            yield Step(name, 0.0, len(arguments_of(tree)))
