"""The published factors of layers in words: one line for layers alike, one sentence for a layer."""

from itertools import groupby

from vgdesk.present.formula.numbers import number_text
from vgdesk.records.prediction import Prediction


def published_lines(prediction: Prediction) -> list[str]:
    """Returns a line for each run of layers to which one formula applies, with its first and last number."""
    lines: list[str] = []
    told = [(layer, factor) for layer, factor in enumerate(prediction.published, start=1) if factor is not None]
    for (of, words), group in groupby(told, key=lambda one: (one[1].of, one[1].words)):
        run = list(group)
        (first, begins), (last, ends) = run[0], run[-1]
        where = f"layer {first}" if first == last else f"layers {first} to {last}"
        values = dict.fromkeys((number_text(begins.value, 4), number_text(ends.value, 4)))
        lines.append(f"published factor of {of} in {where}: {' to '.join(values)} · {words}")
    return lines


def published_sentence(prediction: Prediction, layer: int) -> str:
    """Returns what is published of layers like this one, "" where nothing is; layers count from 1."""
    factor = prediction.published[layer - 1] if layer <= len(prediction.published) else None
    if factor is None:
        return ""
    return (
        f"Published of wide layers like this one: a factor {number_text(factor.value)} of {factor.of}, {factor.words}."
    )
