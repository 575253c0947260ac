"""Turns the views of a gradient into equation sheets, which the window shows and every format writes.

A path is told by its local derivatives, in symbols, in closed form and in numbers; the backward rule by its symbols,
its shapes and its numbers, unit by unit on demand; the ledger is a table of the factors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec.structs import replace as replace_fields

from vgdesk.present.formula import number_text, to_text
from vgdesk.present.matrix_sheet import MATRICES_KIND, matrix_sheet, matrix_steps
from vgdesk.present.sheet import sheet_of, steps_beside
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.present.shown_arithmetic import about, agrees
from vgdesk.present.unfolding import Unfolding
from vgdesk.records.derivation import DerivationStep, Factor, StepKind
from vgdesk.records.derivation_views import GradientPath, GradientView, Ledger, LedgerRow, MatrixView, PathView
from vgdesk.records.formula import Formula, Ink, Matrix, Number, Partial, Product, Relation, Sum, Symbol, Text

PATHS_KIND, LEDGER_KIND = "path by path", "its ledger"
FACTORS_PER_LINE = 8
ROWS_PER_TABLE = 25
"""Longer tables are cut in parts, which scroll better."""
_LOSS = Symbol("L")
_REST = Symbol("R")


def view_sheet(view: GradientView) -> EquationSheet:
    """Returns the sheet of any view."""
    match view:
        case PathView():
            return path_sheet(view)
        case MatrixView():
            return matrix_sheet(view)
        case Ledger():
            return ledger_sheet(view)


def view_sheet_beside(view: GradientView, former: EquationSheet | None, unfolding: Unfolding) -> EquationSheet:
    """Returns the sheet of a view whose folded details are still those of a former sheet of the same view.

    Its sentences are the former ones, too: while numbers are dragged nobody reads what a factor says of itself.
    """
    match view:
        case PathView():
            steps, kind = tuple(_path_steps(view)), PATHS_KIND
        case MatrixView():
            steps, kind = matrix_steps(view), MATRICES_KIND
        case Ledger():
            steps, kind = tuple(_ledger_steps(view)), LEDGER_KIND
    latest = view.experiment, view.wrt, kind, [len(step.lines) for step in steps]
    if former is None or _shape(former) != latest:
        return view_sheet(view)
    return replace(former, title=view.title, steps=steps_beside(steps, former, unfolding))


def _shape(sheet: EquationSheet) -> tuple[str, str, str, list[int]]:
    return sheet.experiment, sheet.wrt, sheet.kind, [len(step.lines) for step in sheet.steps]


def path_sheet(view: PathView) -> EquationSheet:
    """Returns the sheet of the sum over all paths."""
    return sheet_of(view.experiment, view.title, view.wrt, tuple(_path_steps(view)), view.factors, PATHS_KIND)


def ledger_sheet(ledger: Ledger) -> EquationSheet:
    """Returns the sheet of the ledger: one table, then the gradient."""
    factors = tuple(row.factor for row in ledger.rows)
    return sheet_of(ledger.experiment, ledger.title, ledger.wrt, tuple(_ledger_steps(ledger)), factors, LEDGER_KIND)


def counted_paths(view: PathView) -> str:
    """Says how many paths there are, how many are exactly 0, and how many are listed."""
    if view.count == 0:
        return _unread(view.wrt)
    lead = "1 path leads" if view.count == 1 else f"{view.count:,} paths lead"
    zeros = f"; {view.zeros:,} of them {'is' if view.zeros == 1 else 'are'} exactly 0" if view.zeros else ""
    listed = f"; the {len(view.paths):,} largest are listed" if len(view.paths) < view.count else ""
    return f"{lead} from {view.wrt} to the loss{zeros}{listed}."


def ledger_words(ledger: Ledger) -> str:
    """Says of how much of the gradient the ledger is, where that is not all of it; else ""."""
    if ledger.count == 0:
        return _unread(ledger.wrt)
    if ledger.count == 1:
        return ""
    part = "their sum is exactly 0" if ledger.share is None else _share_text(ledger.share)
    return f"{ledger.count:,} paths lead from {ledger.wrt} to the loss; this is the largest of them, {part}."


def _unread(wrt: str) -> str:
    return f"{wrt} is not read on the way to the loss, so its gradient is exactly 0."


def route_text(view: PathView, path: GradientPath) -> str:
    """Returns what a path passes through, e.g. "w₁ → z_Awareness → Awareness → z_y → y → L"."""
    return " → ".join(map(to_text, _route(view, path)))


def _route(view: PathView, path: GradientPath) -> tuple[Formula, ...]:
    by_id = {factor.id: factor for factor in view.factors}
    return (*(_partial(by_id[name]).wrt for name in reversed(path.factors)), _LOSS)


def _path_steps(view: PathView) -> Iterator[DerivationStep]:
    gradient = Partial(_LOSS, view.wrt_symbol)
    if not view.paths:
        yield _step(StepKind.RESULT, view.result_title, Relation((gradient, Number(0.0))), note=counted_paths(view))
        return
    names = tuple(_path_symbol(number) for number in range(1, len(view.paths) + 1))
    has_rest = len(view.paths) < view.count
    terms = (*names, _REST) if has_rest else names
    note = counted_paths(view) + (" R is what the others add up to." if has_rest else "")
    yield _step(StepKind.CHAIN_RULE, "Sum over all paths", Relation((gradient, _added(terms))), note=note)
    by_id = {factor.id: factor for factor in view.factors}
    for number, path in enumerate(view.paths, start=1):
        factors = [by_id[name] for name in path.factors]
        lines = _path_lines(_path_symbol(number), factors, path)
        title, route = f"Path {number}{_share_words(path)}", route_text(view, path)
        yield replace_fields(_step(StepKind.EXPAND, title, *lines, note=route), route=_route(view, path))
    numbers = tuple(path.number for path in view.paths) + ((view.rest_number,) if has_rest else ())
    sides = dict.fromkeys((gradient, _added(terms), _added(numbers), view.number))
    yield _step(StepKind.RESULT, view.result_title, Relation(tuple(sides)))
    yield from _where_from(view.factors)


def _path_symbol(number: int) -> Symbol:
    return Symbol("P", str(number))


def _added(terms: tuple[Formula, ...]) -> Formula:
    return terms[0] if len(terms) == 1 else Sum(terms)


def _share_words(path: GradientPath) -> str:
    return "" if path.share is None else f": {_share_text(path.share)}"


def _share_text(share: float) -> str:
    """Returns a path's share, which may be more than all of it: "152% of the gradient"."""
    return f"{number_text(100 * share)}% of the gradient"


