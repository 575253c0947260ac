"""One walk over a formula for all printers.

A printer is told each node with its parts already spelt, in their order, and joins them in its own language; the walk,
the sums with their minus signs, the products with their joints and the cases are the same in every one that writes text
in a line. Parentheses are in the tree (`grouping`), so no printer knows precedence.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import ClassVar

from vgdesk.present.formula.grouping import joints
from vgdesk.present.formula.notation import KEPT, TRANSPOSED, index_tokens
from vgdesk.records.formula import (
    BigProduct,
    Bracket,
    Call,
    Cases,
    Formula,
    Fraction,
    Ink,
    Matrix,
    Negative,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
    Under,
)


class Printer(ABC):
    """Spells a grouped formula; a subclass says how in its language.

    Attributes
    ----------
    minus, plus
        What stands before a negative, and between two terms; `taken_away` replaces both inside a sum.
    signs
        What stands between factors, by `Product.sign`.
    operators
        What stands between the sides of a relation, by `Relation.operator`.
    if_
        What stands between a value of a case distinction and its condition; `when` where the condition says it itself.
    """

    minus: ClassVar[str]
    plus: ClassVar[str]
    taken_away: ClassVar[str]
    signs: ClassVar[Mapping[str, str]]
    operators: ClassVar[Mapping[str, str]]
    when: ClassVar[str]
    if_: ClassVar[str]

    def print(self, formula: Formula) -> str:
        """Returns the formula in the printer's language."""
        match formula:
            case Symbol():
                return self.symbol(formula)
            case Number(value, digits):
                return self.number(value, digits)
            case Text(text):
                return self.text(text)
            case Negative(body):
                return self.negative(self.print(body))
            case Sum(terms):
                return self.sum(terms)
            case Product():
                return self.product(formula)
            case Fraction(numerator, denominator):
                return self.fraction(self.print(numerator), self.print(denominator))
            case Power(base, exponent):
                return self.power(self.print(base), exponent)
            case Relation(sides):
                return self.relation([self.print(side) for side in sides], self.relation_signs(formula))
            case Ink(factor, body):
                return self.ink(factor, lambda: self.print(body))
            case _:
                return self._structure(formula)

    def _structure(self, formula: Formula) -> str:
        match formula:
            case Call(function, arguments):
                return self.call(self.print(function), [self.print(argument) for argument in arguments])
            case Partial(of, wrt):
                return self.partial(self.print(of), self.print(wrt))
            case Norm(body):
                return self.norm(self.print(body))
            case Bracket():
                return self.bracket(formula)
            case Under(body, label):
                return self.under(self.print(body), label)
            case BigProduct(index, lower, upper, body):
                return self.big_product(self.print(index), self.print(lower), self.print(upper), self.print(body))
            case Cases(rows):
                return self.cases([self.case(*row) for row in rows])
            case Matrix(rows, fenced):
                return self.matrix([[self.print(cell) for cell in row] for row in rows], fenced)
            case _:
                raise TypeError(f"{type(formula).__name__} is no formula")

    def negative(self, body: str) -> str:
        """Spells -body."""
        return self.minus + body

    def sum(self, terms: tuple[Formula, ...]) -> str:
        """Spells terms one after the other; one that begins with a minus is taken away."""
        if not terms:
            return "0"
        first, *others = (self.print(term) for term in terms)
        return first + "".join(
            self.taken_away + other.removeprefix(self.minus) if other.startswith(self.minus) else self.plus + other
            for other in others
        )

    def product(self, product: Product) -> str:
        """Spells factors one after the other with their joints between them."""
        if not product.factors:
            return "1"
        first, *others = (self.print(factor) for factor in product.factors)
        signs = (self.signs[sign] for sign in joints(product))
        return first + "".join(sign + other for sign, other in zip(signs, others, strict=True))

    def relation_signs(self, relation: Relation) -> list[str]:
        """Returns what stands before each side; "" before the first, unless that is only about right."""
        about = self.operators["approx"]
        usual = ["", *[self.operators[relation.operator]] * (len(relation.sides) - 1)]
        return [about if number in relation.about else sign for number, sign in enumerate(usual)]

    def relation(self, sides: Sequence[str], signs: Sequence[str]) -> str:
        """Spells a chain of sides, each behind its sign."""
        return " ".join(f"{sign} {side}" if sign else side for sign, side in zip(signs, sides, strict=True))

    def ink(self, factor: str, body: Callable[[], str]) -> str:
        """Spells an occurrence of a factor; the walk goes on when `body` is called."""
        return body()

    def case(self, value: Formula, condition: Formula) -> str:
        """Spells one row of a case distinction."""
        return self.print(value) + (self.when if says_when(condition) else self.if_) + self.print(condition)

    def name(self, name: str) -> str:
        """Spells a name, which may be an index such as "k-1"."""
        return "".join(self.token(token) for token in index_tokens(name))

    @abstractmethod
    def token(self, token: str) -> str:
        """Spells one letter, Greek letter, function, number, word or sign of a name."""

    @abstractmethod
    def symbol(self, symbol: Symbol) -> str:
        """Spells a name with its primes and indices."""

    @abstractmethod
    def number(self, value: float, digits: int) -> str:
        """Spells a number."""

    @abstractmethod
    def text(self, text: str) -> str:
        """Spells upright text."""

    @abstractmethod
    def fraction(self, numerator: str, denominator: str) -> str:
        """Spells numerator over denominator."""

    @abstractmethod
    def power(self, base: str, exponent: Formula) -> str:
        """Spells base^exponent; `is_transposed` tells the exponent that is none."""

    @abstractmethod
    def call(self, function: str, arguments: Sequence[str]) -> str:
        """Spells a function of arguments."""

    @abstractmethod
    def partial(self, of: str, wrt: str) -> str:
        """Spells a partial derivative."""

    @abstractmethod
    def norm(self, body: str) -> str:
        """Spells ||body||."""

    @abstractmethod
    def bracket(self, bracket: Bracket) -> str:
        """Spells parentheses or square brackets and what is in them."""

    @abstractmethod
    def under(self, body: str, label: Formula) -> str:
        """Spells a body with a brace and a label beneath."""

    @abstractmethod
    def big_product(self, index: str, lower: str, upper: str, body: str) -> str:
        """Spells the product over index = lower..upper."""

    @abstractmethod
    def cases(self, rows: Sequence[str]) -> str:
        """Spells a case distinction of spelt rows."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[str]], fenced: bool) -> str:
        """Spells a matrix, or a table where it is not fenced."""


class KeepingPrinter(Printer):
    """Keeps what it has spelt: for languages in which the text of a part depends on nothing around it."""

    def __init__(self) -> None:
        self._spelt = lru_cache(maxsize=KEPT)(super().print)

    def print(self, formula: Formula) -> str:
        """Returns the formula in the printer's language, from what is kept where it can be."""
        return self._spelt(formula)


def is_transposed(exponent: Formula) -> bool:
    """Whether this exponent says "transposed"."""
    return exponent == Symbol(TRANSPOSED)


def says_when(condition: Formula) -> bool:
    """Whether a condition brings its own word, as "otherwise" does."""
    return isinstance(condition, Text) and condition.text.startswith(("otherwise", "if", "else"))
