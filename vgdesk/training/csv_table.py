"""The chosen columns of a CSV file as arrays. What does not fit is refused as a whole, with file, row and column.

Numbers are written as they are typed (`vgdesk.spec.typed`), with a point: 3.14, -2e5. Empty cells and the usual words
for "no value" count as missing, and a missing value is refused: vgdesk does not invent data. Labels are compared as
written, except that labels that are all numbers are compared as numbers; classes are numbered in their order, from 0.
"""

import math
import re
from array import array
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from vgdesk.errors import DocumentError
from vgdesk.records.codec import frozen
from vgdesk.spec.table import CsvTable
from vgdesk.spec.typed import real_number
from vgdesk.training.csv_file import column_places, file_name, records

MAX_NUMBERS = 20_000_000
MAX_CLASSES = 100
_MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-", "."}
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
"""A number as spreadsheets write it in much of Europe."""


class DecimalCommaError(DocumentError):
    """Says that a number is written with a decimal comma."""


class NotANumberError(DocumentError):
    """Says that a cell of a column of numbers holds something else, and in which column."""

    def __init__(self, sentence: str, column: str) -> None:
        super().__init__(sentence)
        self.column = column


class Table(NamedTuple):
    """Holds the examples of a CSV file in the order of its rows.

    Attributes
    ----------
    inputs
        Shape (N, inputs), float64 and read-only.
    targets
        Shape (N, targets) in a regression, (N, 0) in a classification.
    labels
        Shape (N,): number of each example's class; empty in a regression.
    classes
        The classes' names in the order of their numbers.
    """

    inputs: np.ndarray
    targets: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]


def read_table(task: CsvTable) -> Table:
    """Reads the columns of a task.

    Raises
    ------
    DocumentError
        One sentence: what is wrong, in which file, row and column.
    """
    names = (*task.inputs, *task.target)
    columns = _Columns(names, len(names) if task.is_regression else len(names) - 1, file_name(task.path))
    rows = records(task.path, task.delimiter)
    _, header = next(rows, (0, []))
    if not header:
        raise DocumentError(f"{columns.file} is empty; its first row must name the columns")
    places = column_places(header, names, task.path, task.delimiter)
    for row, fields in rows:
        if len(fields) != len(header):
            raise DocumentError(
                f"{columns.file}, row {row}: the header has {len(header)} columns, this row has {len(fields)}"
            )
        columns.add(row, [fields[place] for place in places])
    return columns.table(len(task.inputs))


_LOOKED_AT = 20_000
"""Cells that are looked at to tell columns of numbers from columns of text; a window must not wait for more."""


class ColumnKinds(NamedTuple):
    """Holds the names of a file's columns by what stands in them.

    Attributes
    ----------
    numbers
        Those that hold a number, or no value at all.
    mixed
        Those of `numbers` that hold a word, too.
    """

    numbers: list[str]
    mixed: list[str]


