"""Phase diagrams and depth plans from another process: in parts, given up when nobody waits."""

from tests.engine.waiting import last, poll_until, wait_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import PhaseMapped, PlanReady, PredictionReady
from vgdesk.spec.library import example


def test_a_phase_diagram_comes_in_blocks_that_fill_the_grid(engine: Engine) -> None:
    generation, rows = engine.map_phases("tanh", 1.0, 0.0), []

    def is_complete() -> bool:
        rows.extend(event.rows for event in engine.poll() if isinstance(event, PhaseMapped))
        return bool(rows) and rows[-1].is_last

    wait_until(is_complete, f"diagram {generation} did not end")
    assert [block.first for block in rows] == list(range(0, 200, 10))
    assert sum(len(block.chi_1) for block in rows) == 200


def test_only_the_latest_phase_diagram_is_answered(engine: Engine) -> None:
    engine.map_phases("tanh", 1.0, 0.0)
    poll_until(engine, PhaseMapped)
    latest = engine.map_phases("sigmoid", 1.0, 0.0)
    events = poll_until(engine, PhaseMapped)
    assert {event.generation for event in events if isinstance(event, PhaseMapped)} == {latest}
    engine.forget_phases()


def test_a_forgotten_phase_diagram_leaves_the_process_free(engine: Engine) -> None:
    engine.map_phases("tanh", 1.0, 0.0)
    poll_until(engine, PhaseMapped)
    engine.forget_phases()
    engine.predict(example("digits-tanh-20"))
    assert not any(isinstance(event, PhaseMapped) for event in poll_until(engine, PredictionReady))


def test_a_plan_comes_back(engine: Engine) -> None:
    generation = engine.plan(example("digits-sigmoid-20"), 1e-6)
    answer = last(poll_until(engine, PlanReady), PlanReady)
    assert (answer.generation, answer.plan.deepest) == (generation, 10)
