"""Whether the numbers of a line, as they are shown, give the result that is shown: if not, "≈" stands before it.

Three digits of each factor need not multiply to three digits of their product: 0.0312 × 0.0498 is 0.00155 while the
gradient is 0.00156. Whoever follows with a pocket calculator must not be told "=". So the arithmetic of a line is done
again with exactly the digits that stand there, and where it does not round to the result, the sign before the result is
"≈"; where the result stands in a line of its own, the one before the numbers. 0.03 × 0.05 = 0.0015 stays what it is.

Only numbers are calculated with. A side with a letter in it says "=" and means it.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from functools import reduce
from itertools import pairwise

import msgspec

from vgdesk.present.formula.numbers import DIGITS, shown_number
from vgdesk.present.formula.printer import is_transposed
from vgdesk.records.derivation import DerivationStep
from vgdesk.records.formula import (
    Bracket,
    Call,
    Formula,
    Fraction,
    Ink,
    Matrix,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Under,
)

Rows = tuple[tuple[Decimal, ...], ...]
Value = Decimal | Rows
Results = dict[Formula, Formula]
"""What stands on the left of a line -> the number that stands on its right, in whichever line that is."""

_CONTEXT = Context(prec=40, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
"""So many digits that the products themselves are exact, and no exponent that is too small."""
_DOTS = Symbol("dots")


def honest_steps(steps: Iterable[DerivationStep]) -> tuple[DerivationStep, ...]:
    """Returns the steps with "≈" where their shown numbers do not give the shown results."""
    told = tuple(steps)
    with localcontext(_CONTEXT):
        results = dict(found for step in told for line in step.lines if (found := _result(line)))
        return tuple(_honest_step(step, results) for step in told)


def honest_line(line: Formula) -> Formula:
    """Returns one line that stands by itself in the same way."""
    with localcontext(_CONTEXT):
        return _honest_lines((line,), {})[0]


def agrees(numbers: Formula, result: Formula) -> bool:
    """Says whether shown numbers, calculated with, round to the shown result; True where they cannot be."""
    with localcontext(_CONTEXT):
        return _agree(_value(numbers), _value(result), _digits(result))


def about(number: Formula) -> Formula:
    """Returns "≈ number", for a cell of a table."""
    return Relation((number,), about=(0,))


def _honest_step(step: DerivationStep, results: Results) -> DerivationStep:
    lines = _honest_lines(step.lines, results)
    return step if lines == step.lines else msgspec.structs.replace(step, lines=lines)


def _honest_lines(lines: tuple[Formula, ...], results: Results) -> tuple[Formula, ...]:
    told = list(lines)
    for number, line in enumerate(lines):
        if isinstance(line, Relation) and line.operator == "=":
            gaps = tuple(_gaps(line, lines[number + 1 :], results))
            if gaps:
                told[number] = msgspec.structs.replace(line, about=gaps)
    return tuple(told)


def _gaps(line: Relation, below: Sequence[Formula], results: Results) -> Iterator[int]:
    """Yields the sides before which "≈" is to stand; a last side may go on in the lines below."""
    values = [_value(side) for side in line.sides]
    values[-1] = _with_lines_below(values[-1], below)
    for number, (former, latter) in enumerate(pairwise(values), 1):
        if not _agree(former, latter, _digits(line.sides[number])):
            yield number
    if len(values) > 1 and values[-2] is None and not _is_result(line.sides[-1]):
        result = results.get(_bare(line.sides[0]))
        if result is not None and not _agree(values[-1], _value(result), _digits(result)):
            yield len(values) - 1


def _with_lines_below(value: Value | None, below: Sequence[Formula]) -> Value | None:
    """Returns the value of a product or sum with its lines that begin with dots."""
    for line in below:
        match line:
            case Product((first, *others), sign) if first == _DOTS:
                value = _product([value, *map(_value, others)], sign)
            case Sum((first, *others)) if first == _DOTS:
                value = _sum([value, *map(_value, others)])
            case _:
                break
    return value


def _result(line: Formula) -> tuple[Formula, Formula] | None:
    """Returns (left-hand side, number) of a line that ends with a number; None of any other."""
    if not isinstance(line, Relation) or line.operator != "=" or not _is_result(line.sides[-1]):
        return None
    return _bare(line.sides[0]), line.sides[-1]


def _is_result(side: Formula) -> bool:
    """Whether a side is one number and nothing to be calculated; 1.44×10⁻⁴⁰⁰ is one, too."""
    match _bare(side):
        case Number():
            return True
        case Negative(body):
            return _is_result(body)
        case Product((Number(), Power(Number(10.0), Number()))):
            return True
        case _:
            return False


def _bare(formula: Formula) -> Formula:
    match formula:
        case Ink(_, body) | Bracket(body) | Under(body):
            return _bare(body)
        case Product((only,)) | Sum((only,)):
            return _bare(only)
        case _:
            return formula


def _digits(result: Formula) -> int:
    """Returns to how many digits a result is held: those that are seen, of the usual three also zeros at the end."""
    bare = _bare(result)
    if not isinstance(bare, Number):
        return DIGITS
    seen = shown_number(bare.value, bare.digits).digits.replace(".", "").lstrip("0")
    return min(bare.digits, max(DIGITS, len(seen)))


def _agree(value: Value | None, result: Value | None, digits: int) -> bool:
    if value is None or result is None:
        return True
    if isinstance(value, Decimal) and isinstance(result, Decimal):
        return _rounds_to(value, result, digits)
    pairs = zip(_entries(value), _entries(result), strict=False)
    return all(_rounds_to(one, other, digits) for one, other in pairs)


def _rounds_to(value: Decimal, result: Decimal, digits: int) -> bool:
    """Says whether a value, rounded as people do (half a digit away from 0), is the result that is shown."""
    if not value.is_finite() or not result.is_finite():
        return True
    if value == 0 or result == 0:
        return value == result
    step = min(value.adjusted(), result.adjusted()) - digits + 1
    # A whole number is shown with all its digits, beyond the three, unless a power of ten stands behind them.
    step = min(step, 0) if _is_written_out(result) else step
    beyond = (value - result).copy_sign(1 if (value > result) == (result > 0) else -1)
    unit = Decimal(1).scaleb(step)
    return -unit <= beyond * 2 < unit


def _is_written_out(result: Decimal) -> bool:
    """Whether a shown number is whole down to its last digit: 1950 is, 1.95×10³ is not."""
    exponent = result.as_tuple().exponent
    return result == result.to_integral_value() and isinstance(exponent, int) and exponent <= 0


def _entries(value: Value) -> list[Decimal]:
    return [value] if isinstance(value, Decimal) else [entry for row in value for entry in row]


def _value(formula: Formula) -> Value | None:
    """Returns what a formula of nothing but numbers is, with the digits that are shown; None of any other."""
    match formula:
        case Number(value, digits):
            return _shown(value, digits)
        case Ink(_, body) | Bracket(body) | Under(body):
            return _value(body)
        case Negative(body):
            return _each(_value(body), Decimal(-1))
        case Sum(terms):
            return _sum([_value(term) for term in terms])
        case Product(factors, sign):
            return _product([_value(factor) for factor in factors], sign)
        case Fraction(numerator, denominator):
            return _divided(_value(numerator), _value(denominator))
        case Power(base, exponent):
            return _power(_value(base), exponent)
        case Matrix(rows, True):
            return _rows([[_value(cell) for cell in row] for row in rows])
        case Norm(body):
            inner = _value(body)
            return abs(inner) if isinstance(inner, Decimal) else None
        case Call(Symbol(name), (argument,)) if name in ("ln", "exp"):
            return _called(name, _value(argument))
        case _:
            return None


def _shown(value: float, digits: int) -> Decimal | None:
    shown = shown_number(value, digits)
    if not shown.is_finite:
        return None
    size = Decimal(shown.digits).scaleb(shown.exponent or 0)
    return -size if shown.is_negative else size


def _called(name: str, argument: Value | None) -> Decimal | None:
    if not isinstance(argument, Decimal):
        return None
    return argument.ln() if name == "ln" else argument.exp()


def _divided(numerator: Value | None, denominator: Value | None) -> Value | None:
    return _each(numerator, 1 / denominator) if isinstance(denominator, Decimal) and denominator else None


def _power(base: Value | None, exponent: Formula) -> Value | None:
    if isinstance(base, tuple):
        return tuple(zip(*base, strict=True)) if is_transposed(exponent) else None
    raised = _value(exponent)
    return base**raised if base is not None and isinstance(raised, Decimal) else None


def _rows(rows: list[list[Value | None]]) -> Rows | None:
    cells = [tuple(cell for cell in row if isinstance(cell, Decimal)) for row in rows]
    return tuple(cells) if all(len(row) == len(cell) for row, cell in zip(rows, cells, strict=True)) else None


def _each(value: Value | None, factor: Decimal) -> Value | None:
    if value is None or isinstance(value, Decimal):
        return None if value is None else value * factor
    return tuple(tuple(entry * factor for entry in row) for row in value)


def _sum(terms: list[Value | None]) -> Value | None:
    return reduce(_added, terms, None) if terms and all(term is not None for term in terms) else None


def _product(factors: list[Value | None], sign: str) -> Value | None:
    if not factors or any(factor is None for factor in factors):
        return None
    return reduce(lambda one, other: _times(one, other, sign), factors)


def _added(one: Value | None, other: Value | None) -> Value | None:
    if one is None:
        return other
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one + other
    if isinstance(one, tuple) and isinstance(other, tuple) and _shape(one) == _shape(other):
        return tuple(tuple(a + b for a, b in zip(*rows, strict=True)) for rows in zip(one, other, strict=True))
    return None


def _times(one: Value | None, other: Value | None, sign: str) -> Value | None:
    if isinstance(one, Decimal):
        return _each(other, one)
    if isinstance(other, Decimal):
        return _each(one, other)
    if one is None or other is None:
        return None
    (rows, inner), (height, columns) = _shape(one), _shape(other)
    if (rows, inner) != (height, columns) if sign == "hadamard" else inner != height:
        return None  # no product of these; what is meant is not this file's business
    if sign == "hadamard":
        return tuple(tuple(a * b for a, b in zip(*rows, strict=True)) for rows in zip(one, other, strict=True))
    turned = list(zip(*other, strict=True))
    return tuple(tuple(_dot(row, column) for column in turned) for row in one)


def _shape(rows: Rows) -> tuple[int, int]:
    return len(rows), len(rows[0]) if rows else 0


def _dot(row: Iterable[Decimal], column: Iterable[Decimal]) -> Decimal:
    return sum((a * b for a, b in zip(row, column, strict=True)), Decimal(0))
