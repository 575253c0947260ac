"""The ledger as a waterfall: how far each factor takes the running product down or up, in decades.

A bar begins where the one before it ended; the first begins at 1. After a factor that is exactly 0 there is nothing.
"""

import math
from itertools import pairwise

import numpy as np

from vgdesk.present.derivation_views import LEDGER_KIND, ledger_words
from vgdesk.present.formula import number_text, to_text
from vgdesk.present.scale import value_text
from vgdesk.present.scenes import Tone, WaterfallBar, WaterfallScene
from vgdesk.present.sheet_scene import telling
from vgdesk.present.spelling import magnitude_text
from vgdesk.present.ticks import decade_range, decade_ticks
from vgdesk.records.derivation_views import Ledger, LedgerRow
from vgdesk.spec.lowered import lowered


def waterfall_scene(ledger: Ledger) -> WaterfallScene:
    """Returns the scene of a ledger."""
    ends = [0.0, *(row.log10_running for row in ledger.rows)]
    steps = zip(ledger.rows, pairwise(ends), strict=True)
    bars = tuple(_bar(row, start, end) for row, (start, end) in steps if start > -math.inf)
    low, high = decade_range(np.array(ends), is_bars=True)
    return WaterfallScene(
        experiment=ledger.experiment,
        title=ledger.title,
        subtitle=_subtitle(ledger),
        bars=bars,
        y_range=(low, high),
        y_ticks=decade_ticks(low, high),
        note=ledger_words(ledger),
        telling=telling(ledger.wrt, LEDGER_KIND),
    )


def _subtitle(ledger: Ledger) -> str:
    """Names what the bars multiply to first: the gradient, or the largest of several paths, which is not all of it.

    A narrow plot leaves out the last of the parts.
    """
    name, size = lowered(ledger.wrt), _size(ledger.value, ledger.log10_magnitude)
    if not ledger.rows or ledger.count == 1:
        return f"|∂L/∂{name}| = {size}, factor by factor from the loss to {name}"
    product = _size(ledger.rows[-1].running, ledger.rows[-1].log10_running)
    return f"largest path to {name}: {product} · all paths: |∂L/∂{name}| = {size} · factor by factor from the loss"


def _size(value: float, log10_magnitude: float) -> str:
    """Returns a product's magnitude as the sheet above spells it; as its power where it is no float64."""
    is_float = value != 0 and math.isfinite(value)
    return number_text(abs(value)) if is_float else magnitude_text(log10_magnitude)


def _bar(row: LedgerRow, start: float, end: float) -> WaterfallBar:
    return WaterfallBar(
        factor=row.factor.id,
        label=to_text(row.factor.closed_form),
        start=start,
        end=end if math.isfinite(end) else None,
        tone=Tone.MEASURED if end >= start else Tone.ALERT,
        text=_text(row, end),
        place=row.factor.place,
    )


def _text(row: LedgerRow, end: float) -> str:
    factor, product = value_text(row.log10_factor, "log10"), value_text(end, "log10")
    return f"{to_text(row.factor.meaning)}: {factor}, product {product}"
