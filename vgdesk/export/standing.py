"""What stands where a file is to be written, and whether the new one may take its place.

A file gives way to one of its own kind: a run to a run, an experiment to an experiment, a PNG picture to a PNG picture,
a table to a table whose first two columns have the same names. Everything else stays: a list of measurements is never
replaced by a profile, a recorded run never by an experiment. The kind is read from the contents, not from the name; an
empty file is of every kind.
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from vgdesk.errors import ExportError
from vgdesk.records.run_file import START_BYTES, begins_as_run, is_run
from vgdesk.spec.files import decoded

RUN, EXPERIMENT = "a recorded run", "an experiment"
PICTURES = {".png": "a PNG picture", ".svg": "an SVG drawing", ".pdf": "a PDF document"}
_DERIVATION, _PROGRAM, _UNKNOWN = "a derivation", "a program of a derivation", "something else"
_EXPERIMENT_KEYS = frozenset(("name", "network", "task"))
_TABLE_COLUMNS = 2
_LONGEST_NAME = 30
_FIRST_LINE = re.compile(rb"[^\r\n]*")
_STARTS = (
    (b"\x89PNG", PICTURES[".png"]),
    (b"%PDF", PICTURES[".pdf"]),
    (b"PK\x03\x04", "an archive of arrays"),
    (b"#heading(", _DERIVATION),
    (b"<article", _DERIVATION),
)


def table_kind(header: Sequence[str]) -> str:
    """Returns what a table with these columns is called: its kind hangs on the first two."""
    return f"a table of {', '.join(name[:_LONGEST_NAME] for name in header[:_TABLE_COLUMNS])}"


def kind_of(content: bytes, suffix: str) -> str:
    """Returns what contents are, in words; `suffix` (".csv") tells tables from other text."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    first = _first_line(content)
    if suffix == ".svg":
        return PICTURES[suffix] if b"<svg" in content[:2000] else _UNKNOWN
    if suffix == ".json":
        return _json_kind(content)
    if suffix == ".csv":
        return table_kind(next(csv.reader([first]), []))
    if first.endswith("(vgdesk)."):
        return _PROGRAM if first.startswith("#") else _DERIVATION
    return _DERIVATION if "∂L/∂" in first or "gradient of L by" in first else _UNKNOWN


def require_replaceable(path: Path, kind: str) -> bool:
    """Returns whether a file of this kind stands at `path`, which a new one of the kind may replace.

    Raises
    ------
    ExportError
        When what stands there is of another kind.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return False
    found = _kind_of_file(path)
    if found != kind:
        raise ExportError(f"cannot write '{path}': {found} stands there, not {kind}; choose another name")
    return True


def _kind_of_file(path: Path) -> str:
    """Returns the kind of a file, read no further than needed: a run may hold many megabytes, and says so at once."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(START_BYTES)
        if suffix != ".json":
            return kind_of(start, suffix)
        return RUN if begins_as_run(start) else kind_of(start + file.read(), suffix)


def _first_line(content: bytes) -> str:
    line = _FIRST_LINE.match(content.removeprefix(b"\xef\xbb\xbf"))
    return line[0].decode("utf-8", "replace") if line else ""


def _json_kind(content: bytes) -> str:
    if is_run(content):
        return RUN
    try:
        keys = tuple(msgspec.json.decode(decoded(content), type=dict[str, msgspec.Raw]))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _UNKNOWN
    if keys and _EXPERIMENT_KEYS.issubset(keys):
        return EXPERIMENT
    if not keys:
        return "an empty JSON object"
    return f"a JSON object of {', '.join(key[:_LONGEST_NAME] for key in keys[:3])}"