def _path_lines(name: Symbol, factors: Sequence[Factor], path: GradientPath) -> Iterator[Formula]:
    yield from _in_rows(name, [Ink(factor.id, factor.meaning) for factor in factors], "dot")
    yield from _in_rows(name, [Ink(factor.id, factor.closed_form) for factor in factors], "dot")
    yield from _in_rows(name, [Ink(factor.id, factor.number) for factor in factors], "times")
    yield Relation((name, path.number))


def _in_rows(name: Symbol, inks: list[Ink], sign: str) -> Iterator[Formula]:
    """Yields a product, so many factors per line."""
    yield Relation((name, Product(tuple(inks[:FACTORS_PER_LINE]), sign)))
    for start in range(FACTORS_PER_LINE, len(inks), FACTORS_PER_LINE):
        yield Product((Symbol("dots"), *inks[start : start + FACTORS_PER_LINE]), sign)


def _ledger_steps(ledger: Ledger) -> Iterator[DerivationStep]:
    gradient = Partial(_LOSS, ledger.wrt_symbol)
    head = tuple(map(Text, ("factor", "is", "closed form", "value", "running product", "decades lost")))
    runnings: list[Formula] = [Number(1.0), *(row.running_number for row in ledger.rows)]
    rows = [
        (
            Ink(row.factor.id, row.factor.symbol),
            Ink(row.factor.id, row.factor.meaning),
            Ink(row.factor.id, row.factor.closed_form),
            Ink(row.factor.id, row.factor.number),
            _running(former, row),
            Number(row.log10_lost),
        )
        for former, row in zip(runnings, ledger.rows, strict=False)
    ]
    parts = [rows[start : start + ROWS_PER_TABLE] for start in range(0, len(rows), ROWS_PER_TABLE)]
    tables = [Matrix((head, *part), fenced=False) for part in parts]
    words = ledger_words(ledger)
    if tables:
        yield _step(StepKind.NAME, "Factor by factor, from the loss to the parameter", *tables, note=words)
    note = "" if tables else words
    yield _step(StepKind.RESULT, ledger.result_title, Relation((gradient, ledger.number)), note=note)
    yield from _where_from(tuple(row.factor for row in ledger.rows))


def _where_from(factors: Sequence[Factor]) -> Iterator[DerivationStep]:
    """Yields the detail that has a line for every factor: what it is, in symbols, closed form and numbers."""
    if factors:
        lines = tuple(_factor_line(factor) for factor in factors)
        yield DerivationStep(kind=StepKind.EXPAND, title="Where the factors come from", lines=lines, detail=True)


def _factor_line(factor: Factor) -> Formula:
    numbers = () if factor.numbers is None else (factor.numbers,)
    return Relation(
        (Ink(factor.id, factor.symbol), factor.meaning, factor.closed_form, *numbers, Ink(factor.id, factor.number))
    )


def _running(former: Formula, row: LedgerRow) -> Formula:
    """Returns the running product, behind "≈" where the numbers that stand there multiply to another."""
    product = Product((former, row.factor.number), "times")
    return row.running_number if agrees(product, row.running_number) else about(row.running_number)


def _partial(factor: Factor) -> Partial:
    assert isinstance(factor.meaning, Partial)
    return factor.meaning


def _step(kind: StepKind, title: str, *lines: Formula, note: str = "") -> DerivationStep:
    return DerivationStep(kind=kind, title=title, lines=lines, note=note)
