"""Writes the derivation as ordered steps: chain rule, names, numbers, result; then the details, folded at first."""

from collections.abc import Iterator

from vgdesk.records.derivation import FOLDED, DerivationStep, Factor, StepKind
from vgdesk.records.formula import BigProduct, Formula, Ink, Number, Partial, Product, Relation, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.details import detail_steps
from vgdesk.symbolic.evaluate import Values, as_formula
from vgdesk.symbolic.factors import Parameter
from vgdesk.symbolic.notation import LOSS, parameter_symbol

LONG_PRODUCT = 8
"""From this many factors on, the chain rule is written with a product sign and the numbers go to several lines."""
NUMBERS_PER_LINE = 6
SYMBOLS_PER_LINE = 12


def tell(
    experiment: Experiment, wrt: Parameter, factors: tuple[Factor, ...], values: Values
) -> tuple[DerivationStep, ...]:
    """Returns the main steps followed by the detail steps."""
    gradient = Partial(LOSS, parameter_symbol(wrt.name))
    result = as_formula(values[f"dL_{wrt.name}"])
    return (
        _step(
            StepKind.CHAIN_RULE,
            "Chain rule",
            Relation((gradient, _meanings(experiment, wrt, factors))),
            unfolded=_every(gradient, [Ink(factor.id, factor.meaning) for factor in factors]),
        ),
        _step(
            StepKind.NAME,
            "Name the factors",
            Relation((gradient, _symbols(factors))),
            unfolded=_every(gradient, [Ink(factor.id, factor.symbol) for factor in factors], SYMBOLS_PER_LINE),
        ),
        _step(StepKind.SUBSTITUTE, "Substitute", *_numbers(gradient, factors)),
        _step(StepKind.RESULT, "Result", Relation((gradient, result))),
        *detail_steps(experiment, wrt, factors, values, is_long=len(factors) >= LONG_PRODUCT),
    )


def _step(kind: StepKind, title: str, *lines: Formula, unfolded: tuple[Formula, ...] = ()) -> DerivationStep:
    return DerivationStep(kind=kind, title=title, lines=lines, unfolded=unfolded)


def _every(gradient: Formula, inks: list[Ink], per_line: int = NUMBERS_PER_LINE) -> tuple[Formula, ...]:
    """Returns a long product with every term, so many per line; nothing where it is short and was never folded."""
    if len(inks) < LONG_PRODUCT:
        return ()
    rows = [tuple(inks[start : start + per_line]) for start in range(0, len(inks), per_line)]
    return (Relation((gradient, Product(rows[0]))), *(Product((Symbol("dots"), *row)) for row in rows[1:]))


def _meanings(experiment: Experiment, wrt: Parameter, factors: tuple[Factor, ...]) -> Formula:
    if len(factors) < LONG_PRODUCT:
        return Product(tuple(Ink(factor.id, factor.meaning) for factor in factors))
    link = Partial(Symbol("h", "k"), Symbol("h", "k-1"))
    links = BigProduct(Symbol("k"), Number(wrt.layer + 1), Number(experiment.feed_forward.depth), link)
    first, last = factors[0], factors[-1]
    return Product((Ink(first.id, first.meaning), Ink(FOLDED, links), Ink(last.id, last.meaning)))


def _symbols(factors: tuple[Factor, ...]) -> Formula:
    inks = tuple(Ink(factor.id, factor.symbol) for factor in factors)
    return Product(inks if len(inks) < LONG_PRODUCT else (*inks[:2], Ink(FOLDED, Symbol("dots")), *inks[-2:]))


def _numbers(gradient: Formula, factors: tuple[Factor, ...]) -> Iterator[Formula]:
    inks = tuple(Ink(factor.id, factor.number) for factor in factors)
    per_line = NUMBERS_PER_LINE if len(inks) >= LONG_PRODUCT else len(inks)
    yield Relation((gradient, Product(inks[:per_line], "times")))
    for start in range(per_line, len(inks), per_line):
        yield Product((Symbol("dots"), *inks[start : start + per_line]), "times")
