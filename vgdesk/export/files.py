"""Writes a file whole or not at all.

The bytes go to a temporary neighbour first, which then takes the name in one step (`os.replace`). Whatever goes wrong
before that, a file that stood there is untouched, and the neighbour is removed. A file gives way only to one of its
own kind (`vgdesk.export.standing`).
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Collection
from pathlib import Path

from vgdesk.errors import ExportError
from vgdesk.export.standing import kind_of, require_replaceable

_replaced: set[Path] = set()
"""Files that this process has written over others, so that whoever reports a file can say so."""


def write_file(path: Path | str, content: bytes) -> None:
    """Writes `content` to `path`, replacing a regular file of the same kind that stands there.

    A link is followed, and a replaced file keeps its permissions.

    Raises
    ------
    ExportError
        When the folder is missing or not writable, or when the target is a folder, a device, write-protected or of
        another kind.
    """
    target = Path(path).expanduser()
    try:
        target = target.resolve()
        mode = _mode_of_target(target)
        is_replaced = require_replaceable(target, kind_of(content, target.suffix.lower()))
        _replace(target, content, mode)
    except (OSError, RuntimeError, ValueError) as error:
        raise ExportError(f"cannot write {shown(path)}: {_reason(error)}; choose a file in a writable folder") from None
    (_replaced.add if is_replaced else _replaced.discard)(target)


def has_replaced(path: Path | str) -> bool:
    """Whether this process, when it last wrote `path`, replaced what stood there."""
    return Path(path).expanduser().resolve() in _replaced


def check_writable(path: Path | str) -> None:
    """Raises `ExportError` before long work begins when `write_file` could not write there afterwards."""
    target = Path(path).expanduser()
    try:
        target = target.resolve()
        _mode_of_target(target)
        if not os.access(target.parent, os.W_OK):
            raise OSError(f"the folder {shown(target.parent)} is not writable")
    except (OSError, RuntimeError, ValueError) as error:
        raise ExportError(f"cannot write {shown(path)}: {_reason(error)}; choose a file in a writable folder") from None


def checked_suffix(path: Path | str, allowed: Collection[str]) -> str:
    """Returns the lower-case suffix of `path` (".png"), which must be one of `allowed`.

    Raises
    ------
    ExportError
        When the suffix is missing or another one; the sentence lists the allowed ones.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in allowed:
        named = f"the suffix {suffix!r} is not a known format" if suffix else "it has no suffix"
        raise ExportError(f"cannot write {shown(path)}: {named}; use one of {', '.join(allowed)}")
    return suffix


def shown(path: Path | str) -> str:
    """Returns a path for a sentence: in quotes, on one line whatever characters it contains."""
    text = str(path)
    return f"'{text}'" if text.isprintable() else repr(text)


def _mode_of_target(target: Path) -> int:
    """Returns the permissions the written file gets; raises OSError with a sentence where it must not be written."""
    if not target.parent.is_dir():
        raise OSError(f"the folder {shown(target.parent)} does not exist")
    if not target.exists():
        return 0o666 & ~_umask()
    if target.is_dir():
        raise OSError("it is a folder, not a file")
    if not target.is_file():
        raise OSError("it is not a regular file")
    if not os.access(target, os.W_OK):
        raise OSError("the file is write-protected")
    return stat.S_IMODE(target.stat().st_mode)


def _replace(target: Path, content: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=".vgdesk-", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as neighbour:
            neighbour.write(content)
            neighbour.flush()
            os.fsync(neighbour.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    """Returns the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _reason(error: Exception) -> str:
    """Returns our own sentence, or the system's ("Permission denied") without number and path."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
