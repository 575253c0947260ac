"""The sentence below a plot: whole parts, in as many lines as the picture spares."""

from vgdesk.ui.painting import TICK_PIXELS, text_size, without_last_parts
from vgdesk.ui.plots.note import note_lines

NOTE = "straight fit: times 0.85 per step back; halved every 4.27 steps"


def test_a_note_is_broken_into_lines_where_there_is_height_for_them():
    lines = note_lines(NOTE, 240.0, 400.0)
    assert len(lines) == 2
    assert " ".join(lines) == NOTE
    assert all(text_size(line, TICK_PIXELS)[0] <= 240.0 for line in lines)


def test_a_low_plot_leaves_out_the_last_part_of_its_note():
    assert note_lines(NOTE, 250.0, 120.0) == ["straight fit: times 0.85 per step back"]


def test_a_text_that_is_too_long_loses_whole_parts_and_keeps_the_first():
    text = "step 60 · loss 2.319 · paused"
    assert without_last_parts(text, lambda words: len(words) < 25) == "step 60 · loss 2.319"
    assert without_last_parts(text, lambda _: False) == "step 60"
    assert without_last_parts(text, lambda _: True) == text


def test_a_mark_and_its_words_that_a_no_break_space_joins_stay_on_one_line():
    start, mark = "predicted at the start ·", "◇\N{NO-BREAK SPACE}symbolic"
    room = text_size(f"{start} ◇", TICK_PIXELS)[0]
    assert note_lines(f"{start} {mark}", room, 400.0) == [start, mark]
