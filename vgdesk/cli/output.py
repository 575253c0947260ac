"""How the command line speaks: results to standard output, progress and complaints to standard error."""

import json
import sys
from typing import Any

from rich.console import Console

from vgdesk.records.codec import number_to_json

console = Console(highlight=False)
progress_console = Console(stderr=True, highlight=False)


def say(text: str = "") -> None:
    """Writes a line to standard output exactly as it is: no markup, no wrapping."""
    sys.stdout.write(text + "\n")


def say_json(value: Any) -> None:
    """Writes one JSON object on one line; numbers that JSON lacks are the strings "nan", "inf", "-inf"."""
    say(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return number_to_json(value) if isinstance(value, float) else value
