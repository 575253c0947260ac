"""Reads a formula: its text, the numbers of its parameters, and by `reader` the tree it means.

    z*tanh(log(1+exp(z)))        where(z > 0, z, a*z); a = 0.1        piecewise((z, z > 0), (0.1*z, z > -1), 0)

After a semicolon stand the parameters' numbers. Nothing is executed, and the bounds hold before any arithmetic: 2,000
characters, 400 nodes, nested 60 functions and signs deep, integers up to 1e15, exponents up to 64.
"""

import ast
import re
import warnings
from functools import lru_cache

import msgspec

from vgdesk.errors import FormulaError
from vgdesk.spec.formula.characters import plain, require_known
from vgdesk.spec.formula.numbers import parameter_number
from vgdesk.spec.formula.reader import ALIASES, CONSTANTS, MOST_DEPTH, SEVERAL, Reader
from vgdesk.spec.formula.tree import FUNCTIONS, Tree

VOCABULARY = (
    "A formula in z, such as z*tanh(log(1+exp(z))) or where(z > 0, z, a*z); a = 0.1. It may hold numbers, pi, e, "
    f"parameters with their numbers after a semicolon, + - * / **, {' '.join((*FUNCTIONS, 'max', 'min'))}, "
    "where(condition, then, otherwise) and piecewise((value, condition), ..., otherwise)."
)
"""What a formula may hold, for people."""
MOST_PARENTHESES = 200
"""Within each other, with those of functions; more Python's own reader refuses."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class Formula(msgspec.Struct, frozen=True):
    """Is a formula that could be read.

    Attributes
    ----------
    text
        What was read: ASCII, single spaces; positions in sentences refer to it.
    tree
        Its meaning.
    parameters
        Names and numbers.
    """

    text: str
    tree: Tree
    parameters: tuple[tuple[str, float], ...] = ()


@lru_cache(maxsize=200)
def read_formula(text: str) -> Formula:
    """Reads a formula in z.

    Raises
    ------
    FormulaError
        One sentence with the position: a name, a sign or a construct that formulas do not have, or a bound exceeded.
    """
    normal = plain(text)
    body, semicolon, settings = normal.partition(";")
    require_known(body)
    parameters = _parameters(settings, len(body) + 2) if semicolon else {}
    tree = Reader(parameters, body).read(_syntax(body))
    return Formula(normal, tree, tuple(parameters.items()))


def _syntax(body: str) -> ast.expr:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python remarks on what is refused anyway, such as "1if"
        try:
            return ast.parse(body.rstrip(), mode="eval").body
        except SyntaxError as error:
            is_inside = error.lineno == 1 and error.offset  # an unfinished formula is found at no place at all
            place = min(error.offset or 1, len(body)) if is_inside else max(len(body), 1)
            if "too many nested" in (error.msg or ""):  # Python's own limit of parentheses
                limits = f"nested at most {MOST_DEPTH} deep, within at most {MOST_PARENTHESES} parentheses"
                raise FormulaError(f"a formula must be {limits}", place) from None
            raise FormulaError("the formula cannot be read from here on", place) from None
        except (RecursionError, MemoryError, ValueError, OverflowError):
            raise FormulaError(f"a formula must be nested at most {MOST_DEPTH} deep") from None


def _parameters(settings: str, start: int) -> dict[str, float]:
    """Reads "a = 0.5, b = -1"; `start` is the position of the first character."""
    found: dict[str, float] = {}
    for piece in re.finditer(r"[^;,]+", settings):
        place = start + piece.start()
        if not piece[0].strip():
            continue
        name, sign, number = (part.strip() for part in piece[0].partition("="))
        if not sign or not _NAME.fullmatch(name):
            raise FormulaError(f"a parameter is written like a = 0.5, got {piece[0].strip()!r}", place)
        if name in ("z", *CONSTANTS, *ALIASES, *FUNCTIONS, *SEVERAL) or name in found:
            raise FormulaError(f"a parameter must have a name of its own, got {name!r}", place)
        found[name] = parameter_number(number, place)
    return found
