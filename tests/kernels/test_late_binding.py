"""Functions compiled on their own: found when first called, by the code that a network uses."""

import _thread
import ctypes

import numba
import numpy as np
import pytest
from numba import types

from vgdesk.kernels import late_binding
from vgdesk.kernels.late_binding import compile_shared, shared_choice, shared_kernel
from vgdesk.kernels.simd.subnormal import FLUSH, read_mode, write_mode

compiled = []
"""Names of the functions below in the order of their compilation."""


def _double(code, values):
    values[0] *= 2.0


def _square(code, values):
    values[0] *= values[0]


def _signature(number, code):
    compiled.append((number, code))
    return types.void(types.int64, number[::1])


@shared_choice([_double, _square], _signature)
def change(code, values):
    """Changes the first number."""


@shared_kernel(lambda number: types.UniTuple(types.float64, 2)(number[::1]))
def first_two(values):
    """Returns the first two numbers."""
    return np.float64(values[0]), np.float64(values[1])


@numba.njit
def run(code, values):
    """Calls both kernels from Python."""
    change(code, values)
    return first_two(values)


def test_everything_can_be_compiled_beforehand():
    compiled.clear()
    compile_shared("float32")
    assert compiled == [(types.float32, 0), (types.float32, 1)]


def filled(monkeypatch, find):
    """Returns what a cell holds after Python was asked to fill it."""
    cell = ctypes.c_int64(0)
    monkeypatch.setitem(late_binding._finders, ctypes.addressof(cell), find)
    late_binding._fill(ctypes.addressof(cell))
    return cell.value


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_code_chooses_the_function_for_either_number_format(dtype):
    assert run(0, np.array([3, 5], dtype)) == (6.0, 5.0)
    assert run(1, np.array([3, 5], dtype)) == (9.0, 5.0)


def test_address_is_asked_for_once_and_then_kept():
    run(1, np.ones(2))
    compiled.clear()
    run(1, np.ones(2))
    assert compiled == []


def test_full_disk_does_not_keep_a_function_from_being_found(monkeypatch):
    answers = iter([OSError("no space left on device"), None])

    def find():
        if (answer := next(answers)) is not None:
            raise answer
        return 7

    assert filled(monkeypatch, find) == 7


def test_interrupt_is_delivered_after_the_cell_is_filled(monkeypatch):
    answers, delivered = iter([KeyboardInterrupt(), None]), []

    def find():
        if (answer := next(answers)) is not None:
            raise answer
        return 7

    monkeypatch.setattr(_thread, "interrupt_main", lambda: delivered.append(True))
    assert filled(monkeypatch, find) == 7
    assert delivered == [True]


def test_python_works_with_subnormal_numbers_while_the_kernel_flushes_them():
    seen = []

    def signature(number):
        seen.append(1e-310 / 2 > 0)
        return types.void(number[::1])

    def nothing(values):
        pass

    kernel = shared_kernel(signature)(nothing)

    @numba.njit
    def flushed(values):
        mode = read_mode()
        write_mode(mode | FLUSH)
        kernel(values)
        write_mode(mode)

    flushed.compile((types.float64[::1],))
    seen.clear()
    flushed(np.zeros(1))
    assert seen == [True]


def test_two_shared_kernels_cannot_have_one_name():
    def first_two(values):
        return values[0]

    with pytest.raises(ValueError, match="two shared kernels are called 'first_two'"):
        shared_kernel(lambda number: number(number[::1]))(first_two)
