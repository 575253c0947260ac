"""The table of a sweep on the disk (CSV): a row is added as soon as its experiment is done, so a kill loses nothing.

Columns are the varied fields, then those of `SweepRow`, which say by `cell` to which experiment they belong. A sweep
that is started again reads what is there, leaves out what is done, and adds the rest; a last line that a kill has cut
is taken away first. When all is done the rows are put into the order of the axes.

A table is of one experiment: rows of it with other values along the axes stay, rows of another experiment, or of the
same one with other settings, are refused, since nothing in a row but `cell` would tell them apart.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from vgdesk.errors import DocumentError, SpecError
from vgdesk.records.history import RunOutcome
from vgdesk.records.sweep import SweepRow
from vgdesk.spec.files import shown_name
from vgdesk.spec.sweep import Sweep, cells, identity
from vgdesk.spec.sweep_words import read_value
from vgdesk.spec.vary import Value, varied

_FIELDS = SweepRow.__struct_fields__


def column_of(field: str) -> str:
    """Returns the column of a varied field: its name, or "varied_steps" where a result is called so already."""
    return f"varied_{field}" if field in _FIELDS else field


class SweepFile:
    """Is the table of one sweep.

    Raises
    ------
    DocumentError
        When a file stands there that is no table of these axes, or one of another experiment; it stays as it is.
    """

    def __init__(self, path: Path, sweep: Sweep) -> None:
        self._path, self._sweep = path, sweep
        self._header = [*(column_of(axis.field) for axis in sweep.axes), *_FIELDS]
        self._points: dict[str, list[tuple[str, ...]]] = {}
        self._order: list[tuple[str, ...]] = []
        for values, experiment in cells(sweep):
            point = tuple(map(str, values))
            self._points.setdefault(identity(experiment), []).append(point)
            self._order.append(point)
        self._others: list[list[str]] = []
        self.rows: dict[str, SweepRow] = {}
        if path.exists() and path.stat().st_size:
            self._read()
        else:
            self._write([])

    @property
    def size(self) -> int:
        """Number of different experiments in the sweep."""
        return len(self._points)

    @property
    def done(self) -> set[str]:
        """Identities of the experiments of this sweep that are in the table."""
        return set(self.rows)

    def points_of(self, cell: str) -> tuple[tuple[str, ...], ...]:
        """Returns where an experiment stands: the values along the axes, as the table writes them."""
        return tuple(self._points[cell])

    def add(self, row: SweepRow) -> None:
        """Adds the row of an experiment, once for every point of the sweep that is this experiment."""
        if row.cell in self.rows:
            return
        self.rows[row.cell] = row
        with self._path.open("a", encoding="utf-8", newline="") as file:
            file.write(_lines(self._of(row)))

    def finish(self) -> None:
        """Puts the rows into the order of the axes; those of other sweeps that stand in the file follow."""
        places = {point: place for place, point in enumerate(self._order)}
        own = [line for row in self.rows.values() for line in self._of(row)]
        own.sort(key=lambda line: places[tuple(line[: -len(_FIELDS)])])
        self._write([*own, *self._others])

    def _of(self, row: SweepRow) -> list[list[str]]:
        return [
            [*map(str, point), *(_text(getattr(row, name)) for name in _FIELDS)] for point in self._points[row.cell]
        ]

    def _read(self) -> None:
        text = self._whole_lines()
        header, *lines = csv.reader(io.StringIO(text))
        if header != self._header:
            raise DocumentError(
                f"{self._path.name} holds another table, with the columns {', '.join(header)[:200]}; "
                f"a sweep of these fields needs {', '.join(self._header[: -len(_FIELDS)])} first"
            )
        for line in lines:
            row = _row(dict(zip(header, line, strict=False)), self._path.name)
            if row.cell in self._points:
                self.rows[row.cell] = row
            else:
                self._require_same_experiment(line, row.cell)
                self._others.append(line)

    def _require_same_experiment(self, line: Sequence[str], cell: str) -> None:
        """Raises `DocumentError` unless a row is this experiment with other values along the axes."""
        experiment, fields = self._sweep.experiment, [axis.field for axis in self._sweep.axes]
        try:
            for field, text in zip(fields, line, strict=False):
                experiment = varied(experiment, field, read_value(text))
        except SpecError:
            pass  # values that this experiment cannot have: it is not the one of the row
        if identity(experiment) != cell:
            point = ", ".join(f"{field} {text[:40]}" for field, text in zip(fields, line, strict=False))
            raise DocumentError(
                f"{self._path.name} holds the table of another sweep: its row of {point} is of another experiment than "
                f"{self._sweep.experiment.name}, or of other settings such as --steps; choose another file"
            )

    def _whole_lines(self) -> str:
        """Returns the text of the file up to its last whole line, and cuts what a kill has left behind it."""
        try:
            content = self._path.read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            text = whole.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentError(f"{self._path.name} cannot be read as a table: {_reason(error)}") from None
        if not text.startswith(",".join(self._header[:1])):
            raise DocumentError(f"{self._path.name} holds something else than the table of this sweep")
        if len(whole) < len(content):
            with self._path.open("r+b") as file:
                file.truncate(len(whole))
        return text

    def _write(self, lines: list[list[str]]) -> None:
        beside = self._path.with_name(self._path.name + ".part")
        try:
            beside.write_text(_lines([self._header, *lines]), encoding="utf-8", newline="")
            beside.replace(self._path)
        except OSError as error:
            raise DocumentError(f"{self._path} cannot be written: {error.strerror or error}") from None


def read_table(path: Path) -> list[dict[str, str]]:
    """Returns the rows of a sweep's table, column by column as text.

    Raises
    ------
    DocumentError
        When the file cannot be read, or is none.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # reading a pipe would wait for ever
            raise DocumentError(f"{shown_name(str(path))} is not a regular file")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path} cannot be read as a table: {_reason(error)}") from None
    if not rows or any(name not in rows[0] for name in _FIELDS):
        raise DocumentError(f"{path.name} is no table of a sweep, or an empty one")
    return rows


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """Returns the system's words without number and path, or where the text is none."""
    if isinstance(error, UnicodeDecodeError):
        return f"it must be {error.encoding} text, but byte {error.start + 1} is not"
    return (error.strerror or str(error)).lower()


