"""How records become bytes: msgspec with NumPy arrays.

Between processes arrays travel as raw bytes (MessagePack); in files (JSON) as lists of numbers, in which the values
that JSON lacks are the strings "nan", "inf" and "-inf" (an exact zero's log10 is "-inf").
"""

import math
from typing import Any, cast

import msgspec
import numpy as np


def frozen(values: Any, dtype: Any = np.float64) -> np.ndarray:
    """Returns a contiguous read-only array of the values."""
    array = np.array(values, dtype=dtype, order="C")
    array.setflags(write=False)
    return array


def to_bytes(record: Any) -> bytes:
    """Encodes a record for another process of ours."""
    return msgspec.msgpack.encode(record, enc_hook=_array_to_raw)


def from_bytes(payload: bytes, kind: Any) -> Any:
    """Decodes what `to_bytes` made, as the given type."""
    return msgspec.msgpack.decode(payload, type=kind, dec_hook=_raw_to_array)


def to_json(record: Any) -> str:
    """Encodes a record for a file: one JSON value and a newline."""
    return msgspec.json.encode(record, enc_hook=_array_to_list).decode() + "\n"


def number_to_json(value: float) -> float | str:
    """Returns the number, or "nan", "inf", "-inf" where JSON has no number for it."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _array_to_raw(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        array = cast("np.ndarray[Any, np.dtype[Any]]", np.ascontiguousarray(cast("Any", value)))
        return (array.dtype.str, array.shape, array.tobytes())
    raise NotImplementedError(f"cannot encode {type(value).__name__}")


def _raw_to_array(kind: type, value: Any) -> Any:
    if kind is np.ndarray:
        dtype, shape, payload = value
        return np.frombuffer(payload, dtype=dtype).reshape(shape)
    raise NotImplementedError(f"cannot decode {kind}")


def _array_to_list(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        raise NotImplementedError(f"cannot encode {type(value).__name__}")
    return _numbers(value.tolist())


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(item) for item in cast("list[Any]", value)]
    return number_to_json(value) if isinstance(value, float) else value
