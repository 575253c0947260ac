"""The gradient as a sum over paths: dL/dw = sum over all ways from w to L of the product of the local derivatives.

The lines of a network are a graph: an arrow leads from every symbol to the lines that read it, and carries that line's
local derivative (Bauer 1974; Griewank & Walther 2008, sec. 3.1). A weight shared by time steps or examples begins a
path at each of its uses, so the paths through time lie among the others. The local derivatives are called s_1, s_2, ...
because d_1 is another factor in the derivation step by step.

There may be more paths than atoms. None of these walks through all of them:

- how many there are, and how many of them are not 0, is counted from the loss down (count of a symbol = sum of the
  counts of the lines that read it);
- their sum is found from the parameter up, in forward mode, independently of the backward pass that a derivation uses;
- the largest are found best-first: the largest product that a partial path can still reach is known exactly, so that
  paths leave the queue in the order of their magnitude (A* with a perfect heuristic).
"""

import heapq
from collections.abc import Iterator
from itertools import count, islice
from typing import Any, NamedTuple

import mpmath
import sympy as sp

from vgdesk.errors import SpecError
from vgdesk.records.derivation import Factor, Place
from vgdesk.records.derivation_views import GradientPath, PathView
from vgdesk.records.formula import Partial, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.contributions import place_of_use
from vgdesk.symbolic.evaluate import DIGITS, Values, as_formula, log10_magnitude, value_of
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.reverse import symbols_of
from vgdesk.symbolic.substitute import Table, in_numbers, table_of

MOST_PATHS = 200
"""So many can be listed at most; a person reads a dozen."""
DEFAULT_PATHS = 10
_LOSS = "L"


class Arrow(NamedTuple):
    """Leads from a symbol to a line that reads it; `slope` is the line's local derivative, `value` its number."""

    source: str
    target: str
    slope: sp.Expr
    value: Any


class PathGraph:
    """Holds the arrows that lie between one parameter and the loss, with their numbers.

    Parameters
    ----------
    wrt
        The parameter at which every path begins.
    values
        Numbers of all intermediates of both passes.
    """

    def __init__(self, unfolded: Unfolded, wrt: Learned, values: Values) -> None:
        self._start = wrt.name
        self._arrows = _arrows(unfolded, wrt.name, values)
        with mpmath.workdps(DIGITS):
            self.count = self._counted(lambda arrow: True)
            self.zeros = self.count - self._counted(lambda arrow: arrow.value != 0)
            self.total = self._sum()
            self._reach = self._largest()

    def _counted(self, is_open: Any) -> int:
        ways = {_LOSS: 1}
        for source, arrows in reversed(self._arrows.items()):
            ways[source] = sum(ways.get(arrow.target, 0) for arrow in arrows if is_open(arrow))
        return ways.get(self._start, 0)

    def _sum(self) -> Any:
        """Returns the sum over all paths, carried from the parameter to the loss."""
        carried = {self._start: mpmath.mpf(1)}
        for source, arrows in self._arrows.items():
            for arrow in arrows:
                carried[arrow.target] = carried.get(arrow.target, mpmath.mpf(0)) + carried[source] * arrow.value
        return carried.get(_LOSS, mpmath.mpf(0))

    def _largest(self) -> dict[str, Any]:
        """Returns the largest |product| of any way from each symbol to the loss."""
        reach = {_LOSS: mpmath.mpf(1)}
        for source, arrows in reversed(self._arrows.items()):
            reach[source] = max((_size(arrow.value) * reach[arrow.target] for arrow in arrows), default=mpmath.mpf(0))
        return reach

    def largest_first(self) -> Iterator[tuple[tuple[Arrow, ...], Any]]:
        """Yields (arrows from the parameter to the loss, product), by falling magnitude; exact zeros come last."""
        order = count()  # among equals the first found is the first told: the same every time
        queue: list[tuple[Any, int, str, Any, tuple[Arrow, ...]]] = []
        if self.count:
            queue.append((mpmath.mpf(0), next(order), self._start, mpmath.mpf(1), ()))
        while queue:
            _, _, end, product, way = heapq.heappop(queue)
            if end == _LOSS:
                yield way, product
                continue
            with mpmath.workdps(DIGITS):
                for arrow in self._arrows[end]:
                    further = product * arrow.value
                    rank = -_size(further) * self._reach[arrow.target]
                    heapq.heappush(queue, (rank, next(order), arrow.target, further, (*way, arrow)))


def _arrows(unfolded: Unfolded, start: str, values: Values) -> dict[str, list[Arrow]]:
    """Returns the arrows between the parameter and the loss by source; sources stand in the order of the lines."""
    found: dict[str, list[Arrow]] = {start: []}
    for target, expression in unfolded.forward:
        sources = [symbol for symbol in symbols_of(expression) if str(symbol) in found]
        for source in sources:
            slope = unfolded.local(target, expression, source)
            found[str(source)].append(Arrow(str(source), str(target), slope, value_of(slope, values)))
        if sources:
            found[str(target)] = []
    return _leading_to_loss(found)


