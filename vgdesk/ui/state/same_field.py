"""Which numbers of the desk an edit has changed, so that the steps of one spin box are one thing to undo."""

from collections.abc import Iterator
from typing import Any, cast

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.session import Contents

Path = tuple[str | int, ...]
_NAMES = ("name", "title")


def numbers_changed(before: Contents, after: Contents) -> frozenset[Path]:
    """Returns the paths of all numbers that differ; empty where anything else differs, too.

    Names and titles follow from the rest and do not count.
    """
    formula = list(_changes(before.formula, after.formula, ("formula",)))
    training = list(_changes(before.training, after.training, ("training",)))
    found = [*formula, *training]
    return frozenset(path for path, _ in found) if found and all(is_number for _, is_number in found) else frozenset()


def _changes(before: object, after: object, path: Path) -> Iterator[tuple[Path, bool]]:
    """Yields the path of every part that differs, and whether it was and is a number."""
    if before == after:
        return
    if isinstance(before, msgspec.Struct) and type(before) is type(after):
        for name in before.__struct_fields__:
            if not (isinstance(before, Experiment) and name in _NAMES):
                yield from _changes(getattr(before, name), getattr(after, name), (*path, name))
    elif isinstance(before, tuple) and isinstance(after, tuple):
        yield from _changes_of_rows(cast("tuple[Any, ...]", before), cast("tuple[Any, ...]", after), path)
    else:
        yield path, _is_number(before) and _is_number(after)


def _changes_of_rows(before: tuple[Any, ...], after: tuple[Any, ...], path: Path) -> Iterator[tuple[Path, bool]]:
    if len(before) != len(after):
        yield path, False
        return
    for index, (one, other) in enumerate(zip(before, after, strict=True)):
        yield from _changes(one, other, (*path, index))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
