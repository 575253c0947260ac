"""Programs do arithmetic, never raise while they run, and refuse what is none."""

import math

import pytest

from vgdesk.errors import SpecError
from vgdesk.records.program import Instruction, Program


def program(*instructions: tuple[str, tuple[int, ...]], given: int = 2, constants: tuple[float, ...] = ()) -> Program:
    return Program(given=given, constants=constants, instructions=tuple(Instruction(*one) for one in instructions))


def last(*instructions: tuple[str, tuple[int, ...]], numbers: tuple[float, ...], constants=()) -> float:
    made = program(*instructions, given=len(numbers), constants=constants)
    return made.runner()(numbers)[-1]


def test_instructions_read_earlier_slots():
    assert last(("+", (0, 1)), ("*", (2, 0)), numbers=(2.0, 3.0)) == 10.0


def test_constants_stand_behind_the_given_numbers():
    assert last(("product", (0, 1, 2)), numbers=(2.0, 3.0), constants=(5.0,)) == 30.0


def test_a_case_distinction_chooses():
    steps = ((">", (0, 1)), ("where", (2, 0, 1)))
    assert [last(*steps, numbers=pair) for pair in ((1.0, 2.0), (3.0, 2.0))] == [2.0, 3.0]


@pytest.mark.parametrize(
    ("operation", "numbers", "value"),
    [
        ("exp", (1000.0,), math.inf),
        ("log", (0.0,), -math.inf),
        ("log", (-1.0,), math.nan),
        ("sqrt", (-1.0,), math.nan),
        ("/", (1.0, 0.0), math.nan),
        ("**", (-8.0, 0.5), math.nan),
        ("**", (1e200, 3.0), math.inf),
        ("sum", (math.inf, -math.inf, 1.0), math.nan),
        ("sigmoid", (-1000.0,), 0.0),
        ("softplus", (1000.0,), 1000.0),
        ("sign", (math.nan,), math.nan),
    ],
)
def test_what_has_no_value_is_a_number_format_s_own_word(operation: str, numbers: tuple[float, ...], value: float):
    found = last((operation, tuple(range(len(numbers)))), numbers=numbers)
    assert found == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("slots", [(0, 2), (-1, 0), (0, 5)])
def test_slots_that_are_not_filled_yet_are_refused(slots: tuple[int, int]):
    with pytest.raises(SpecError, match="must read slots from 0 to 1"):
        program(("+", slots)).runner()


@pytest.mark.parametrize(("operation", "slots"), [("system", (0,)), ("+", (0,)), ("exp", (0, 1)), ("", ())])
def test_unknown_operations_are_refused(operation: str, slots: tuple[int, ...]):
    with pytest.raises(SpecError, match="unknown operation"):
        program((operation, slots)).runner()
