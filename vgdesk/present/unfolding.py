"""What of a folded sheet has been asked for: a factor, a layer, everything. A sheet in, a sheet out.

A derivation keeps the answers folded away in its details: a line "d1 = ... = 0.03" per factor, and the backward rule of
each layer. Unfolding a factor puts its line below the equation in which it stands. Unfolding a layer does so for all
factors of that layer (of a recurrent network: time step) and shows the layer's backward rule. A long product is written
with a product sign or dots; unfolded, every term stands there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from vgdesk.errors import SpecError
from vgdesk.present.sheet_scene import EquationSheet, SheetLine, SheetStep
from vgdesk.records.derivation import FOLDED
from vgdesk.records.formula import Ink, Relation

EVERYTHING, NOTHING = "everything", "nothing"
_LONGEST_NUMBER = 40
"""Digits of a layer's number that are read; no network has as many layers."""
_LAYER = "layer"


@dataclass(frozen=True)
class Unfolding:
    """Says what is unfolded.

    Attributes
    ----------
    factors
        Factor id -> number of the step below whose equation its line stands.
    layers
        Layers whose backward rule is shown.
    products
        Whether long products show every term.
    details
        Whether all details are shown, below the main steps.
    """

    factors: Mapping[str, int] = field(default_factory=dict[str, int])
    layers: frozenset[int] = frozenset()
    products: bool = False
    details: bool = False

    @property
    def is_folded(self) -> bool:
        """Whether nothing is unfolded."""
        return not (self.factors or self.layers or self.products or self.details)


NOTHING_UNFOLDED = Unfolding()


def unfolded(sheet: EquationSheet, unfolding: Unfolding) -> EquationSheet:
    """Returns the sheet with lines of factors below their equations, and with the steps that were asked for.

    Steps of unfolded layers are no details any more; the other details stay details and come last. The steps are
    numbered in this order, so that none seems to be missing where details are folded.
    """
    if not (unfolding.factors or unfolding.layers or unfolding.products):
        return sheet
    answers = factor_lines(sheet)
    steps = sorted((_step(step, unfolding, answers) for step in sheet.steps), key=lambda step: step.detail)
    return replace(sheet, steps=tuple(replace(step, number=number) for number, step in enumerate(steps, 1)))


def factor_lines(sheet: EquationSheet) -> dict[str, tuple[SheetLine, ...]]:
    """Returns the line "d1 = meaning = closed form = numbers = value" of every factor that has one in the details.

    Of an array the lines of its entries follow, up to the next line that explains a factor.
    """
    answers: dict[str, tuple[SheetLine, ...]] = {}
    for step in (step for step in sheet.steps if step.detail):
        factor = ""
        for line in step.lines:
            factor = told_by(line) or factor
            if factor:
                answers[factor] = (*(answers.get(factor, ()) if not told_by(line) else ()), line)
    return answers


def with_factor(sheet: EquationSheet, unfolding: Unfolding, factor: str, step: int = 0) -> Unfolding:
    """Returns the same with one factor unfolded below a step; 0 is the first step in which it stands.

    Raises
    ------
    SpecError
        The sheet has no such factor, or nothing to say of it.
    """
    known = factor_lines(sheet)
    if factor not in known:
        listed = ", ".join(known) or "none that can be unfolded"
        raise SpecError(f"unknown factor {factor[:80]!r}; this derivation has {listed}")
    shown = {one.number for one in sheet.steps if not one.detail and factor in _standing(one)}
    where = step if step in shown else min(shown, default=0)
    return replace(unfolding, factors={**unfolding.factors, factor: where})


def without_factor(unfolding: Unfolding, factor: str) -> Unfolding:
    """Returns the same with one factor folded again."""
    return replace(unfolding, factors={name: at for name, at in unfolding.factors.items() if name != factor})


