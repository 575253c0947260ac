"""The words in which a sweep's axes are typed, on the command line as in the window -> `Axis`.

    depth=2,5,10        these values
    seed=0:20           whole numbers without the last: 0, 1, ..., 19
    sigma_w=0.5:3:11    so many numbers, evenly spaced, with both ends

A value is a whole number, a number, true, false, or else a word.
"""

from vgdesk.errors import SpecError
from vgdesk.spec.sweep import MOST_VALUES, Axis, require_few
from vgdesk.spec.typed import is_too_large, real_number, whole_number
from vgdesk.spec.vary import Value

_LONGEST_SHOWN = 60


def read_axis(text: str) -> Axis:
    """Returns the axis that FIELD=VALUES names; `SpecError` says what is wrong with it."""
    field, equals, values = text.partition("=")
    if not equals or not values:
        raise SpecError(f"--vary must be FIELD=VALUES, e.g. depth=2,5,10; got {text[:80]!r}")
    return Axis(field=field, values=read_values(field, values))


def read_values(field: str, text: str) -> tuple[Value, ...]:
    """Returns the values that a field takes; see the module for what may be typed."""
    if ":" not in text or "formula:" in text:
        return tuple(read_value(part) for part in text.split(","))
    parts = text.split(":")
    if len(parts) == 2:
        low, high = map(_whole, parts)
        if low >= high:
            raise SpecError(f"{field}={text[:_LONGEST_SHOWN]} must be LOW:HIGH with LOW below HIGH")
        require_few(field, high - low)  # before there is a tuple of them
        return tuple(range(low, high))
    if len(parts) != 3 or not 2 <= (count := _whole(parts[2])) <= MOST_VALUES:
        raise SpecError(
            f"{field}={text[:_LONGEST_SHOWN]} must be LOW:HIGH or LOW:HIGH:COUNT with a COUNT from 2 to {MOST_VALUES}"
        )
    low, high = _real(parts[0]), _real(parts[1])
    spaced = [low + (high - low) * k / (count - 1) for k in range(count)]
    return tuple(float(f"{value:.12g}") for value in spaced)


def read_whole_range(name: str, text: str) -> tuple[int, int]:
    """Returns the ends of LOW:HIGH, whole numbers; `name` is what the sentence about another text calls it."""
    low, high = _range(name, text)
    return _whole(low), _whole(high)


def read_range(name: str, text: str) -> tuple[float, float]:
    """Returns the ends of LOW:HIGH; `name` is what the sentence about another text calls it."""
    low, high = _range(name, text)
    return _real(low), _real(high)


def read_value(text: str) -> Value:
    """Returns a typed word as a whole number, a number or true or false where it is one, else as it is."""
    for kind in (whole_number, _real_in_range):
        try:
            return kind(text)
        except ValueError as error:
            if isinstance(error, SpecError):
                raise
    return {"true": True, "false": False}.get(text, text)


def _range(name: str, text: str) -> list[str]:
    parts = text.split(":")
    if len(parts) != 2:
        raise SpecError(f"{name} must be a range LOW:HIGH, got {text[:80]!r}")
    return parts


def _whole(text: str) -> int:
    try:
        return whole_number(text)
    except ValueError:
        raise SpecError(f"{text[:_LONGEST_SHOWN]!r} must be a whole number") from None


def _real_in_range(text: str) -> float:
    value = real_number(text)
    if is_too_large(text, value):
        raise SpecError(f"{text[:_LONGEST_SHOWN]!r} must be a number up to 1.8e308 in size")
    return value


def _real(text: str) -> float:
    try:
        return _real_in_range(text)
    except SpecError:
        raise
    except ValueError:
        raise SpecError(f"{text[:_LONGEST_SHOWN]!r} must be a number") from None
