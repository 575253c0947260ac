"""Scenes -> comma-separated tables. Numbers are `repr` of float64: they read back to the same bits in any locale.

| table    | columns                                                                                                |
|----------|--------------------------------------------------------------------------------------------------------|
| profile  | layer, log10_gradient_norm, gradient_norm, mark (empty, or zero / nan / infinite)                       |
| heat map | step, then log10_layer_1, log10_layer_2, ... (nan where the gradient is exactly zero or not finite)     |
| loss     | step, loss, smoothed (nan where the loss is not finite); where the run was measured beside the training |
|          | also held_out_loss, accuracy, held_out_accuracy (empty at the steps between)                            |
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence

from vgdesk.present.scenes import Bar, HeatmapScene, LossScene, Mark, ProfileScene
from vgdesk.present.spelling import decimal_text

_MARK_LOG10 = {Mark.ZERO: -math.inf, Mark.NAN: math.nan, Mark.INFINITE: math.inf}


def profile_table(scene: ProfileScene) -> bytes:
    """Returns one row per layer. `gradient_norm` keeps its decimal exponent even where a float64 has none so small."""
    return _table(("layer", "log10_gradient_norm", "gradient_norm", "mark"), map(_profile_row, scene.bars))


def _profile_row(bar: Bar) -> Sequence[str]:
    log10 = _MARK_LOG10[bar.mark] if bar.mark else bar.log10
    if log10 is None:
        raise ValueError(f"layer {bar.layer} has neither a number nor a mark")
    norm = repr(10.0**log10) if -307 < log10 < 307 else decimal_text(log10)
    return str(bar.layer), repr(log10), norm, bar.mark or ""


def heatmap_table(scene: HeatmapScene) -> bytes:
    """Returns one row per shown step."""
    layers, _ = scene.values.shape
    header = ("step", *(f"log10_layer_{layer}" for layer in range(1, layers + 1)))
    rows = zip(scene.columns.tolist(), scene.values.T.tolist(), strict=True)
    return _table(header, ((str(step), *map(repr, values)) for step, values in rows))


def loss_table(scene: LossScene) -> bytes:
    """Returns one row per shown step."""
    rows = zip(scene.steps.tolist(), scene.raw.tolist(), scene.smoothed.tolist(), strict=True)
    if scene.evaluations.count == 0:
        return _table(("step", "loss", "smoothed"), (tuple(map(repr, row)) for row in rows))
    measured = {int(step): tuple(map(repr, row)) for step, *row in zip(*_evaluated(scene), strict=True)}
    header = ("step", "loss", "smoothed", "held_out_loss", "accuracy", "held_out_accuracy")
    return _table(header, ((*map(repr, row), *measured.get(row[0], ("", "", ""))) for row in rows))


def _evaluated(scene: LossScene) -> list[list[float]]:
    return [column.tolist() for column in scene.evaluations.columns]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
