"""The ledger of a gradient: its factors one by one, what each leaves of the product, and what it takes away.

Where a single path leads from the parameter to the loss, the factors are the whole gradient. Otherwise the ledger is
that of the largest path, and says which share of the gradient that path makes.
"""

from typing import Any

import mpmath

from vgdesk.records.derivation import Factor
from vgdesk.records.derivation_views import Ledger, LedgerRow, PathView
from vgdesk.symbolic.evaluate import DIGITS, as_formula, log10_magnitude


def ledger_of(view: PathView, exact: dict[str, Any]) -> Ledger:
    """Returns the ledger of the largest path of a view.

    Parameters
    ----------
    exact
        The factors' numbers by id, with all their digits.
    """
    chosen = view.paths[0] if view.paths else None
    by_id = {factor.id: factor for factor in view.factors}
    rows: list[LedgerRow] = []
    with mpmath.workdps(DIGITS):
        running = mpmath.mpf(1)
        for name in chosen.factors if chosen else ():
            running = running * exact[name]
            rows.append(_row(by_id[name], exact[name], running))
    return Ledger(
        experiment=view.experiment,
        title=view.title,
        wrt=view.wrt,
        wrt_symbol=view.wrt_symbol,
        rows=tuple(rows),
        value=view.value,
        log10_magnitude=view.log10_magnitude,
        number=view.number,
        share=chosen.share if chosen else None,
        count=view.count,
        example=view.example,
        examples=view.examples,
    )


def _row(factor: Factor, value: Any, running: Any) -> LedgerRow:
    return LedgerRow(
        factor=factor,
        log10_factor=log10_magnitude(value),
        running=float(running),
        log10_running=log10_magnitude(running),
        running_number=as_formula(running),
    )
