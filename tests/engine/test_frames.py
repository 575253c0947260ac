"""Rows in frames: what goes into the ring comes out, bit for bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vgdesk.engine.frames import HEADER, from_frames, to_frames
from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate


@st.composite
def histories(draw: st.DrawFn) -> GradientHistory:
    steps, layers = draw(st.integers(1, 30)), draw(st.integers(1, 5))
    table = draw(arrays(np.float64, (steps, 1 + 2 * layers)))
    return GradientHistory(
        experiment="drawn",
        first_step=draw(st.integers(0, 10_000_000)),
        loss=frozen(table[:, 0]),
        log10_weight_norm=frozen(table[:, 1 : 1 + layers]),
        log10_delta_norm=frozen(table[:, 1 + layers :]),
        outcome=draw(st.sampled_from(RunOutcome)),
    )


@given(histories(), st.integers(2 * (HEADER + 11), 400), st.integers(0, 2**40))
def test_history_survives_the_ring_bit_for_bit(history: GradientHistory, capacity: int, generation: int) -> None:
    frames = list(to_frames(generation, history, capacity))
    assert all(len(frame) <= capacity // 2 for frame in frames)
    back = list(from_frames(np.concatenate(frames), "drawn"))
    assert {frame.generation for frame in back} == {generation}
    joined = concatenate([frame.history for frame in back])
    assert (joined.first_step, joined.outcome) == (history.first_step, history.outcome)
    assert joined.loss.tobytes() == history.loss.tobytes()
    assert joined.log10_weight_norm.tobytes() == history.log10_weight_norm.tobytes()
    assert joined.log10_delta_norm.tobytes() == history.log10_delta_norm.tobytes()


@given(histories())
def test_run_goes_on_in_every_frame_but_the_last(history: GradientHistory) -> None:
    back = list(from_frames(np.concatenate(list(to_frames(1, history, 60))), "drawn"))
    assert all(frame.history.outcome is RunOutcome.RUNNING for frame in back[:-1])
    assert back[-1].history.outcome is history.outcome
