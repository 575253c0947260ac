"""Formulas as ordered plain data.

SymPy reorders products and sums; what is read aloud in class must stay in order. So a formula is a small tree of our
own that is never re-sorted. Printers in `vgdesk.present.formula` turn it into Typst, LaTeX and Unicode text and put the
parentheses; a tree holds them only where the author wants them to be seen (`Bracket`).

An `Ink` marks one *occurrence* of a factor of the derivation: it is what lights up and what can be clicked.
"""

from __future__ import annotations

import msgspec


class _Node(msgspec.Struct, frozen=True, tag=True):
    pass


class Symbol(_Node, frozen=True):
    """Is a letter, a Greek letter by its name ("sigma"), or a word ("Awareness"), with sub- and superscript.

    `name` "L" is the loss. `prime` counts primes: Symbol("sigma", prime=1) is the derivative sigma'.
    A `superscript` is put in parentheses like a layer number, W^(l); use `Power` for exponents.
    """

    name: str
    subscript: str = ""
    superscript: str = ""
    prime: int = 0
    bold: bool = False


class Number(_Node, frozen=True):
    """Is a number. Printers show `digits` significant digits and a true exponent; 0, nan, infinity look different."""

    value: float
    digits: int = 3


class Text(_Node, frozen=True):
    """Is upright text inside a formula."""

    text: str


class Negative(_Node, frozen=True):
    """Is -body."""

    body: Formula


class Sum(_Node, frozen=True):
    """Adds terms in order; a `Negative` term (or a negative number) is printed with a minus sign."""

    terms: tuple[Formula, ...]


class Product(_Node, frozen=True):
    """Multiplies in order. `sign`: "dot" (a . b), "times" (a x b, for numbers), "thin" (side by side), "hadamard"."""

    factors: tuple[Formula, ...]
    sign: str = "dot"


class Fraction(_Node, frozen=True):
    """Is numerator over denominator."""

    numerator: Formula
    denominator: Formula


class Power(_Node, frozen=True):
    """Is base^exponent; Symbol("top") as exponent means transposed."""

    base: Formula
    exponent: Formula


class Call(_Node, frozen=True):
    """Is a function applied to arguments: sigma'(z)."""

    function: Formula
    arguments: tuple[Formula, ...]


class Partial(_Node, frozen=True):
    """Is the partial derivative of `of` with respect to `wrt`."""

    of: Formula
    wrt: Formula


class Norm(_Node, frozen=True):
    """Is ||body||."""

    body: Formula


class Bracket(_Node, frozen=True):
    """Shows parentheses (or square brackets) around its body."""

    body: Formula
    square: bool = False


class Under(_Node, frozen=True):
    """Puts `label` under a brace beneath `body`."""

    body: Formula
    label: Formula


class BigProduct(_Node, frozen=True):
    """Is the product over index = lower..upper of body."""

    index: Formula
    lower: Formula
    upper: Formula
    body: Formula


class Cases(_Node, frozen=True):
    """Is a case distinction: pairs of value and condition; the last condition may be Text("otherwise")."""

    rows: tuple[tuple[Formula, Formula], ...]


class Matrix(_Node, frozen=True):
    """Is a matrix, row by row; a vector is one column. Without `fenced` it is a table: columns, no brackets."""

    rows: tuple[tuple[Formula, ...], ...]
    fenced: bool = True


class Relation(_Node, frozen=True):
    """Chains sides with one operator: "=", "approx", "arrow" (assignment, <-), ">", "<", ">=" or "<=".

    `about` are the sides, counted from 0, before which "approx" stands instead.
    """

    sides: tuple[Formula, ...]
    operator: str = "="
    about: tuple[int, ...] = ()


class Ink(_Node, frozen=True):
    """Marks an occurrence of the factor with this id."""

    factor: str
    body: Formula


Formula = (
    Symbol
    | Number
    | Text
    | Negative
    | Sum
    | Product
    | Fraction
    | Power
    | Call
    | Partial
    | Norm
    | Bracket
    | Under
    | BigProduct
    | Cases
    | Matrix
    | Relation
    | Ink
)
