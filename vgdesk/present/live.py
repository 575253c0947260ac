"""Tells a live derivation with other numbers: what takes the symbolic process long is done here within a frame.

The template is walked once. What holds a mark becomes a small function of the program's slots; what does not is kept as
it is. Telling the derivation then only builds the parts that changed.
"""

import bisect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.derivation import Derivation, DerivationStep, Factor, StepKind
from vgdesk.records.derivation_views import GradientPath, GradientView, Ledger, LedgerRow, PathView
from vgdesk.records.formula import Number, Relation, Symbol
from vgdesk.records.live import LiveDerivation, digits_to_show
from vgdesk.records.profile import GradientProfile

_Slots = list[float]
_Fill = Callable[[_Slots], Any]
_TOLERANCE = 1e-12
"""Relative: a mark that was computed with 60 digits and one that was computed in float64 are the same."""
_LOGARITHMS = {"log10_magnitude": "value", "log10_delta": "delta"}
"""Fields that follow from another field of the same record."""


class Moment(NamedTuple):
    """Is what the numbers of one moment tell. `profile` is None where there are too many examples to follow."""

    derivation: Derivation
    profile: GradientProfile | None
    slots: _Slots


class LiveTeller:
    """Tells one live derivation with any numbers."""

    def __init__(self, live: LiveDerivation) -> None:
        self.live = live
        self._run = live.program.runner()
        self._names = [number.name for number in live.numbers]
        self._marks, self._slots = live.marks.tolist(), live.mark_slots.tolist()
        self._derivation = self._filler(live.template)
        self._matrices = self._filler(live.matrices) if live.matrices is not None else None
        self._numbers = {factor: self._filler(numbers) for factor, numbers in live.factor_numbers.items()}

    def tell(self, numbers: Mapping[str, float], exact: Derivation) -> Moment:
        """Returns the derivation and the profile with these numbers.

        Parameters
        ----------
        numbers
            By name; what is left out keeps the experiment's number.
        exact
            The derivation as it was made last: sentences and steps that cannot be followed are taken from it.
        """
        given = [numbers.get(number.name, number.value) for number in self.live.numbers]
        slots = self._run(given)
        told = cast("Derivation", self._derivation(slots)) if self._derivation else self.live.template
        named = msgspec.structs.replace(
            told, experiment=exact.experiment, title=exact.title, steps=self._steps(told, exact)
        )
        return Moment(named, self._profile(given, slots, exact.experiment), slots)

    def view(self, name: str, moment: Moment) -> GradientView | None:
        """Returns a view at that moment, or None where there is none of that name."""
        makers: dict[str, Callable[[_Slots], GradientView]] = {"paths": self._paths, "ledger": self._ledger}
        if self._matrices is not None:
            makers["matrix"] = self._matrices
        if name not in makers:
            return None
        told = moment.derivation
        return msgspec.structs.replace(makers[name](moment.slots), experiment=told.experiment, title=told.title)

    def _steps(self, told: Derivation, exact: Derivation) -> tuple[DerivationStep, ...]:
        """Returns the steps with the sentences of the exact derivation, which may speak of numbers."""
        steps = list(told.steps)
        if len(steps) == len(exact.steps):
            for number, (step, former) in enumerate(zip(steps, exact.steps, strict=True)):
                if number in self.live.held_steps:
                    steps[number] = former
                elif step.note != former.note or step.kind is StepKind.UPDATE:
                    steps[number] = msgspec.structs.replace(step, note=former.note, lines=_with_digits(step.lines))
        return tuple(steps)

    def _profile(self, given: Sequence[float], slots: _Slots, experiment: str) -> GradientProfile | None:
        rule = self.live.profile
        if not len(rule.data):
            return None
        runs = [
            slots if row == rule.row else self._run([*numbers, *given[len(numbers) :]])
            for row, numbers in enumerate(rule.data.tolist())
        ]
        norms = [_log10_norm(_of_examples(runs, group, rule.is_mean)) for group in rule.groups]
        return GradientProfile(
            experiment=experiment,
            route="symbolic",
            quantity=rule.quantity,
            log10_norm=frozen(norms),
            places=rule.places,
        )

    def _factor(self, factor: Factor, slots: _Slots) -> Factor:
        value, fill = slots[self.live.factor_slots[factor.id]], self._numbers.get(factor.id)
        numbers = fill(slots) if fill else self.live.factor_numbers.get(factor.id)
        return msgspec.structs.replace(factor, value=value, number=Number(value), numbers=numbers)

    def _ledger(self, slots: _Slots) -> Ledger:
        rows: list[LedgerRow] = []
        running, log10_running = 1.0, 0.0
        for row in self.live.ledger.rows:
            factor = self._factor(row.factor, slots)
            running, log10_factor = running * factor.value, _log10(factor.value)
            log10_running += log10_factor
            rows.append(
                LedgerRow(
                    factor=factor,
                    log10_factor=log10_factor,
                    running=running,
                    log10_running=log10_running,
                    running_number=Number(running),
                )
            )
        value = slots[self.live.gradient]
        return msgspec.structs.replace(
            self.live.ledger,
            rows=tuple(rows),
            value=value,
            log10_magnitude=_log10(value),
            number=Number(value),
            share=running / value if rows and value else None,
        )

    def _paths(self, slots: _Slots) -> PathView:
        view, total = self.live.paths, slots[self.live.gradient]
        factors = {factor.id: self._factor(factor, slots) for factor in view.factors}
        paths: list[GradientPath] = []
        for path in view.paths:
            value = math.prod(factors[name].value for name in path.factors)
            paths.append(
                msgspec.structs.replace(
                    path,
                    value=value,
                    log10_magnitude=_log10(value),
                    sign=(value > 0) - (value < 0),
                    number=Number(value),
                    share=value / total if total else None,
                )
            )
        rest = total - math.fsum(path.value for path in paths) if view.count > len(paths) else 0.0
        return msgspec.structs.replace(
            view,
            value=total,
            log10_magnitude=_log10(total),
            number=Number(total),
            factors=tuple(factors.values()),
            paths=tuple(paths),
            rest=rest,
            rest_number=Number(rest),
        )

    def _slot(self, value: float) -> int | None:
        """Returns the slot whose mark this number is, or None for a constant."""
        place = bisect.bisect_left(self._marks, value)
        for near in (place - 1, place):
            if 0 <= near < len(self._marks) and math.isclose(self._marks[near], value, rel_tol=_TOLERANCE):
                return self._slots[near]
        return None

    def _filler(self, part: Any) -> _Fill | None:
        """Returns what builds this part of the template from the slots, or None where it never changes."""
        if isinstance(part, (Symbol, str, int)):  # most of a formula: no number is in it
            return None
        if isinstance(part, float):
            slot = self._slot(part)
            return None if slot is None else lambda slots: slots[slot]
        if isinstance(part, tuple):
            return self._tuple_filler(cast("tuple[Any, ...]", part))
        if isinstance(part, np.ndarray):
            return self._array_filler(cast("np.ndarray[Any, Any]", part))
        return self._record_filler(part) if isinstance(part, msgspec.Struct) else None

    def _tuple_filler(self, parts: tuple[Any, ...]) -> _Fill | None:
        fills = [self._filler(part) for part in parts]
        if not any(fills):
            return None
        pairs = list(zip(parts, fills, strict=True))
        return lambda slots: tuple([fill(slots) if fill else part for part, fill in pairs])

    def _array_filler(self, array: np.ndarray) -> _Fill | None:
        places = [(index, self._slot(float(value))) for index, value in np.ndenumerate(array)]
        found = [(index, slot) for index, slot in places if slot is not None]
        if not found:
            return None

        def fill(slots: _Slots) -> np.ndarray:
            filled = array.copy()
            for index, slot in found:
                filled[index] = slots[slot]
            return frozen(filled)

        return fill

    def _record_filler(self, record: msgspec.Struct) -> _Fill | None:
        fields = {name: getattr(record, name) for name in record.__struct_fields__}
        fills = {name: of_field for name, part in fields.items() if (of_field := self._filler(part))}
        if not fills:
            return None
        kind, pairs = type(record), list(fills.items())
        logarithms = [(name, of) for name, of in _LOGARITHMS.items() if name in fields and of in fills]

        def fill(slots: _Slots) -> Any:
            filled = {**fields, **{name: part(slots) for name, part in pairs}}
            for name, of in logarithms:
                filled[name] = _log10(filled[of])
            return kind(**filled)

        return fill


