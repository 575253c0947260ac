"""How the command line speaks: results to standard output, progress and complaints to standard error."""

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from vgdesk.errors import printable
from vgdesk.export.files import has_replaced
from vgdesk.records.codec import number_to_json


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise  # rich calls this while it handles the BrokenPipeError; the door knows what to do


console = _Console(highlight=False)
progress_console = _Console(stderr=True, highlight=False)


def say(text: str = "") -> None:
    """Writes a line to standard output exactly as it is: no markup, no wrapping."""
    sys.stdout.write(text + "\n")


def say_aside(text: str) -> None:
    """Writes a line to standard error: what is worth knowing beside the results, which may be one JSON object."""
    sys.stderr.write(printable(text) + "\n")


def can_say(text: str) -> bool:
    """Whether standard output has these characters."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def say_json(value: Any) -> None:
    """Writes one JSON object on one line of ASCII; numbers that JSON lacks are the strings "nan", "inf", "-inf"."""
    say(json_text(value))


def json_text(value: Any) -> str:
    """Returns what `say_json` writes."""
    return json.dumps(_plain(value), ensure_ascii=True, allow_nan=False)


def say_written(kind: str, path: Path, json: bool, note: str = "", **more: Any) -> None:
    """Tells which file was written, and whether it replaced another; `note` ends the line, `more` the JSON object."""
    if json:
        replaced = has_replaced(path)
        say_json({"kind": kind, "file": str(path), "bytes": path.stat().st_size, "replaced": replaced, **more})
    else:
        say(written_words(path) + note)


def written_words(path: Path) -> str:
    """Returns "wrote profile.svg", or "replaced profile.svg" where a file of that name had to give way."""
    return f"{'replaced' if has_replaced(path) else 'wrote'} {path}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return number_to_json(value) if isinstance(value, float) else value