def with_layer(sheet: EquationSheet, unfolding: Unfolding, layer: int) -> Unfolding:
    """Returns the same with a layer's factors and its backward rule unfolded.

    Raises
    ------
    SpecError
        Nothing of the derivation belongs to that layer.
    """
    known = factor_lines(sheet)
    factors = [name for name, place in sheet.factor_place.items() if place.layer == layer and name in known]
    rules = {step.layer for step in sheet.steps if step.layer}
    if not factors and layer not in rules:
        places = sorted(rules | {sheet.factor_place[name].layer for name in known if name in sheet.factor_place})
        listed = f"of {', '.join(map(str, places))}" if places else "of none"
        raise SpecError(f"nothing here belongs to layer {str(layer)[:40]}; this derivation tells {listed}")
    for factor in factors:
        unfolding = with_factor(sheet, unfolding, factor)
    return replace(unfolding, layers=unfolding.layers | {layer} if layer in rules else unfolding.layers)


def asked_for(sheet: EquationSheet, wishes: list[str]) -> Unfolding:
    """Returns what a list of wishes asks for: "d1", "layer 2" (or "layer2"), "everything", "nothing".

    Raises
    ------
    SpecError
        A wish is none of these, or names what the derivation does not have.
    """
    if NOTHING in wishes and len(set(wishes)) > 1:
        other = next(wish for wish in wishes if wish != NOTHING)
        raise SpecError(f"what is unfolded must be {NOTHING} or something, got {NOTHING} and {other[:80]}")
    unfolding = Unfolding()
    for wish in wishes:
        number = wish.removeprefix(_LAYER).strip()
        if wish == EVERYTHING:
            unfolding = replace(unfolding, products=True, details=True)
        elif wish.startswith(_LAYER) and number.isascii() and number.isdigit():
            unfolding = with_layer(sheet, unfolding, int(number[:_LONGEST_NUMBER]))
        elif wish != NOTHING:
            unfolding = with_factor(sheet, unfolding, wish)
    return unfolding


def sheet_asked_for(sheet: EquationSheet, wishes: list[str]) -> EquationSheet:
    """Returns the sheet with what a list of wishes asks for and without the other details; see `asked_for`."""
    unfolding = asked_for(sheet, wishes)
    told = unfolded(sheet, unfolding)
    return replace(told, steps=tuple(step for step in told.steps if unfolding.details or not step.detail))


def _step(step: SheetStep, unfolding: Unfolding, answers: Mapping[str, tuple[SheetLine, ...]]) -> SheetStep:
    if step.detail:
        return replace(step, detail=step.layer not in unfolding.layers)
    lines = step.unfolded if unfolding.products and step.unfolded else step.lines
    wanted = {name for name, number in unfolding.factors.items() if number == step.number and name in answers}
    return replace(step, lines=tuple(_with_answers(lines, wanted, answers))) if wanted else replace(step, lines=lines)


def _with_answers(
    lines: tuple[SheetLine, ...], wanted: set[str], answers: Mapping[str, tuple[SheetLine, ...]]
) -> Iterator[SheetLine]:
    """Yields the lines, each followed by what was asked about the factors that stand in none further down."""
    last = {factor: number for number, line in enumerate(lines) for _, factor in line.inks}
    # A factor behind dots stands in no line while these are folded: its answer comes last.
    hidden = sorted(wanted - set(last), key=_number)
    for number, line in enumerate(lines):
        yield line
        here = dict.fromkeys(factor for _, factor in line.inks if factor in wanted and last[factor] == number)
        for factor in (*here, *(hidden if number == len(lines) - 1 else ())):
            yield from (replace(answer, level=1) for answer in answers[factor])


def _standing(step: SheetStep) -> set[str]:
    return {factor for line in step.lines for _, factor in line.inks if factor != FOLDED}


def told_by(line: SheetLine) -> str:
    """Returns the factor that a line of the details explains, "" where it explains none."""
    first = line.formula.sides[0] if isinstance(line.formula, Relation) else None
    return first.factor if isinstance(first, Ink) else ""


def _number(factor: str) -> tuple[int, str]:
    digits = "".join(character for character in factor if character.isdigit())
    return int(digits or 0), factor
