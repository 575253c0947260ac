"""Named tuples of many arrays lent to compiled code by one address.

To hand over an array, Numba unpacks it into seven numbers. A trainer gets sixty arrays, and a quarter of the time to
compile it went into that. So Python writes these numbers side by side, as compiled code has them in memory, and hands
over where they stand:

    array       0, 0 (no counted references), numbers, bytes of one, address, shape, strides
    integer     itself
    float       its bits

A kernel reads `work.inputs` as if the tuple itself had come, and hands all of it on as one number. (Where tuples
themselves were handed on, every function was full of the numbers of sixty arrays, and took twice as long to compile.)
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, unbox

_WORD = ir.IntType(64)
_WORD_BYTES = 8
_BITS = (1 << 64) - 1


class LentType(types.Type):
    """Is Numba's type of what is lent: `kind` is that of the tuple."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        super().__init__(name=f"Lent({kind})")


@register_model(LentType)
class _LentModel(models.PrimitiveModel):
    """Is an address."""

    def __init__(self, manager: Any, kind: LentType) -> None:
        super().__init__(manager, kind, _WORD)


class Lent:
    """Holds a named tuple of arrays, integers and floats, and how compiled code finds it.

    The arrays may change, but not where they lie: they are held as long as this object. Raises TypeError for a value
    that is neither an array nor an integer.
    """

    def __init__(self, values: Any) -> None:
        self._values = values
        self._words = np.array(list(_words(values)), np.uint64)
        self._numba_type_ = _type_of(values)
        self.address = self._words.ctypes.data


_types: dict[tuple[Any, ...], LentType] = {}
"""By what decides the type. Numba asks every array anew, and for a short run that took longer than its steps."""


def _type_of(values: Any) -> LentType:
    key = (type(values), *map(_traits, values))
    if key not in _types:
        _types[key] = LentType(typeof(values))
    return _types[key]


def _traits(value: Any) -> Any:
    """Returns all that Numba's type of a value depends on; the flags of an array hold its layout."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.num
    return type(value), isinstance(value, int) and value.bit_length() > 63


def _words(values: Any) -> Iterator[int]:
    for value in values:
        if isinstance(value, np.ndarray):
            yield from (0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides)
        elif isinstance(value, int | np.integer) and not isinstance(value, bool):
            yield int(value) & _BITS
        elif isinstance(value, float):
            yield int(np.float64(value).view(np.uint64))
        else:
            raise TypeError(f"compiled code can be lent arrays, integers and floats, got {type(value).__name__}")


@unbox(LentType)
def _unbox(kind: Any, lent: Any, context: Any) -> NativeValue:
    address = context.pyapi.object_getattr_string(lent, "address")
    word = context.pyapi.long_as_longlong(address)
    context.pyapi.decref(address)
    return NativeValue(word)


@infer_getattr
class _LentAttributes(AttributeTemplate):
    """Gives what is lent the fields of its tuple."""

    key = LentType

    def generic_resolve(self, lent: Any, name: str) -> Any:
        return lent.kind.types[lent.kind.fields.index(name)] if name in lent.kind.fields else None


@lower_getattr_generic(LentType)
def _read(context: Any, builder: Any, kind: Any, address: Any, name: str) -> ir.Value:
    """Reads one field. The compiler may keep what it read: nobody changes where an array lies while it is lent."""
    fields = builder.inttoptr(address, context.get_value_type(kind.kind).as_pointer())
    place = cgutils.gep_inbounds(builder, fields, 0, kind.kind.fields.index(name))
    value = builder.load(place, align=_WORD_BYTES)
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value
