"""Rows in frames: what goes into the ring comes out, bit for bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vgdesk.engine.frames import HEADER, from_frames, row_size, to_frames
from vgdesk.records.codec import frozen
from vgdesk.records.history import LAYER_COLUMNS, STEP_COLUMNS, GradientHistory, RunOutcome, concatenate


@st.composite
def histories(draw: st.DrawFn) -> GradientHistory:
    steps, layers = draw(st.integers(1, 30)), draw(st.integers(1, 5))
    numbers = {column: frozen(draw(arrays(np.float64, steps))) for column in STEP_COLUMNS}
    numbers |= {column: frozen(draw(arrays(np.float64, (steps, layers)))) for column in LAYER_COLUMNS}
    numbers["clipped"] = frozen(draw(arrays(np.bool_, steps)), bool)
    first_step, outcome = draw(st.integers(0, 10_000_000)), draw(st.sampled_from(RunOutcome))
    return GradientHistory(experiment="drawn", first_step=first_step, outcome=outcome, **numbers)


@given(histories(), st.integers(2 * (HEADER + row_size(5)), 400), st.integers(0, 2**40))
def test_history_survives_the_ring_bit_for_bit(history: GradientHistory, capacity: int, generation: int) -> None:
    frames = list(to_frames(generation, history, capacity))
    assert all(len(frame) <= capacity // 2 for frame in frames)
    back = list(from_frames(np.concatenate(frames), "drawn"))
    assert {frame.generation for frame in back} == {generation}
    joined = concatenate([frame.history for frame in back])
    assert (joined.first_step, joined.outcome) == (history.first_step, history.outcome)
    for column in (*STEP_COLUMNS, *LAYER_COLUMNS):
        ours, theirs = getattr(joined, column), getattr(history, column)
        assert (ours.dtype, ours.tobytes()) == (theirs.dtype, theirs.tobytes())


@given(histories())
def test_run_goes_on_in_every_frame_but_the_last(history: GradientHistory) -> None:
    back = list(from_frames(np.concatenate(list(to_frames(1, history, 60))), "drawn"))
    assert all(frame.history.outcome is RunOutcome.RUNNING for frame in back[:-1])
    assert back[-1].history.outcome is history.outcome
