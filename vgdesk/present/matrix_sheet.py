"""The backward rule in matrices as an equation sheet, whose arrays unfold to their entries.

The factors of a matrix rule are its arrays. Unfolded, a weight matrix shows which weights stand in it, a vector of
slopes the slope of each unit, and a delta the rule of each unit. They are called by their letters and their layer: W2,
delta1, slope1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from vgdesk.present.formula import to_spoken, to_text
from vgdesk.present.formula.printer import is_transposed
from vgdesk.present.sheet import sheet_of
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import DerivationStep, Place, PlaceKind, StepKind
from vgdesk.records.derivation_views import MatrixStep, MatrixView
from vgdesk.records.formula import Call, Formula, Ink, Matrix, Partial, Power, Product, Relation, Sum, Symbol

MATRICES_KIND = "in matrices"
_NO_LETTER = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True)
class _Array:
    """Is an array that can be unfolded: the lines that explain it, and the layer or time step it belongs to."""

    id: str
    lines: tuple[Formula, ...]
    layer: int


def matrix_sheet(view: MatrixView) -> EquationSheet:
    """Returns the sheet of the backward rule in matrices; what its arrays consist of are details."""
    arrays = _arrays(view)
    sheet = sheet_of(view.experiment, view.title, view.wrt, tuple(_steps(view, arrays)), (), MATRICES_KIND)
    told = {array.id: array for array in arrays.values()}
    return replace(
        sheet,
        factor_text={name: to_text(array.lines[0]) for name, array in told.items()},
        factor_spoken={name: to_spoken(array.lines[0]) for name, array in told.items()},
        factor_place={name: Place(PlaceKind.LAYER, array.layer) for name, array in told.items() if array.layer},
    )


def matrix_steps(view: MatrixView) -> tuple[DerivationStep, ...]:
    """Returns the steps of that sheet."""
    return tuple(_steps(view, _arrays(view)))


def _arrays(view: MatrixView) -> dict[Formula, _Array]:
    """Returns every array by its symbol: each rule's delta, then what the rules multiply."""
    found: dict[Formula, _Array] = {}
    for step in view.steps:
        _note(found, _sides(step.rule)[0], _delta_entries(step), _sides(step.numbers)[-1], step.layer, step.scalars)
    for array in (*(array for step in view.steps for array in step.arrays), *view.arrays):
        _note(found, array.symbol, array.entries, array.numbers, array.layer)
    return found


def _note(
    found: dict[Formula, _Array],
    symbol: Formula,
    entries: Formula,
    numbers: Formula,
    layer: int,
    below: tuple[Formula, ...] = (),
) -> None:
    if symbol in found:
        return
    name, taken = _name(symbol), {array.id for array in found.values()}
    number = 1
    while (own := name if number == 1 else f"{name}.{number}") in taken:
        number += 1
    line = Relation(tuple(dict.fromkeys((Ink(own, symbol), entries, numbers))))
    found[symbol] = _Array(own, (line, *below), layer)


def _delta_entries(step: MatrixStep) -> Formula:
    return Matrix(tuple((_sides(scalar)[0],) for scalar in step.scalars))


def _name(symbol: Formula) -> str:
    """Returns what an array is called where only plain letters can be typed."""
    match symbol:
        case Symbol(name, subscript, superscript):
            return _NO_LETTER.sub("", name + subscript + superscript) or "array"
        case Call(_, (argument,)):
            return f"slope{_name(argument).lstrip('az')}"
        case Partial(of, wrt):
            return f"d{_name(of)}d{_name(wrt)}"
        case _:
            return "array"


def _steps(view: MatrixView, arrays: dict[Formula, _Array]) -> Iterator[DerivationStep]:
    for step in view.steps:
        lines = step.rule, step.shapes, step.numbers
        inked = tuple(_inked(step.rule, line, arrays) for line in lines)
        yield DerivationStep(kind=StepKind.CHAIN_RULE, title=step.title, lines=inked)
    result = tuple(_inked(view.result[0], line, arrays) for line in view.result)
    yield DerivationStep(kind=StepKind.RESULT, title=view.result_title, lines=result)
    for step in view.steps:
        lines = arrays[_sides(step.rule)[0]].lines
        title = f"{step.title}, unit by unit"
        yield DerivationStep(kind=StepKind.EXPAND, title=title, lines=lines, detail=True)
    deltas = {_sides(step.rule)[0] for step in view.steps}
    others = tuple(line for symbol, array in arrays.items() if symbol not in deltas for line in array.lines)
    if others:
        yield DerivationStep(kind=StepKind.EXPAND, title="The arrays, entry by entry", lines=others, detail=True)


def _inked(rule: Formula, line: Formula, arrays: dict[Formula, _Array]) -> Formula:
    """Returns a line with every array in its ink; `rule` is the same with symbols, and says which array stands where.

    The last side of a line with numbers, which the rule does not have, is what stands on its left.
    """
    if not (isinstance(rule, Relation) and isinstance(line, Relation)):
        return line
    guides = (*rule.sides, rule.sides[0])[: len(line.sides)]
    sides = tuple(_ink(guide, side, arrays) for guide, side in zip(guides, line.sides, strict=True))
    return msgspec.structs.replace(line, sides=sides)


def _ink(guide: Formula, part: Formula, arrays: dict[Formula, _Array]) -> Formula:
    transposed = isinstance(guide, Power) and is_transposed(guide.exponent)
    array = arrays.get(guide.base if isinstance(guide, Power) and transposed else guide)
    if array is not None:
        return Ink(array.id, part)
    match guide, part:
        case Sum(ones), Sum(others) if len(ones) == len(others):
            return Sum(tuple(_ink(*pair, arrays) for pair in zip(ones, others, strict=True)))
        case Product(ones), Product(others, sign) if len(ones) == len(others):
            return Product(tuple(_ink(*pair, arrays) for pair in zip(ones, others, strict=True)), sign)
        case _:
            return part


def _sides(line: Formula) -> tuple[Formula, ...]:
    return line.sides if isinstance(line, Relation) else (line,)
