"""Scenes -> comma-separated tables. Numbers are `repr` of float64: they read back to the same bits in any locale.

| table    | columns                                                                                                |
|----------|--------------------------------------------------------------------------------------------------------|
| profile  | layer, log10_gradient_norm, gradient_norm, mark (empty, or zero / nan / infinite)                       |
| heat map | step, then log10_layer_1, log10_layer_2, ... (nan where the gradient is exactly zero or not finite)     |
| loss     | step, loss, smoothed (nan where the loss is not finite); where the run was measured beside the training |
|          | also held_out_loss (nan where it is not finite), accuracy, held_out_accuracy; empty: not measured       |
| lag      | lag, then log10_state_norm and log10_cell_norm as far as they were recorded                             |
| phase    | sigma_w, sigma_b, q (variance that is reached; inf where it grows for ever), log10_chi_1 (-inf: zero)  |
| ledger   | factor (its id), closed_form, log10_before, log10_after of the running product (-inf: exactly zero)     |

A profile with a prediction also has log10_predicted and log10_deviation (over seeds, in decades), one with exact
gradients log10_symbolic.

In place of layers the first two may have time steps (time_step; log10_t1, ...) or weight matrices (weight_matrix;
log10_W_hh, ...). Of a quantity that is no gradient the profile has the columns layer, its name, mark, where its scale
is not log10; the heat map says share or number in place of log10.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence

import numpy as np

from vgdesk.present.phase import NO_CHI, PhaseScene
from vgdesk.present.scenes import Bar, HeatmapScene, LagScene, LossScene, Mark, ProfileScene, WaterfallScene
from vgdesk.present.spelling import decimal_text
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.places import Places

_MARK_LOG10 = {Mark.ZERO: -math.inf, Mark.NAN: math.nan, Mark.INFINITE: math.inf}


def profile_table(scene: ProfileScene) -> bytes:
    """Returns one row per place. `gradient_norm` keeps its decimal exponent even where a float64 has none so small."""
    place = scene.places.word.replace(" ", "_")
    names = [scene.places.tick(bar.layer) for bar in scene.bars]
    if scene.scale == "log10":
        header = (place, "log10_gradient_norm", "gradient_norm", "mark")
        rows = [(name, *_magnitude(bar)) for name, bar in zip(names, scene.bars, strict=True)]
        if scene.theory is not None:
            predicted = zip(scene.theory.log10, scene.theory.deviation, strict=True)
            header = (*header, "log10_predicted", "log10_deviation")
            rows = [(*row, repr(x), repr(s)) for row, (x, s) in zip(rows, predicted, strict=True)]
        if scene.symbolic:
            header = (*header, "log10_symbolic")
            rows = [(*row, repr(x)) for row, x in zip(rows, scene.symbolic, strict=True)]
        return table_bytes(header, rows)
    rows = ((name, repr(_value(bar)), bar.mark or "") for name, bar in zip(names, scene.bars, strict=True))
    return table_bytes((place, scene.quantity, "mark"), rows)


def _magnitude(bar: Bar) -> Sequence[str]:
    log10 = _value(bar)
    norm = repr(10.0**log10) if -307 < log10 < 307 else decimal_text(log10)
    return repr(log10), norm, bar.mark or ""


def _value(bar: Bar) -> float:
    value = _MARK_LOG10[bar.mark] if bar.mark else bar.log10
    if value is None:
        raise ValueError(f"place {bar.layer} has neither a number nor a mark")
    return value


def heatmap_table(scene: HeatmapScene) -> bytes:
    """Returns one row per shown step."""
    word = "layer_" if scene.places is Places.LAYERS else ""
    names = (f"{scene.scale}_{word}{scene.places.suffix(n)}" for n in range(1, len(scene.values) + 1))
    rows = zip(scene.columns.tolist(), scene.values.T.tolist(), strict=True)
    return table_bytes(("step", *names), ((str(step), *map(repr, values)) for step, values in rows))


def lag_table(scene: LagScene) -> bytes:
    """Returns one row per time lag, 0 first."""
    columns = [line.log10.tolist() for line in scene.lines]
    rows = ((str(lag), *map(repr, values)) for lag, values in enumerate(zip(*columns, strict=True)))
    return table_bytes(("lag", *(f"log10_{line.quantity}_norm" for line in scene.lines)), rows)


def phase_table(scene: PhaseScene) -> bytes:
    """Returns one row per cell, sigma_w running fastest."""
    rows = (
        (repr(w), repr(b), repr(q), repr(chi if chi > NO_CHI else -math.inf))
        for b, *row in zip(scene.sigma_b.tolist(), scene.q.tolist(), scene.log10_chi.tolist(), strict=True)
        for w, q, chi in zip(scene.sigma_w.tolist(), *row, strict=True)
    )
    return table_bytes(("sigma_w", "sigma_b", "q", "log10_chi_1"), rows)


def waterfall_table(scene: WaterfallScene) -> bytes:
    """Returns one row per factor: its id, its closed form, log10 of the product before and after it."""
    rows = (
        (bar.factor, bar.label, repr(bar.start), "-inf" if bar.end is None else repr(bar.end)) for bar in scene.bars
    )
    return table_bytes(("factor", "closed_form", "log10_before", "log10_after"), rows)


def loss_table(scene: LossScene) -> bytes:
    """Returns one row per shown step, and per measurement between two of them."""
    points = {step: (repr(raw), repr(smoothed)) for step, raw, smoothed in zip(*_points(scene), strict=True)}
    header = ("step", "loss", "smoothed")
    if scene.evaluations.count == 0:
        return table_bytes(header, ((str(step), *values) for step, values in points.items()))
    measured = _measured(scene.evaluations)
    rows = (
        (str(step), *points.get(step, ("", "")), *measured.get(step, ("", "", "")))
        for step in sorted(points.keys() | measured.keys())
    )
    return table_bytes((*header, "held_out_loss", "accuracy", "held_out_accuracy"), rows)


def _points(scene: LossScene) -> tuple[list[int], list[float], list[float]]:
    return scene.steps.tolist(), scene.raw.tolist(), scene.smoothed.tolist()


def _measured(found: Evaluations) -> dict[int, tuple[str, ...]]:
    """Returns per step what was measured: nothing at all where there was nothing to measure."""
    with_loss = ((found.held_out_count > 0) | ~np.isnan(found.held_out_accuracy)).tolist()  # a nan of theirs is a loss
    steps, *columns = (column.tolist() for column in found.columns)
    return {
        int(step): (
            repr(loss) if is_known or not math.isnan(loss) else "",
            *("" if math.isnan(share) else repr(share) for share in shares),
        )
        for step, is_known, loss, *shares in zip(steps, with_loss, *columns, strict=True)
    }


def table_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Returns a table with a header as the bytes of a file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