def column_kinds(path: str, delimiter: str) -> ColumnKinds:
    """Returns what the columns hold in the file's first `_LOOKED_AT` cells.

    One number is enough, also one with a decimal comma: a column that is text throughout may be left out, but of one
    with a word among its numbers the word is a slip, and reading the column is refused with its place.

    Raises
    ------
    DocumentError
        When there is no row of data.
    """
    rows = records(path, delimiter)
    _, header = next(rows, (0, []))
    most = max(1, _LOOKED_AT // max(1, len(header)))
    first = [cells for _, cells in islice(rows, most)]
    if not first:
        raise DocumentError(f"{file_name(path)} has no rows below its header")
    has_number, has_word = [False] * len(header), [False] * len(header)
    for cells in first:
        for place, cell in enumerate(cells[: len(header)]):
            if _looks_like_number(cell):
                has_number[place] = True
            elif cell.casefold() not in _MISSING:
                has_word[place] = True
    kinds = [kind for kind in zip(header, has_number, has_word, strict=True) if kind[0]]
    numbers = [name for name, numbers, words in kinds if numbers or not words]
    return ColumnKinds(numbers, [name for name, numbers, words in kinds if numbers and words])


def number_columns(path: str, delimiter: str) -> list[str]:
    """Returns the names of the columns of numbers, see `column_kinds`."""
    return column_kinds(path, delimiter).numbers


def is_mostly_numbers(path: str, delimiter: str, column: str) -> bool:
    """Whether more than half of a column's cells are numbers, so that a word among them is a slip and no label."""
    rows = records(path, delimiter)
    _, header = next(rows)
    place = header.index(column)
    looks = [_looks_like_number(cell) for _, cells in rows for cell in cells[place : place + 1]]
    return 2 * sum(looks) > len(looks)


def _looks_like_number(cell: str) -> bool:
    if cell.casefold() in _MISSING:
        return False
    try:
        real_number(cell)
    except ValueError:
        return _has_decimal_comma(cell)
    return True


def _has_decimal_comma(cell: str) -> bool:
    return _DECIMAL_COMMA.fullmatch(cell) is not None


class _Columns:
    """Collects rows: the first `numeric` cells of a row are numbers, one that is left is a label."""

    def __init__(self, names: tuple[str, ...], numeric: int, file: str) -> None:
        self.file = file
        self._names, self._numeric = names, numeric
        self._numbers, self._labels = array("d"), array("q")
        self._places: dict[str, int] = {}

    def add(self, row: int, cells: list[str]) -> None:
        for name, cell in zip(self._names, cells, strict=True):
            if cell.casefold() in _MISSING:
                raise DocumentError(f"{self.file}, row {row}, column {name!r}: the value is missing")
        for name, cell in zip(self._names, cells[: self._numeric], strict=False):
            self._numbers.append(self._number(row, name, cell))
        for label in cells[self._numeric :]:
            self._labels.append(self._places.setdefault(label, len(self._places)))
        if len(self._numbers) > MAX_NUMBERS:
            raise DocumentError(f"{self.file} holds more than {MAX_NUMBERS:,} numbers; choose fewer columns or rows")
        if len(self._places) > MAX_CLASSES:
            raise DocumentError(
                f"{self.file}, row {row}, column {self._names[-1]!r}: more than {MAX_CLASSES} different labels; "
                "a column of numbers is learnt by a regression"
            )

    def table(self, inputs: int) -> Table:
        numbers = np.frombuffer(self._numbers, np.float64).reshape(-1, self._numeric)
        if not len(numbers):
            raise DocumentError(f"{self.file} has a header but no row of data")
        labels, classes = np.array(self._labels, np.int64), ()
        if self._numeric < len(self._names):
            labels, classes = self._ordered(labels)
        return Table(frozen(numbers[:, :inputs]), frozen(numbers[:, inputs:]), frozen(labels, np.int64), classes)

    def _number(self, row: int, name: str, cell: str) -> float:
        try:
            value = real_number(cell)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        place = f"{self.file}, row {row}, column {name!r}"
        if _has_decimal_comma(cell):
            raise DecimalCommaError(f"{place}: {cell[:40]!r} is not a number; write decimals with a point")
        what = "is not a number" if math.isnan(value) else "is not finite"
        raise NotANumberError(f"{place}: {cell[:40]!r} {what}", name)

    def _ordered(self, labels: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
        """Returns labels numbered in the order of the classes, and the classes."""
        keys = _sort_keys(list(self._places))
        order = sorted(set(keys))
        if len(order) == 1:
            raise DocumentError(
                f"column {self._names[-1]!r} of {self.file} holds one class only, {next(iter(self._places))!r}; "
                "a classification needs at least two"
            )
        names = tuple(list(self._places)[keys.index(key)] for key in order)
        return np.array([order.index(key) for key in keys])[labels], names


def _sort_keys(labels: list[str]) -> list[Any]:
    """Returns what labels are sorted and told apart by: numbers where all of them are."""
    try:
        numbers = [real_number(label) for label in labels]
    except ValueError:
        return labels
    return numbers if all(map(math.isfinite, numbers)) else labels
