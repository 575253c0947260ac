"""Refuses JSON text in which a field stands twice in one object: JSON readers take the last one without a word.

Asked of texts from outside only, once they are known to be an experiment; what the program writes itself is not so.
"""

import json
from typing import Any, cast

from vgdesk.errors import SpecError
from vgdesk.spec.place_words import place_words


class _Twice(dict[str, Any]):
    """Is an object in which a field stands more than once."""

    field = ""


def require_single_fields(text: str | bytes, source: str) -> None:
    """Raises `SpecError` with the place in the text where a field stands twice.

    Parameters
    ----------
    text
        JSON that has been read without complaint.
    source
        What to call the text, e.g. the file's name.
    """
    found = _first(json.loads(text, object_pairs_hook=_object), "")
    if found is not None:
        place, field = found
        where = f"{place_words(place)}: " if place else ""
        raise SpecError(f"{source}: {where}the field {field!r} stands twice; leave one of them")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) == len(names):
        return dict(pairs)
    marked = _Twice(pairs)
    marked.field = next(name for name in names if names.count(name) > 1)
    return marked


def _first(value: Any, place: str) -> tuple[str, str] | None:
    """Returns the place of the first such object, as "network.layers[0]", and the field; None where there is none."""
    if isinstance(value, _Twice):
        return place, value.field
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{place}.{name}".removeprefix("."), part) for name, part in cast("dict[str, Any]", value).items()]
    elif isinstance(value, list):
        inner = [(f"{place}[{number}]", part) for number, part in enumerate(cast("list[Any]", value))]
    deeper = (_first(part, at) for at, part in inner if isinstance(part, dict | list))
    return next((found for found in deeper if found is not None), None)
