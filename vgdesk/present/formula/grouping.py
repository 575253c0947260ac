"""Puts the parentheses a formula needs, as `Bracket` nodes; the printers then need no precedence.

Two styles of print need different ones. On paper (`linear=False`) fraction bars and raised exponents group by
themselves; in a line of text (`linear=True`) "a/b" needs more help. An `Ink` is looked through, and the parentheses go
inside it, so that they light up with their factor.
"""

from collections.abc import Iterator
from functools import lru_cache

from vgdesk.present.formula.notation import KEPT, TRANSPOSED
from vgdesk.present.formula.numbers import shown_number
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


@lru_cache(maxsize=KEPT)
def grouped(formula: Formula, linear: bool = False) -> Formula:
    """Returns the formula with the parentheses it needs, everything else unchanged and in order."""
    match formula:
        case Negative(body):
            return Negative(_negated(body, linear))
        case Sum(terms):
            return Sum(tuple(_terms(terms, linear)))
        case Product(factors, sign):
            return Product(tuple(_factors(factors, sign, linear)), sign)
        case Fraction(numerator, denominator):
            return Fraction(
                _in_brackets_if(linear and _is_loose_numerator(numerator), numerator, linear),
                _in_brackets_if(linear and not _is_atom(denominator), denominator, linear),
            )
        case Power(base, exponent):
            return Power(_in_brackets_if(not _is_base(base), base, linear), grouped(exponent, linear))
        case Partial(of, wrt):
            return Partial(
                _in_brackets_if(not _is_atom(of, numbers=False), of, linear),
                _in_brackets_if(not _is_atom(wrt, numbers=False), wrt, linear),
            )
        case Under(body, label):
            is_loose = linear and not _is_atom(body) and not _is_transpose(body)
            return Under(_in_brackets_if(is_loose, body, linear), grouped(label, linear))
        case BigProduct(index, lower, upper, body):
            is_loose = isinstance(core(body), Sum) or _starts_with_minus(body)
            ends = grouped(index, linear), grouped(lower, linear), grouped(upper, linear)
            return BigProduct(ends[0], ends[1], ends[2], _in_brackets_if(is_loose, body, linear))
        case _:
            return _unchanged(formula, linear)


def core(formula: Formula) -> Formula:
    """Returns what the formula is behind inks and behind sums, products and relations of one."""
    match formula:
        case Ink(_, body):
            return core(body)
        case Sum((only,)) | Product((only,)) | Relation((only,)):
            return core(only)
        case Sum(()):
            return Number(0.0)
        case Product(()):
            return Number(1.0)
        case _:
            return formula


def joints(product: Product) -> tuple[str, ...]:
    """Returns the sign in each gap of a *grouped* product.

    Side by side ("thin") becomes a dot before a digit, where 2 3 would read as 23.
    """
    if product.sign != "thin":
        return (product.sign,) * (len(product.factors) - 1)
    return tuple("dot" if _starts_with_digit(factor) else "thin" for factor in product.factors[1:])


def _unchanged(formula: Formula, linear: bool) -> Formula:
    """Rebuilds the nodes whose parts never need parentheses."""
    match formula:
        case Call(function, arguments):
            is_name = isinstance(core(function), Symbol | Text | Bracket)
            inside = tuple(grouped(argument, linear) for argument in arguments)
            return Call(_in_brackets_if(not is_name, function, linear), inside)
        case Norm(body):
            return Norm(grouped(body, linear))
        case Bracket(body, square):
            return Bracket(grouped(body, linear), square)
        case Cases(rows):
            return Cases(tuple((grouped(value, linear), grouped(condition, linear)) for value, condition in rows))
        case Matrix(rows, fenced):
            return Matrix(tuple(tuple(grouped(cell, linear) for cell in row) for row in rows), fenced)
        case Relation(sides, operator, about):
            return Relation(tuple(grouped(side, linear) for side in sides), operator, about)
        case Ink(factor, body):
            return Ink(factor, grouped(body, linear))
        case _:
            return formula


def _in_brackets_if(is_needed: bool, formula: Formula, linear: bool) -> Formula:
    inner = grouped(formula, linear)
    return _in_brackets(inner) if is_needed else inner


