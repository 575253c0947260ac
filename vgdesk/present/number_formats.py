"""What number formats store of a gradient -> a picture: typical size per place, and the floor of each format."""

from dataclasses import dataclass

import numpy as np

from vgdesk.diagnosis.words import place_words
from vgdesk.present.ticks import decade_range, decade_ticks
from vgdesk.records.format_loss import FormatLoss, FormatReport
from vgdesk.records.number_format import FORMATS
from vgdesk.spec.digits import raised


@dataclass(frozen=True)
class FormatFloor:
    """Is the line below which a format stores 0."""

    number_format: str
    log10_zero: float


@dataclass(frozen=True)
class FormatScene:
    """Is the typical number of dL/dh per place on a log10 axis, with the floors that the axis reaches."""

    title: str
    subtitle: str
    report: FormatReport
    floors: tuple[FormatFloor, ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    sentences: tuple[str, ...]


def format_scene(report: FormatReport, title: str) -> FormatScene:
    """Returns the picture of a report; `title` names the experiment."""
    shown = report.log10_typical
    if report.log10_predicted is not None:
        shown = np.concatenate([shown, report.log10_predicted])
    low, high = decade_range(shown)
    floors = tuple(FormatFloor(name, limits.log10_zero) for name, limits in FORMATS.items() if limits.log10_zero > low)
    if not floors:  # the first floor below shows how far away it is, where that is not too far
        nearest = max(FORMATS, key=lambda name: FORMATS[name].log10_zero)
        if FORMATS[nearest].log10_zero > low - (high - low) - 4:
            floors = (FormatFloor(nearest, FORMATS[nearest].log10_zero),)
            low = float(np.floor(FORMATS[nearest].log10_zero)) - 1
    when = f"at step {report.step}" if report.step else "before training (step 0)"
    return FormatScene(
        title=title,
        subtitle=f"typical ∂L/∂h per {report.places.word} {when}, and where number formats store 0",
        report=report,
        floors=floors,
        y_range=(low, high),
        y_ticks=decade_ticks(low, high),
        sentences=tuple(format_sentence(report, loss) for loss in report.formats),
    )


def format_sentence(report: FormatReport, loss: FormatLoss) -> str:
    """Returns what happens to dL/dh and dL/dW in one format, with the place, the prediction and the loss scale."""
    states = f"{_states(report, loss)}{_predicted(report, loss)}{_scale_advice(loss)}"
    return f"{loss.number_format} {states}{_weights(report, loss)}"


def _states(report: FormatReport, loss: FormatLoss) -> str:
    word = report.places.word
    if loss.overflows_at is not None:
        return f"overflows in ∂L/∂h at {word} {loss.overflows_at}"
    if loss.lost_at is not None:
        return f"loses half of ∂L/∂h at {word} {loss.lost_at}{', more before it' if loss.lost_at > 1 else ''}"
    return f"keeps ∂L/∂h of every {word}{'' if loss.loss_scale == 0 else ', though with fewer digits'}"


def _weights(report: FormatReport, loss: FormatLoss) -> str:
    """Returns what happens to the gradient of the weights themselves, which is stored apart from that of the states."""
    if not loss.zero_weights.size:
        return ""
    fates = (("half or more of ∂L/∂W is 0", loss.lost_weights), ("∂L/∂W overflows", loss.overflown_weights))
    told = [f"{fate} in {place_words(where, report.weight_places)}" for fate, where in fates if where]
    return "".join(f"; {one}" for one in told) or "; keeps ∂L/∂W"


def _predicted(report: FormatReport, loss: FormatLoss) -> str:
    if loss.predicted_zero is None or loss.overflows_at is not None:
        return ""
    if loss.predicted_lost_at is None:
        return " (as predicted)" if loss.lost_at is None else " (not predicted)"
    if loss.predicted_lost_at == loss.lost_at:
        return " (as predicted)"
    return f" (predicted: {loss.predicted_lost_at})"


def _scale_advice(loss: FormatLoss) -> str:
    if loss.loss_scale == 0:
        return ""
    if loss.loss_scale is None:
        return "; no loss scale helps"
    is_kept = loss.lost_at is None and loss.overflows_at is None
    return f"; a loss scale of 2{raised(loss.loss_scale)} would keep {'all digits' if is_kept else 'it'}"
