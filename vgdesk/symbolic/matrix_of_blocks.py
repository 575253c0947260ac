"""The backward pass in matrices where the rule is no textbook product: gates, normalisation, skips, PReLU.

The intermediates of one letter in one layer (or at one time step) are a *block*, a vector u. A block receives from
every block v that reads it, through the matrix of local derivatives (Baydin et al. 2018, sec. 3.2):

    dL/du = sum_v (dv/du)^T dL/dv

A gated cell adds several such products; the matrix of a normalisation is full, that of an activation is diagonal.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import sympy as sp

from vgdesk.records.derivation_views import MatrixStep
from vgdesk.records.formula import Formula, Matrix, Partial, Relation, Sum, Symbol
from vgdesk.symbolic.evaluate import DIGITS, Values, as_formula
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.matrix import Array, by_numbers, by_shape, by_symbol, column, matrix_product, rule_step
from vgdesk.symbolic.network import named
from vgdesk.symbolic.notation import LOSS

_MEMBER = re.compile(r"(?P<letters>[A-Za-z]+(_[A-Za-z]+)?)_(?P<place>\d+)_\d+(_e\d+)?")
_LOSS_NAME = "L"


class BlockMatrices:
    """Builds the steps of any unfolded network; `through_time` says that places are time steps, not layers."""

    def __init__(self, through_time: bool, unfolded: Unfolded, values: Values) -> None:
        self._through_time, self._unfolded, self._values = through_time, unfolded, values
        self._lines = dict(unfolded.forward)
        self._blocks: dict[str, list[str]] = {}
        for name in unfolded.intermediates:
            self._blocks.setdefault(_block_of(name), []).append(name)

    def steps(self, wrt: Learned) -> tuple[MatrixStep, ...]:
        """Returns the rule of every block between the loss and the parameter, nearest the loss first."""
        position = {name: at for at, name in enumerate(self._unfolded.intermediates)}
        lowest = min((position[name] for name in self._readers(wrt.name)), default=len(position))
        blocks = sorted(self._blocks, key=lambda block: -position[self._blocks[block][-1]])
        reached = [b for b in blocks if b != _LOSS_NAME and position[self._blocks[b][-1]] >= lowest]
        return tuple(self._step(block) for block in reached if self._above(self._blocks[block]))

    def result(self, wrt: Learned) -> tuple[Formula, ...]:
        """Returns how the parameter's gradient follows from the blocks that read it."""
        gradient = Partial(LOSS, wrt.symbol)
        own = Relation((gradient, as_formula(self._values[f"dL_{wrt.name}"])))
        above = self._above([wrt.name])
        if not above:
            return (own,)
        rules = [self._sum(wrt.symbol, [wrt.name], above, show) for show in (by_symbol, by_shape, by_numbers)]
        return (*(Relation((gradient, rule)) for rule in rules), own)

    def _step(self, block: str) -> MatrixStep:
        members, symbol = self._blocks[block], self._symbol(block)
        above = self._above(members)
        place = self._unfolded.intermediates[members[0]].place.layer
        word = "time step" if self._through_time else "layer"
        return rule_step(
            place,
            f"{word.capitalize()} {place}: {block.partition('@')[0].replace('_', ' of ')}",
            lambda show: self._sum(symbol, members, above, show),
            self._gradient(block),
            [self._scalar(name) for name in members if f"dL_{name}" in self._values],
        )

    def _sum(self, symbol: Formula, members: list[str], above: list[str], show: Callable[[Array], Formula]) -> Formula:
        terms = tuple(self._term(symbol, members, block, show) for block in above)
        return terms[0] if len(terms) == 1 else Sum(terms)

    def _term(self, symbol: Formula, members: list[str], block: str, show: Callable[[Array], Formula]) -> Formula:
        """Returns (dv/du)^T dL/dv; the loss itself gives its own slopes."""
        local = [[self._local(target, source) for source in members] for target in self._blocks[block]]
        numbers = [[self._number(slope) for slope in row] for row in local]
        if block == _LOSS_NAME:
            slopes = tuple((self._unfolded.spell(slope),) for slope in local[0])
            return show(Array(Matrix(slopes), [(number,) for number in numbers[0]]))
        entries = [[self._unfolded.spell(slope) for slope in row] for row in local]
        place = self._unfolded.intermediates[self._blocks[block][0]].place.layer
        jacobian = Array(Partial(self._symbol(block), symbol), numbers, entries, place)
        return matrix_product(jacobian.transposed, self._gradient(block), show)

    def _scalar(self, name: str) -> Formula:
        terms = [
            sp.Mul(self._local(str(target), name), named(f"dL_{target}"), evaluate=False)
            for target, _ in self._unfolded.uses(name)
            if f"dL_{target}" in self._values or str(target) == _LOSS_NAME
        ]
        spelt = tuple(self._unfolded.spell(term) for term in terms)
        sides = [spelt[0] if len(spelt) == 1 else Sum(spelt)] if spelt else []
        return Relation((self._unfolded.symbols[f"dL_{name}"], *sides, as_formula(self._values[f"dL_{name}"])))

    def _gradient(self, block: str) -> Array:
        numbers = [self._values.get(f"dL_{name}", 0) for name in self._blocks[block]]
        return column(Partial(LOSS, self._symbol(block)), numbers)

    def _above(self, members: list[str]) -> list[str]:
        """Returns the blocks that read one of the members, nearest the loss first; those that L never reads are out."""
        readers = (reader for name in members for reader in self._readers(name))
        return list(dict.fromkeys(_block_of(reader) for reader in readers))

    def _readers(self, name: str) -> Iterator[str]:
        names = (str(target) for target, _ in self._unfolded.uses(name))
        return (target for target in names if target == _LOSS_NAME or f"dL_{target}" in self._values)

    def _local(self, target: str, source: str) -> sp.Expr:
        return self._unfolded.local(named(target), self._lines[named(target)], named(source))

    def _number(self, slope: sp.Expr) -> Any:
        symbols = sorted(slope.free_symbols, key=str)
        with mpmath.workdps(DIGITS):
            return sp.lambdify(symbols, slope, "mpmath")(*(self._values[str(symbol)] for symbol in symbols))

    def _symbol(self, block: str) -> Formula:
        letters, _, place = block.partition("@")
        if not place:
            return self._unfolded.symbols[block]
        letter, _, mark = letters.partition("_")
        if self._through_time:
            return Symbol(letter, f"{mark},{place}" if mark else place, bold=True)
        return Symbol(letter, mark, superscript=place, bold=True)


def _block_of(name: str) -> str:
    """Returns the block of an intermediate: "z@2" of z_2_1, "a_f@3" of a_f_3_2, "L" of L."""
    found = _MEMBER.fullmatch(name)
    return f"{found['letters']}@{found['place']}" if found else name
