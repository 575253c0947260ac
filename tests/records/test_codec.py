"""Records survive the way through bytes and through JSON, with every number that JSON lacks."""

import json
import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vgdesk.records.codec import from_bytes, frozen, number_to_json, to_bytes, to_json

ARRAYS = hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=6), elements=st.floats(allow_subnormal=True))


class Record(msgspec.Struct, frozen=True):
    name: str
    numbers: np.ndarray


@given(ARRAYS)
def test_bytes_give_back_the_same_bits(numbers: np.ndarray):
    back = from_bytes(to_bytes(Record("a", numbers)), Record)
    assert back.numbers.shape == numbers.shape
    assert back.numbers.tobytes() == numbers.tobytes()


@given(ARRAYS)
def test_json_holds_the_same_numbers(numbers: np.ndarray):
    written = json.loads(to_json(Record("a", numbers)))["numbers"]
    np.testing.assert_array_equal(np.array(written, dtype=float), numbers)


@pytest.mark.parametrize("dtype", ["<f4", "<i8", "|b1"])
def test_bytes_keep_the_type_of_the_numbers(dtype: str):
    back = from_bytes(to_bytes(Record("a", np.ones(3, dtype=dtype))), Record)
    assert back.numbers.dtype == np.dtype(dtype)


def test_decoded_arrays_are_read_only():
    back = from_bytes(to_bytes(Record("a", np.zeros(2))), Record)
    with pytest.raises(ValueError, match="read-only"):
        back.numbers[0] = 1.0


def test_frozen_array_is_a_copy_that_cannot_change():
    source = np.arange(3.0)
    array = frozen(source)
    source[0] = 9.0
    assert array.tolist() == [0.0, 1.0, 2.0]
    assert not array.flags.writeable


def test_numbers_that_json_lacks_are_strings():
    assert [number_to_json(x) for x in (math.nan, math.inf, -math.inf, 0.1)] == ["nan", "inf", "-inf", 0.1]
    assert to_json(Record("a", np.array([-math.inf, 1.5]))) == '{"name":"a","numbers":["-inf",1.5]}\n'


def test_unknown_objects_are_refused_on_both_ways():
    for encode in (to_bytes, to_json):
        with pytest.raises(NotImplementedError, match="cannot encode object"):
            encode({"a": object()})
