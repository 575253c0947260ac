"""The published factors of layers in words: one line for layers alike, one sentence for a layer."""

from itertools import groupby

from vgdesk.present.formula.numbers import number_text
from vgdesk.records.prediction import Prediction, PublishedFactor


def published_lines(prediction: Prediction) -> list[str]:
    """Returns a line for each run of layers to which one formula applies, with its smallest and largest number."""
    lines: list[str] = []
    for formula, group in groupby(enumerate(prediction.published, start=1), key=lambda one: _formula(one[1])):
        run = [(layer, factor.value) for layer, factor in group if factor is not None]
        if formula is None or not run:
            continue
        (first, _), (last, _) = run[0], run[-1]
        where = f"layer {first}" if first == last else f"layers {first} to {last}"
        values = [value for _, value in run]
        least, most = number_text(min(values), 4), number_text(max(values), 4)
        told = least if least == most else f"between {least} and {most}"
        of, words = formula
        lines.append(f"published factor of {of} in {where}: {told} · {words}")
    return lines


def _formula(factor: PublishedFactor | None) -> tuple[str, str] | None:
    return None if factor is None else (factor.of, factor.words)


def published_sentence(prediction: Prediction, layer: int) -> str:
    """Returns what is published of layers like this one, "" where nothing is; layers count from 1."""
    factor = prediction.published[layer - 1] if layer <= len(prediction.published) else None
    if factor is None:
        return ""
    return (
        f"Published of wide layers like this one: a factor {number_text(factor.value)} of {factor.of}, {factor.words}."
    )