def _in_brackets(formula: Formula) -> Formula:
    """Wraps inside the ink, so that the parentheses belong to the factor."""
    if isinstance(formula, Ink):
        return Ink(formula.factor, _in_brackets(formula.body))
    return Bracket(formula)


def _negated(body: Formula, linear: bool) -> Formula:
    return _in_brackets_if(isinstance(core(body), Sum) or _starts_with_minus(body), body, linear)


def _terms(terms: tuple[Formula, ...], linear: bool) -> Iterator[Formula]:
    """Yields the terms of a sum; bare negative ones stay so, because the printer writes them with a minus sign."""
    for position, term in enumerate(terms):
        is_last = position == len(terms) - 1
        if isinstance(term, Negative):
            inner = _negated(term.body, linear)
            yield Negative(_in_brackets(inner) if not is_last and _is_open(term.body, linear) else inner)
        elif isinstance(term, Number) or len(terms) == 1:
            yield grouped(term, linear)
        else:
            is_loose = isinstance(core(term), Sum) or (not is_last and _is_open(term, linear))
            yield _in_brackets_if(is_loose or (position > 0 and _starts_with_minus(term)), term, linear)


def _factors(factors: tuple[Formula, ...], sign: str, linear: bool) -> Iterator[Formula]:
    for position, factor in enumerate(factors):
        is_last = position == len(factors) - 1
        is_loose = len(factors) > 1 and _is_loose_factor(factor, sign, is_last, linear)
        yield _in_brackets_if(is_loose, factor, linear)


def _is_loose_factor(factor: Formula, sign: str, is_last: bool, linear: bool) -> bool:
    inner = core(factor)
    if isinstance(inner, Sum) or _starts_with_minus(inner):
        return True
    if not is_last and _is_open(inner, linear):
        return True
    if isinstance(inner, Product):
        return "hadamard" in (sign, inner.sign) and inner.sign not in (sign, "thin")
    return linear and sign == "thin" and not is_last and isinstance(inner, Fraction | Partial)


def _is_loose_numerator(numerator: Formula) -> bool:
    return isinstance(core(numerator), Sum | Product | Fraction | Cases | BigProduct) or _starts_with_minus(numerator)


def _is_atom(formula: Formula, numbers: bool = True) -> bool:
    """Says whether the formula holds together by itself anywhere."""
    inner = core(formula)
    if isinstance(inner, Number):
        shown = shown_number(inner.value, inner.digits)
        return numbers and not shown.is_negative and shown.exponent is None
    return isinstance(inner, Symbol | Text | Call | Norm | Bracket) or (isinstance(inner, Matrix) and inner.fenced)


def _is_transpose(formula: Formula) -> bool:
    """Whether a label behind the formula can only be that of the whole: nothing else stands on a transposed matrix."""
    inner = core(formula)
    return isinstance(inner, Power) and inner.exponent == Symbol(TRANSPOSED)


def _is_base(base: Formula) -> bool:
    """Says whether an exponent can stand on it; a raised layer number or a prime is in its way."""
    inner = core(base)
    if isinstance(inner, Symbol) and (inner.superscript or inner.prime):
        return False
    return _is_atom(inner)


def _is_open(formula: Formula, linear: bool) -> bool:
    """Says whether what follows on the right would be taken for a part of it."""
    match core(formula):
        case BigProduct():
            return True
        case Cases():
            return not linear
        case Negative(body):
            return _is_open(body, linear)
        case Product(factors):
            return _is_open(factors[-1], linear)
        case _:
            return False


def _starts_with_minus(formula: Formula) -> bool:
    match core(formula):
        case Negative():
            return True
        case Number(value):
            return value < 0
        case Under(body, _):
            return _starts_with_minus(body)
        case Sum(terms):
            return _starts_with_minus(terms[0])
        case _:
            return False


def _starts_with_digit(formula: Formula) -> bool:
    match core(formula):
        case Number():
            return True
        case Symbol(name):
            return name[:1].isdigit()
        case Fraction(first, _) | Power(first, _) | Under(first, _):
            return _starts_with_digit(first)
        case Product(factors):
            return _starts_with_digit(factors[0])
        case _:
            return False
