"""Writes the derivation of a gradient that is a sum of contributions: chain rule, names, numbers, result, details."""

from collections.abc import Iterator

from vgdesk.records.derivation import Contribution, DerivationStep, Factor, StepKind
from vgdesk.records.formula import Formula, Ink, Number, Partial, Product, Relation, Sum, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.details import detail_step, factor_line
from vgdesk.symbolic.evaluate import Values, as_formula
from vgdesk.symbolic.intermediates import LOSS_PART, Learned, Unfolded
from vgdesk.symbolic.layers import ZERO_NOTE, is_always_zero
from vgdesk.symbolic.notation import LOSS, activations_of
from vgdesk.symbolic.own_formula import definition_step
from vgdesk.symbolic.reverse import symbols_of
from vgdesk.symbolic.substitute import in_numbers, table_of
from vgdesk.symbolic.update_story import update_of

_TERMS_PER_LINE = 2


class SumStory:
    """Tells how the contributions of one parameter add up to its gradient."""

    def __init__(
        self,
        experiment: Experiment,
        unfolded: Unfolded,
        wrt: Learned,
        factors: tuple[Factor, ...],
        contributions: tuple[Contribution, ...],
        values: Values,
    ) -> None:
        self._experiment, self._unfolded, self._wrt, self._values = experiment, unfolded, wrt, values
        self._factors, self._contributions = factors, contributions
        self._by_id = {factor.id: factor for factor in factors}
        self._gradient = Partial(LOSS, wrt.symbol)
        self._result = as_formula(values[f"dL_{wrt.name}"])
        self._table = table_of(unfolded.symbols, values)

    def steps(self) -> Iterator[DerivationStep]:
        """Yields the main steps, then the details, which are folded at first."""
        if not self._contributions:
            note = f"{self._wrt.name} is not read on the way to the loss, so its gradient is exactly 0."
            yield _step(StepKind.RESULT, "Result", Relation((self._gradient, Number(0.0))), note=note)
        else:
            yield from self._main()
        for factor in self._factors:
            yield detail_step(StepKind.EXPAND, f"Where {factor.id} comes from", factor_line(factor, self._table))
        yield from self._backward()
        if own := definition_step(activations_of(self._experiment.network)):
            yield own
        yield from self._forward()
        names = tuple(self._unfolded.learned)
        yield update_of(self._experiment, self._wrt.name, self._wrt.symbol, names, self._values)

    def _main(self) -> Iterator[DerivationStep]:
        count = len(self._contributions)
        uses = f"{self._wrt.name} is read {count} times; each use adds the product of its two factors."
        note = uses if count > 1 else ""
        yield _step(StepKind.CHAIN_RULE, "Chain rule", *self._lines("meaning"), note=note)
        yield _step(StepKind.NAME, "Name the factors", *self._lines("symbol"))
        yield _step(StepKind.SUBSTITUTE, "Substitute", *self._lines("number", "times"))
        if count > 1:
            yield _step(StepKind.SUBSTITUTE, "Contributions", Relation((self._gradient, self._contributed())))
        zero = ZERO_NOTE if is_always_zero(self._experiment, self._wrt.array) else ""
        yield _step(StepKind.RESULT, "Result", Relation((self._gradient, self._result)), note=zero)

    def _contributed(self) -> Formula:
        return Sum(tuple(contribution.number for contribution in self._contributions))

    def _lines(self, field: str, sign: str = "dot") -> Iterator[Formula]:
        """Yields the sum of products, a few terms per line."""
        products = [
            Product(tuple(Ink(name, getattr(self._by_id[name], field)) for name in contribution.factors), sign)
            for contribution in self._contributions
        ]
        for start in range(0, len(products), _TERMS_PER_LINE):
            part = products[start : start + _TERMS_PER_LINE]
            if start == 0:
                yield Relation((self._gradient, part[0] if len(part) == 1 else Sum(tuple(part))))
            else:
                yield Sum((Symbol("dots"), *part))

    def _backward(self) -> Iterator[DerivationStep]:
        """Yields the derivatives of L by what lies between the loss and the parameter, part by part."""
        told = {f"dL_{use[0]}" for use in self._unfolded.uses(self._wrt.name)}
        reached = reached_names(self._unfolded, self._wrt.name)
        parts: dict[str, list[Formula]] = {}
        layers: dict[str, int] = {}
        for adjoint, rule in self._unfolded.backward:
            name = str(adjoint).removeprefix("dL_")
            if str(adjoint) == f"dL_{name}" and name in reached and name != "L" and str(adjoint) not in told:
                part = self._unfolded.intermediates[name].part.removeprefix("Forward pass, ")
                formula = self._unfolded.spell(rule)
                sides = (self._unfolded.symbols[str(adjoint)], formula, *in_numbers(formula, self._table))
                parts.setdefault(part, []).append(Relation((*sides, as_formula(self._values[str(adjoint)]))))
                layers.setdefault(part, self._unfolded.intermediates[name].place.layer if part != LOSS_PART else 0)
        for part, lines in parts.items():
            yield detail_step(StepKind.EXPAND, f"Backward rule, {part}", *lines, layer=layers[part])

    def _forward(self) -> Iterator[DerivationStep]:
        parts: dict[str, list[Formula]] = {}
        for target, expression in self._unfolded.forward:
            about = self._unfolded.intermediates[str(target)]
            formula = about.shown or self._unfolded.spell(expression)
            value = as_formula(self._values[str(target)])
            numbers = in_numbers(formula, self._table) if about.part == LOSS_PART else ()
            sides = dict.fromkeys((about.symbol, formula, *numbers, value))
            parts.setdefault(about.part, []).append(Relation(tuple(sides)))
        note = self._unfolded.note
        for part, lines in parts.items():
            if part == LOSS_PART:
                yield detail_step(StepKind.LOSS, part, *lines)
            else:
                yield detail_step(StepKind.FORWARD, part, *lines, note=note)
                note = ""


def reached_names(unfolded: Unfolded, name: str) -> list[str]:
    """Returns the intermediates that depend on a parameter, in the order of the forward pass."""
    reached = {name}
    for target, expression in unfolded.forward:
        if any(str(symbol) in reached for symbol in symbols_of(expression)):
            reached.add(str(target))
    return [target for target in unfolded.intermediates if target in reached]


def _step(kind: StepKind, title: str, *lines: Formula, note: str = "") -> DerivationStep:
    return DerivationStep(kind=kind, title=title, lines=lines, note=note)
