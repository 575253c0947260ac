"""Which steps are recorded, and how many rows and bytes that makes."""

from hypothesis import given
from hypothesis import strategies as st

from vgdesk.records.recorded import due_rows, expected_rows, row_bytes, wanted_quantities
from vgdesk.spec.library import example
from vgdesk.spec.recording import EveryNth, LogSpaced, What

RULES = st.builds(EveryNth, n=st.integers(1, 300)) | st.builds(LogSpaced, per_decade=st.integers(1, 200))


@given(RULES, st.integers(0, 5000), st.integers(0, 300))
def test_due_rows_are_the_steps_for_which_the_rule_says_so(when: EveryNth | LogSpaced, first: int, count: int):
    expected = [step - first for step in range(first, first + count) if when.is_due(step)]
    assert due_rows(when, first, count, is_end=False).tolist() == expected


@given(RULES, st.integers(1, 3000))
def test_no_run_has_more_rows_than_expected(when: EveryNth | LogSpaced, steps: int):
    rows = due_rows(when, 0, steps, is_end=True)
    assert rows[-1] == steps - 1
    assert len(rows) <= expected_rows(when, steps)


def test_what_is_always_recorded_needs_no_asking():
    assert wanted_quantities(What(quantities=("dead", "bias"))) == ("weight", "bias", "delta", "state", "dead")


def test_a_row_takes_eight_bytes_for_each_number():
    network = example("digits-sigmoid-20").network
    assert row_bytes(What(), network) == 8 * (6 + 3 * 20)
