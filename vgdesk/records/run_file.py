"""The run file: what was trained and what was measured, as one JSON object.

    {"format": "vgdesk-run", "version": 3, "experiment": {...}, "history": {...}}

`experiment` is the exchange format of specs, `history` a `GradientHistory`; numbers round-trip exactly, and "-inf",
"inf" and "nan" stand as strings where JSON has no number. The older versions 1 and 2 are read (`run_rows`).
"""

import contextlib
import re
from pathlib import Path

import msgspec

from vgdesk.errors import DocumentError, SpecError
from vgdesk.records.codec import to_json
from vgdesk.records.history import GradientHistory
from vgdesk.records.recorded import BYTES_PER_NUMBER, LARGEST_RECORDING
from vgdesk.records.run_rows import history_from_json
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import LARGEST_FILE, absolute_path, read_document, shown_name
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.single_fields import require_single_fields

FORMAT = "vgdesk-run"
VERSION = 3
_LETTERS_PER_NUMBER = 28
"""A float64 is written with 24 characters at most (-2.2250738585072014e-308); a row of one number adds ",[]," to it."""
LARGEST_RUN = LARGEST_RECORDING // BYTES_PER_NUMBER * _LETTERS_PER_NUMBER + LARGEST_FILE
"""Bytes of a run's file: as many as the largest recording that a training may make takes when it is written."""
START_BYTES = 4096
_START = re.compile(rb'\s*\{\s*"format"\s*:\s*"%b"' % FORMAT.encode())


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    format: str
    version: int
    experiment: msgspec.Raw = msgspec.Raw(b"{}")
    history: msgspec.Raw = msgspec.Raw(b"{}")


class _Format(msgspec.Struct, frozen=True):
    format: str


class _Task(msgspec.Struct, frozen=True):
    path: str = ""


class _Studied(msgspec.Struct, frozen=True):
    task: _Task = _Task()


class _Named(_Studied, frozen=True):
    experiment: _Studied = _Studied()


def save_run(history: GradientHistory, experiment: Experiment) -> str:
    """Returns the text of a run file; the same run gives the same text."""
    return to_json({"format": FORMAT, "version": VERSION, "experiment": experiment, "history": history})


def begins_as_run(start: bytes) -> bool:
    """Whether the first bytes of a file are those that `save_run` writes."""
    return _START.match(start) is not None


def read_run_document(path: Path | str) -> str | bytes:
    """Returns what `read_document` does; a file that begins as a run may be as large as training makes one."""
    start = b""
    with contextlib.suppress(OSError, ValueError):  # `read_document` says what is wrong with the file
        if Path(path).is_file() and Path(path).stat().st_size > LARGEST_FILE:
            with Path(path).open("rb") as file:
                start = file.read(START_BYTES)
    return read_document(path, LARGEST_RUN, "a run") if begins_as_run(start) else read_document(path)


def is_run(text: str | bytes) -> bool:
    """Whether a text calls itself a run file; it may still be one that `load_run` refuses."""
    try:
        return msgspec.json.decode(text, type=_Format).format == FORMAT
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False


def looks_like_run(text: str | bytes) -> bool:
    """Whether a text is built as a run file, also one that lost its format: `load_run` says what is wrong with it."""
    if is_run(text):
        return True
    try:
        keys = msgspec.json.decode(text, type=dict[str, msgspec.Raw]).keys()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return {"experiment", "history"} <= keys


def table_of(text: str | bytes, folder: Path) -> Path | None:
    """Returns the data table that an experiment or a run names, without reading more of it; None without one.

    A relative path starts at `folder`, where the text stood.
    """
    try:
        named = msgspec.json.decode(text, type=_Named)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    path = named.task.path or named.experiment.task.path
    return Path(absolute_path(path, folder)) if path else None


def load_run(text: str | bytes, source: str) -> tuple[Experiment, GradientHistory]:
    """Reads what `save_run` wrote.

    Parameters
    ----------
    text
        Contents of the file.
    source
        What to call it in a message, e.g. the file's name.

    Raises
    ------
    DocumentError
        One sentence when the text is no run file, is cut off, comes from a newer vgdesk, or contradicts itself.
    """
    envelope = _opened(text, source)
    try:
        experiment = experiment_from_json(bytes(envelope.experiment), f"the experiment in {source}")
        require_single_fields(bytes(envelope.experiment), f"the experiment in {source}")
    except SpecError as error:
        raise DocumentError(str(error)) from None
    return experiment, history_from_json(bytes(envelope.history), envelope.version, experiment, source)


def _opened(text: str | bytes, source: str) -> _Envelope:
    try:
        envelope = msgspec.json.decode(text, type=_Envelope)
    except msgspec.ValidationError:
        raise DocumentError(
            f'{source} is not a run file: it must be a JSON object with "format": "{FORMAT}" and "version"'
        ) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise DocumentError(f"{source} is damaged or not a run file: {error}") from None
    if envelope.format != FORMAT:
        raise DocumentError(f"{source} is not a run file: its format is {envelope.format!r}, expected {FORMAT!r}")
    if envelope.version < 1:
        raise DocumentError(f"version of {source} must be at least 1, got {envelope.version}")
    if envelope.version > VERSION:
        raise DocumentError(
            f"{source} was written by a newer vgdesk: its version is {envelope.version}, this one reads up to {VERSION}"
        )
    allowed = _Envelope.__struct_fields__  # of every version; what a newer one may add has been told by its number
    if unknown := [name for name in msgspec.json.decode(text, type=dict[str, msgspec.Raw]) if name not in allowed]:
        raise DocumentError(f"{source}: unknown field {shown_name(unknown[0])}; allowed are {', '.join(allowed)}")
    return envelope
