"""Reads a CSV file record by record, and says in one sentence where it is not one.

The file is streamed: nothing larger than `MAX_BYTES` is begun, and no line longer than `MAX_LINE` is kept. Rows count
as in a spreadsheet: the header is row 1. Rows without any content are passed over.
"""

import csv
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from vgdesk.errors import DocumentError
from vgdesk.spec.table import DELIMITERS
from vgdesk.training.csv_column import misfit_column

MAX_BYTES = 200 * 2**20
MAX_LINE = 2**20
_LISTED = 12
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
"""Lone surrogates, which stand for the bytes."""


class _BadLineError(Exception):
    """Says what is wrong with a line, and at which of its characters, counting from 0; None where at none."""

    def __init__(self, words: str, place: int | None = None) -> None:
        super().__init__(words)
        self.place = place


def records(path: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yields (row, fields) of the header and of every row with content; fields have no blanks around them.

    Raises
    ------
    DocumentError
        When the file cannot be read, is too large, is no UTF-8 text, or breaks the rules of quoting.
    """
    file, row = _opened(Path(path).expanduser(), path), 0
    header, lines = list[str](), list[str]()
    with file:
        reader = csv.reader(_lines(file, lines), delimiter=delimiter, skipinitialspace=True, strict=True)
        try:
            for row, fields in enumerate(reader, start=1):
                lines.clear()
                stripped = [field.strip() for field in fields]
                if any(stripped):
                    header = header or stripped
                    yield row, stripped
        except (csv.Error, _BadLineError) as error:
            column = _column_words(error, lines, delimiter, header)
            raise DocumentError(f"{file_name(path)}, row {row + 1}{column}: {_misfit(error)}") from None
        except OSError as error:
            raise DocumentError(f"cannot read {path!r}: {_reason(error)}") from None


def read_header(path: str, delimiter: str) -> list[str]:
    """Returns the names of the columns, in the order of the file."""
    for _, fields in records(path, delimiter):
        return fields
    raise DocumentError(f"{file_name(path)} is empty; its first row must name the columns")


def require_clear_header(path: str, delimiter: str) -> None:
    """Raises `DocumentError` where a column has no name, or the name of another one."""
    row, header = next(records(path, delimiter), (1, []))
    if "" in header:
        place = header.index("") + 1
        raise DocumentError(
            f"{file_name(path)}, row {row}: column {place} has no name; give it one, or choose the inputs by name"
        )
    for name in header:
        if header.count(name) > 1:
            raise _called_alike(header, name, path, delimiter)


def _called_alike(header: list[str], name: str, path: str, delimiter: str) -> DocumentError:
    row = next((row for row, _ in records(path, delimiter)), 1)
    count = "two" if header.count(name) == 2 else header.count(name)
    return DocumentError(f"{file_name(path)}, row {row}: {count} columns are called {name!r}; a name must be unique")


def likely_delimiter(path: str) -> str:
    """Returns the delimiter that divides the first row into the most columns; blanks count where nothing else does."""
    try:
        header = "\n".join(read_header(path, "\t"))
    except DocumentError:
        return ","
    if "\n" in header:
        return "\t"
    found = max((mark for mark in DELIMITERS if mark != " "), key=header.count)
    return found if found in header else " " if " " in header else ","


def column_places(header: list[str], columns: tuple[str, ...], path: str, delimiter: str) -> list[int]:
    """Returns where the chosen columns stand, counting from 0; each must be there exactly once."""
    for column in columns:
        if header.count(column) > 1:
            raise _called_alike(header, column, path, delimiter)
        if column not in header:
            raise DocumentError(f"{file_name(path)} has no column {column!r}; {_columns(header, delimiter)}")
    return [header.index(column) for column in columns]


def file_name(path: str) -> str:
    """Returns what a sentence calls the file."""
    return Path(path).name or path


def _columns(header: list[str], delimiter: str) -> str:
    """Returns which columns there are, and which delimiter the file has where that seems to be the trouble."""
    others = [word for mark, word in DELIMITERS.items() if mark not in (delimiter, " ") and mark in header[0]]
    if len(header) == 1 and others:
        return f"divided at each {DELIMITERS[delimiter]} it has one column, {header[0][:60]!r}; try {others[0]}"
    names = ", ".join(repr(name) for name in header[:_LISTED])
    more = f" and {len(header) - _LISTED} more" if len(header) > _LISTED else ""
    return f"its columns are {names}{more}"


def _opened(file: Path, path: str) -> TextIO:
    try:
        status = file.stat()
        _require_size(status.st_mode, status.st_size, path)
        # bytes that are not UTF-8 become lone surrogates, so that the row that holds them can be named
        return file.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise DocumentError(f"cannot read {path!r}: {_reason(error)}") from None


def _require_size(mode: int, size: int, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise DocumentError(f"{path!r} is a folder, not a CSV file")
    if not stat.S_ISREG(mode):
        raise DocumentError(f"{path!r} is not a regular file")
    if size == 0:
        raise DocumentError(f"{file_name(path)} is empty; its first row must name the columns")
    if size > MAX_BYTES:
        raise DocumentError(
            f"{file_name(path)} has {size / 2**20:,.0f} MB; a CSV file may have at most {MAX_BYTES >> 20} MB"
        )


def _lines(file: TextIO, kept: list[str]) -> Iterator[str]:
    """Yields the lines of a file and keeps them in a list, which its reader empties after each record."""
    while line := file.readline(MAX_LINE):
        kept.append(line)
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise _BadLineError(f"the line is longer than {MAX_LINE:,} characters")
        if "\0" in line:
            raise _BadLineError("the line holds a NUL character; the file must be text in UTF-8", line.index("\0"))
        if not line.isascii() and (odd := _NOT_UTF_8.search(line)):
            raise _BadLineError("the line is not UTF-8; save the file in that encoding", odd.start())
        yield line


def _column_words(error: Exception, lines: list[str], delimiter: str, header: list[str]) -> str:
    """Returns ", column 'age'", or its number where it has no name; "" where the whole line is at fault."""
    record, end = "".join(lines), None
    if isinstance(error, _BadLineError):
        if error.place is None:
            return ""
        end = len(record) - len(lines[-1]) + error.place
    column = misfit_column(record, delimiter, end)
    name = header[column - 1] if column <= len(header) else ""
    return f", column {name!r}" if name else f", column {column}"


def _misfit(error: Exception) -> str:
    """Returns what is wrong with a row: the words of the csv module say neither the cause nor what is allowed."""
    words = str(error)
    if "field limit" in words:
        return f"a field has more than {csv.field_size_limit():,} characters, which is the most"
    if "unexpected end" in words:
        return 'a quotation mark " opens a field, and none closes it before the file ends'
    if "expected after" in words:
        return 'a field goes on after its closing quotation mark "; inside a quoted field a mark is written twice'
    return words


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
