"""What Python lends to compiled code arrives there as it is."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from numba import typeof

from vgdesk.kernels._jit import entry
from vgdesk.kernels.lent import Lent, LentType


class _Things(NamedTuple):
    """Holds an array of each kind that trainers lend, with numbers between."""

    flat: np.ndarray
    count: Any
    table: np.ndarray
    seed: Any
    empty: np.ndarray


def _things(dtype: str) -> _Things:
    table = np.arange(6, dtype=np.int64).reshape(2, 3)
    return _Things(np.arange(4, dtype=dtype), -7, table, np.uint64(2**63 + 5), np.zeros(0, dtype))


@entry
def _read(things, out):
    out[0], out[1], out[2] = things.flat.size, things.flat[3], things.count
    out[3], out[4], out[5] = things.table.shape[0], things.table.shape[1], things.table[1, 2]
    out[6], out[7] = things.seed == np.uint64(2**63 + 5), things.empty.size
    things.flat[0] = 11


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compiled_code_reads_every_field_and_writes_into_the_arrays(dtype: str) -> None:
    things, out = _things(dtype), np.zeros(8)
    _read(Lent(things), out)
    assert out.tolist() == [4, 3, -7, 2, 3, 5, 1, 0]
    assert things.flat[0] == 11


def test_an_array_that_changes_after_it_was_lent_is_seen_as_it_is() -> None:
    things, out = _things("float64"), np.zeros(8)
    lent = Lent(things)
    things.flat[3] = 42
    _read(lent, out)
    assert out[1] == 42


def test_arrays_live_as_long_as_what_lends_them() -> None:
    lent, out = Lent(_things("float64")), np.zeros(8)
    spent = [np.full(4, 9.0) for _ in range(100)]
    _read(lent, out)
    assert len(spent) == 100
    assert out[1] == 3


@pytest.mark.parametrize("value", [True, None, "name"])
def test_what_is_neither_array_nor_integer_is_not_lent(value: object) -> None:
    with pytest.raises(TypeError, match=f"arrays, integers and floats, got {type(value).__name__}"):
        Lent(_things("float64")._replace(count=value))


@pytest.mark.parametrize(
    "other",
    [
        {"flat": np.arange(4, dtype=np.float32)},
        {"flat": np.arange(8.0)[::2]},
        {"table": np.arange(6.0).reshape(2, 3)},
        {"table": np.arange(6).reshape(2, 3).T},
        {"table": np.arange(6)},
        {"count": 2**63 + 5},
        {"count": 0.5},
        {"count": np.uint64(1)},
        {"seed": 5},
    ],
)
def test_the_kind_that_is_kept_for_a_tuple_is_only_used_for_its_like(other: dict[str, Any]) -> None:
    things = _things("float64")
    changed = things._replace(**other)
    assert typeof(Lent(things)) == LentType(typeof(things))
    assert typeof(Lent(changed)) == LentType(typeof(changed)) != typeof(Lent(things))


def test_tuples_of_one_kind_share_it_whatever_their_sizes() -> None:
    longer = _things("float64")._replace(flat=np.arange(9.0), count=5)
    assert typeof(Lent(longer)) is typeof(Lent(_things("float64")))
