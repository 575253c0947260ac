"""What number formats store of a gradient -> CSV, a row for each place."""

from vgdesk.export.table import table_bytes
from vgdesk.present.number_formats import FormatScene


def format_table(scene: FormatScene) -> bytes:
    """Returns one row per place: log10 of the typical number, predicted and measured, and the shares stored as 0."""
    report = scene.report
    header = ["place", "log10_typical", "log10_predicted"]
    columns = [report.log10_typical.tolist(), _column(report.log10_predicted, len(report.log10_typical))]
    for loss in report.formats:
        header += [f"{loss.number_format}_{name}" for name in ("zero", "subnormal", "infinite", "predicted_zero")]
        predicted = _column(loss.predicted_zero, len(report.log10_typical))
        columns += [loss.zero.tolist(), loss.subnormal.tolist(), loss.infinite.tolist(), predicted]
    rows = ((str(place), *map(_number, row)) for place, row in enumerate(zip(*columns, strict=True), start=1))
    return table_bytes(header, rows)


def _column(values, count: int) -> list[float | None]:
    return [None] * count if values is None else values.tolist()


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
