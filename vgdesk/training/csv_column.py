"""In which column of a record the csv module stopped: it names neither the field nor the character.

The record is walked as that module walks it where quoting is strict and blanks at the beginning of a field are skipped.
"""

import csv
from enum import Enum, auto


class _At(Enum):
    """Says where in a field the walk is."""

    START = auto()
    PLAIN = auto()
    QUOTED = auto()
    AFTER_QUOTE = auto()
    """Behind a mark that closes the field, or is the first of two that stand for one."""


def misfit_column(record: str, delimiter: str, end: int | None = None) -> int:
    """Returns the column, counting from 1, of the field that breaks the rules of quoting or is too long.

    Parameters
    ----------
    record
        The lines of the record as far as they were read.
    end
        Where in the record the misfit is already known: the column of this place.
    """
    at, column, length = _At.START, 1, 0
    for character in record[:end]:
        before, at = at, _next(at, character, delimiter)
        if at is None:
            break
        if at is _At.START and not (before is _At.START and character == " "):
            column, length = column + 1, 0
        length += at in (_At.PLAIN, _At.QUOTED)
        if length > csv.field_size_limit():
            break
    return column


def _next(at: _At, character: str, delimiter: str) -> _At | None:
    """Returns where the walk is behind a character; None where the character must not stand there."""
    if at is _At.QUOTED:
        return _At.AFTER_QUOTE if character == '"' else _At.QUOTED
    if character == '"' and at is not _At.PLAIN:
        return _At.QUOTED  # opens the field, or is the second of two
    if at is _At.START and character == " ":
        return _At.START
    if character == delimiter:
        return _At.START
    if at is _At.AFTER_QUOTE:
        return _At.AFTER_QUOTE if character in "\r\n" else None
    return _At.PLAIN
