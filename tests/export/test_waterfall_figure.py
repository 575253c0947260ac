"""The waterfall of a ledger exists in every format, begins at 1 and ends at the gradient."""

import dataclasses
import io
import itertools
import math

import matplotlib.image
import pytest

from tests.builders import chain
from vgdesk.export.table import waterfall_table
from vgdesk.export.waterfall_figure import waterfall_picture
from vgdesk.present.scenes import Tone, WaterfallScene
from vgdesk.present.waterfall import waterfall_scene
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import ledger


def scene(name: str = "classic-chain") -> WaterfallScene:
    return waterfall_scene(ledger(example(name), "w1"))


@pytest.mark.parametrize(("suffix", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_waterfall_is_of_its_format(suffix: str, start: bytes):
    assert waterfall_picture(scene(), suffix).startswith(start)


def test_every_bar_begins_where_the_one_before_it_ended():
    bars = scene().bars
    assert bars[0].start == 0.0
    assert all(before.end == after.start for before, after in itertools.pairwise(bars))
    assert bars[-1].end == pytest.approx(ledger(example("classic-chain"), "w1").log10_magnitude, abs=1e-14)


def test_what_takes_away_has_the_colour_of_an_alert():
    assert [bar.tone for bar in scene().bars] == [
        Tone.ALERT if bar.end is None or bar.end < bar.start else Tone.MEASURED for bar in scene().bars
    ]
    assert {bar.tone for bar in scene().bars} == {Tone.ALERT, Tone.MEASURED}


def test_after_an_exact_zero_there_is_nothing():
    dead = waterfall_scene(ledger(chain([1.0, -1.0, 1.0], [0.0] * 3, 1.0, 1.0, "relu"), "w1"))
    assert [bar.end for bar in dead.bars].count(None) == 1
    assert dead.bars[-1].end is None
    assert waterfall_picture(dead, ".svg").startswith(b"<?xml")


def test_fifty_layers_far_below_float64_have_a_picture():
    deep = waterfall_scene(ledger(chain([1e-8] * 50, [0.0] * 50, 1.0, 1.0, "tanh"), "w1"))
    assert math.floor(deep.y_range[0]) < -391
    assert waterfall_picture(deep, ".png").startswith(b"\x89PNG")


def long_named(length: int, place: int = 0, bars: int = 1) -> WaterfallScene:
    """Returns bars of which one has a label of so many letters; a single one stands farthest from the border."""
    labels = ["W" * length if at == place else "d" for at in range(bars)]
    named = tuple(dataclasses.replace(scene().bars[0], label=label) for label in labels)
    return dataclasses.replace(scene(), bars=named)


@pytest.mark.parametrize(
    "shown",
    [
        scene("xor"), scene("mazur"), scene("classic-chain"), long_named(40), long_named(300),
        long_named(40, 1, 3), long_named(40, 3, 12),
    ],
)  # fmt: skip
def test_no_label_is_cut_at_the_border(shown: WaterfallScene):
    # ink on the border is ink that goes on beyond it
    picture = matplotlib.image.imread(io.BytesIO(waterfall_picture(shown, ".png")))[:, :, :3]
    height = len(picture)
    labels = picture[height // 2 :]
    assert (labels[:, :4] == 1.0).all()
    assert (labels[-4:] == 1.0).all()


def test_the_table_reads_back_number_by_number():
    head, *rows = waterfall_table(scene()).decode().splitlines()
    assert head == "factor,closed_form,log10_before,log10_after"
    assert [float(row.split(",")[-1]) for row in rows] == [bar.end for bar in scene().bars]