def averaged_over(rows: Sequence[Mapping[str, str]], fields: Sequence[str], name: str) -> dict[str, int]:
    """Returns over how many values of which other columns a map of two columns has to average.

    Raises
    ------
    DocumentError
        When the table holds two trainings that only `cell` tells apart: a mean over them would mean nothing.
    """
    varying = [column for column in rows[0] if column not in _FIELDS]
    points = {tuple(row[column] for column in varying): row["cell"] for row in rows}
    for row in rows:
        point = tuple(row[column] for column in varying)
        if points[point] != row["cell"]:
            where = ", ".join(f"{column} {text}" for column, text in zip(varying, point, strict=True))
            raise DocumentError(f"{name} holds the rows of more than one sweep: two different trainings of {where}")
    counts = {column: len({row[column] for row in rows}) for column in varying if column not in fields}
    return {column: count for column, count in counts.items() if count > 1}


def _row(line: Mapping[str, str], name: str) -> SweepRow:
    try:
        return SweepRow(
            cell=line["cell"],
            outcome=RunOutcome(line["outcome"]),
            steps=int(line["steps"]),
            **{field: float(line[field]) for field in _FIELDS[3:]},
        )
    except (KeyError, ValueError, TypeError):
        raise DocumentError(
            f"{name} has a line that is no row of a sweep: {','.join(map(str, line.values()))[:120]}"
        ) from None


def _text(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def axis_values(rows: Sequence[Mapping[str, str]], field: str) -> list[Value]:
    """Returns the values that a column holds, each once: numbers in order, words as they come."""
    found = list(dict.fromkeys(row[field] for row in rows))
    try:
        return [value for _, value in sorted((float(text), _number(text)) for text in found)]
    except ValueError:
        return list(found)


def _number(text: str) -> Value:
    return int(text) if text.lstrip("-").isdigit() else float(text)