def _leading_to_loss(found: dict[str, list[Arrow]]) -> dict[str, list[Arrow]]:
    """Leaves out what does not lead to the loss."""
    leading = {_LOSS}
    kept: dict[str, list[Arrow]] = {}
    for source, arrows in reversed(found.items()):
        useful = [arrow for arrow in arrows if arrow.target in leading]
        if useful:
            leading.add(source)
            kept[source] = useful
    return dict(reversed(kept.items()))


def _size(value: Any) -> Any:
    """Returns |value|; one that is not a number ranks with 0, for it cannot be compared."""
    return mpmath.mpf(0) if mpmath.isnan(value) else abs(value)


def require_count(most: int) -> None:
    """Raises `SpecError` unless so many paths can be listed."""
    if not 1 <= most <= MOST_PATHS:
        raise SpecError(f"number of paths listed must be from 1 to {MOST_PATHS}, got {most}")


class Paths:
    """Lists the largest paths of one parameter, and remembers the numbers of their factors with all digits.

    Parameters
    ----------
    most
        How many are listed.
    is_zero
        Whether the paths are known to cancel exactly (a bias before batch normalisation), of which 60 digits leave a
        remainder.
    """

    def __init__(
        self, unfolded: Unfolded, wrt: Learned, values: Values, most: int = DEFAULT_PATHS, is_zero: bool = False
    ) -> None:
        require_count(most)
        self.exact: dict[str, Any] = {}
        self._unfolded, self._wrt = unfolded, wrt
        self._table = table_of(unfolded.symbols, values)
        self._factors: dict[tuple[str, str], Factor] = {}
        self._slopes: dict[tuple[str, str], sp.Expr] = {}
        self._graph = PathGraph(unfolded, wrt, values)
        self._total = mpmath.mpf(0) if is_zero else self._graph.total
        self._found = list(islice(self._graph.largest_first(), most))

    def view(self, experiment: Experiment) -> PathView:
        """Returns the sum over all paths with the largest of them listed."""
        paths = tuple(self._path(way, product) for way, product in self._found)
        rest, total = self._rest(), self._total
        return PathView(
            experiment=experiment.name,
            title=experiment.title,
            wrt=self._wrt.name,
            wrt_symbol=self._wrt.symbol,
            wrt_place=self._wrt.place,
            value=float(total),
            log10_magnitude=log10_magnitude(total),
            number=as_formula(total),
            factors=tuple(self._factors.values()),
            paths=paths,
            path_digits=str(self._graph.count),
            zero_digits=str(self._graph.zeros),
            rest=float(rest),
            rest_number=as_formula(rest),
        )

    @property
    def slopes(self) -> dict[str, sp.Expr]:
        """The expression of every factor told so far, by its id."""
        return {factor.id: self._slopes[key] for key, factor in self._factors.items()}

    def _rest(self) -> Any:
        if self._graph.count == len(self._found):
            return mpmath.mpf(0)
        with mpmath.workdps(DIGITS):
            return self._total - mpmath.fsum(product for _, product in self._found)

    def _path(self, way: tuple[Arrow, ...], product: Any) -> GradientPath:
        places = [self._unfolded.intermediates[arrow.target].place for arrow in way]
        return GradientPath(
            factors=tuple(self._factor(arrow).id for arrow in reversed(way)),
            places=tuple(dict.fromkeys([place_of_use(self._wrt, places[0]), *places])),
            value=float(product),
            log10_magnitude=log10_magnitude(product),
            sign=0 if mpmath.isnan(product) else int(mpmath.sign(product)),
            number=as_formula(product),
            share=float(product / self._total) if self._total != 0 else None,
        )

    def _factor(self, arrow: Arrow) -> Factor:
        """Returns the factor of an arrow, the same one for every path that takes it."""
        key = arrow.source, arrow.target
        if key not in self._factors:
            number = str(len(self._factors) + 1)
            self._slopes[key] = arrow.slope
            self._factors[key] = _factor(self._unfolded, self._wrt, arrow, number, self._table)
            self.exact[f"s{number}"] = arrow.value
        return self._factors[key]


def _factor(unfolded: Unfolded, wrt: Learned, arrow: Arrow, number: str, table: Table) -> Factor:
    reader, source = unfolded.intermediates[arrow.target], unfolded.intermediates.get(arrow.source)
    closed_form = unfolded.spell(arrow.slope)
    return Factor(
        id=f"s{number}",
        symbol=Symbol("s", number),
        meaning=Partial(reader.symbol, unfolded.symbols[arrow.source]),
        closed_form=closed_form,
        value=float(arrow.value),
        number=as_formula(arrow.value),
        place=_place(unfolded, wrt, arrow),
        spoken=f"the partial of {reader.words} by {source.words if source else wrt.words}",
        numbers=next(iter(in_numbers(closed_form, table)), None),
    )


def _place(unfolded: Unfolded, wrt: Learned, arrow: Arrow) -> Place:
    """Returns the parameter itself at a path's beginning, the edge where the slope is a weight, else the unit."""
    reader = unfolded.intermediates[arrow.target].place
    if arrow.source == wrt.name:
        return place_of_use(wrt, reader)
    weight = unfolded.learned.get(str(arrow.slope))
    return reader if weight is None else place_of_use(weight, reader)