def _with_digits(lines: tuple[Any, ...]) -> tuple[Any, ...]:
    """Shows so many digits of an updated weight that its change is seen."""
    last = lines[-1] if lines else None
    if not (isinstance(last, Relation) and len(last.sides) == 2 and isinstance(last.sides[1], Number)):
        return lines
    new = last.sides[1].value
    old = min(_numbers_in(last.sides[0]), key=lambda value: abs(value - new), default=new)
    return (*lines[:-1], Relation((last.sides[0], Number(new, digits=digits_to_show(old, new))), last.operator))


def _numbers_in(part: Any) -> list[float]:
    if isinstance(part, Number):
        return [part.value]
    fields = getattr(part, "__struct_fields__", ())
    inner = list(cast("tuple[Any, ...]", part)) if isinstance(part, tuple) else [getattr(part, n) for n in fields]
    return [value for one in inner for value in _numbers_in(one)]


def _of_examples(runs: list[_Slots], group: tuple[int, ...], is_mean: bool) -> list[float]:
    """Returns the derivatives of the mean loss whose norm is wanted."""
    if is_mean:
        return [math.fsum(run[slot] for run in runs) / len(runs) for slot in group]
    return [run[slot] / len(runs) for run in runs for slot in group]


def _log10_norm(values: list[float]) -> float:
    """Returns log10 of the 2-norm, scaled first so that no square underflows."""
    largest = max(map(abs, values), default=0.0)
    if largest == 0.0 or not math.isfinite(largest):
        return -math.inf if largest == 0.0 else math.nan
    return math.log10(largest) + math.log10(math.hypot(*(value / largest for value in values)))


def _log10(value: Any) -> Any:
    """Returns log10 of the magnitude of a number, or of every number of an array; -inf for an exact zero."""
    if isinstance(value, np.ndarray):
        return frozen([_log10(float(one)) for one in cast("Any", value).tolist()])
    if value == 0:
        return -math.inf
    return math.log10(abs(value)) if math.isfinite(value) else abs(value)
