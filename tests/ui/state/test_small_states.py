"""Row store, speed scale, memory and messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.spec.recording import QUANTITIES
from vgdesk.ui.state.memory import Memory
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.row_store import RowStore
from vgdesk.ui.state.speed import SPEED_POSITIONS, position_of, speed_at, speed_text


def rows(first: int, count: int) -> GradientHistory:
    numbers = np.arange(first, first + count, dtype=float)
    norms = np.stack([numbers, -numbers], axis=1)
    return GradientHistory(
        experiment="x",
        step_numbers=np.arange(first, first + count),
        loss=numbers,
        quantities={"weight": norms, "delta": -norms},
    )


@given(st.lists(st.integers(0, 900), max_size=12))
def test_parts_come_back_as_one_history(counts: list[int]):
    store, total = RowStore("x"), 0
    for count in counts:
        store.append(rows(total, count))
        total += count
    history = store.history()
    assert np.array_equal(history.loss, np.arange(total))
    assert not counts or np.array_equal(history.log10_norm("weight"), rows(0, total).log10_norm("weight"))


def test_history_handed_out_stays_true_while_rows_arrive():
    store = RowStore("x")
    store.append(rows(0, 5))
    history = store.history()
    store.append(rows(5, 3000))
    assert np.array_equal(history.loss, np.arange(5))
    with pytest.raises(ValueError, match="read-only"):
        history.loss[0] = 7.0


def test_ten_thousand_steps_of_a_hundred_layers_stay_below_200_megabytes():
    cheap = [name for name, quantity in QUANTITIES.items() if quantity.is_cheap]
    store, count = RowStore("x", expected=10_000), 500
    for first in range(0, 10_000, count):
        tables = {name: np.zeros((count, 100)) for name in cheap}
        store.append(
            GradientHistory(
                experiment="x",
                step_numbers=np.arange(first, first + count),
                loss=np.zeros(count),
                quantities=tables,
            )
        )
    history = store.history()
    assert all(values.base is not None for values in history.quantities.values()), "a view, not a copy"
    assert store.bytes_reserved < 200e6


def test_outcome_is_part_of_the_history():
    store = RowStore("x")
    store.finish(RunOutcome.NON_FINITE)
    assert store.history().outcome is RunOutcome.NON_FINITE


@pytest.mark.parametrize("position", range(SPEED_POSITIONS + 1))
def test_slider_position_and_speed_belong_together(position: int):
    assert position_of(speed_at(position)) == position


def test_last_position_has_no_limit():
    assert speed_at(SPEED_POSITIONS) is None
    assert speed_text(None) == "max speed"
    assert speed_text(30.0) == "30 steps/s"


@pytest.fixture
def memory(tmp_path) -> Memory:
    return Memory(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def test_what_was_written_is_read(memory: Memory):
    memory.write("workspace", "train")
    memory.write_integers("layout/0", [300, 400])
    assert memory.choice("workspace", ("derive", "train"), "derive") == "train"
    assert memory.integers("layout/0", 2) == [300, 400]


@pytest.mark.parametrize("nonsense", ["", "1,2,3", "a,b", "-1,5", "0,0", "999999999,1", "1.5,2", "٣,٤"])
def test_wrong_sizes_are_refused(memory: Memory, nonsense: str):
    memory.write("layout/0", nonsense)
    assert memory.integers("layout/0", 2) == []


def test_unknown_word_is_refused(memory: Memory):
    memory.write("theme", "pink")
    assert memory.choice("theme", ("light", "dark"), "light") == "light"


def test_forgetting_takes_only_what_begins_so(memory: Memory):
    memory.write("layout/0", "1,2")
    memory.write("theme", "dark")
    memory.forget("layout/")
    assert memory.integers("layout/0", 2) == []
    assert memory.choice("theme", ("light", "dark"), "light") == "dark"


def test_memory_without_settings_remembers_nothing():
    memory = Memory(None)
    memory.write("theme", "dark")
    assert memory.choice("theme", ("light", "dark"), "light") == "light"


def test_message_is_told_once_and_dismissed(qtbot):
    messages, told = Messages(), []
    messages.changed.connect(told.append)
    messages.post("no")
    messages.post("no")
    messages.dismiss()
    assert told == ["no", ""]


def test_message_goes_when_the_same_kind_of_request_succeeds(qtbot):
    messages = Messages()
    messages.post("cannot be read", "open")
    messages.settle("export")
    assert messages.sentence == "cannot be read"
    messages.settle("open")
    assert messages.sentence == ""
