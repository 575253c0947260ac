"""Rows in frames: what goes into the ring comes out, bit for bit, whatever a run records."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vgdesk.engine.frames import HEADER, from_frames, row_size, to_frames
from vgdesk.records.codec import frozen
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome, concatenate
from vgdesk.records.places import Places
from vgdesk.spec.recording import QUANTITIES


@st.composite
def histories(draw: st.DrawFn) -> GradientHistory:
    rows = draw(st.integers(1, 30))
    steps = sorted(draw(st.sets(st.integers(0, 10_000_000), min_size=rows, max_size=rows)))
    chosen = draw(st.sets(st.sampled_from(list(QUANTITIES)), max_size=4))
    widths = {name: draw(st.integers(1, 5)) for name in QUANTITIES if name in chosen}
    numbers = {column: frozen(draw(arrays(np.float64, rows))) for column in STEP_COLUMNS}
    numbers["clipped"] = frozen(draw(arrays(np.bool_, rows)), bool)
    return GradientHistory(
        experiment="drawn",
        step_numbers=frozen(steps, np.int64),
        steps_made=steps[-1] + draw(st.integers(1, 50)),
        quantities={name: frozen(draw(arrays(np.float64, (rows, width)))) for name, width in widths.items()},
        signals=draw(st.sampled_from([Places.LAYERS, Places.TIME])),
        histograms=draw(st.none() | arrays(np.float64, (rows, 2, 3)).map(frozen)),
        outcome=draw(st.sampled_from(RunOutcome)),
        **numbers,
    )


def columns(history: GradientHistory) -> dict[str, np.ndarray]:
    named = {name: getattr(history, name) for name in ("step_numbers", *STEP_COLUMNS)} | history.quantities
    return named if history.histograms is None else named | {"histograms": history.histograms}


@given(histories(), st.integers(200, 600), st.integers(0, 2**40))
def test_history_survives_the_ring_bit_for_bit(history: GradientHistory, capacity: int, generation: int) -> None:
    frames = list(to_frames(generation, history, capacity))
    assert all(len(frame) <= capacity // 2 for frame in frames)
    back = list(from_frames(np.concatenate(frames), "drawn"))
    assert {frame.generation for frame in back} == {generation}
    joined = concatenate([frame.history for frame in back])
    assert (joined.steps_made, joined.outcome, joined.signals) == (
        history.steps_made,
        history.outcome,
        history.signals,
    )
    assert list(columns(joined)) == list(columns(history))
    for ours, theirs in zip(columns(joined).values(), columns(history).values(), strict=True):
        assert (ours.dtype, ours.shape, ours.tobytes()) == (theirs.dtype, theirs.shape, theirs.tobytes())


@given(histories())
def test_run_goes_on_in_every_frame_but_the_last(history: GradientHistory) -> None:
    back = list(from_frames(np.concatenate(list(to_frames(1, history, 2 * (HEADER + row_size(history))))), "drawn"))
    assert all(frame.history.outcome is RunOutcome.RUNNING for frame in back[:-1])
    assert back[-1].history.outcome is history.outcome


def test_steps_without_a_row_are_told_in_a_frame_without_rows() -> None:
    history = GradientHistory(
        experiment="drawn", loss=np.empty(0), quantities={"weight": np.empty((0, 3))}, steps_made=8
    )
    (frame,) = from_frames(np.concatenate(list(to_frames(1, history, 200))), "drawn")
    assert (frame.history.rows, frame.history.steps_made) == (0, 8)
