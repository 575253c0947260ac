"""The bundled experiments, by name, in the order a newcomer meets them; and experiments in files."""

import codecs
import os
from pathlib import Path

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.reading import experiment_from_json

EXAMPLES = (
    "insurance",
    "insurance-sparse",
    "classic-chain",
    "chain-flat",
    "chain-exploding",
    "mazur",
    "digits-sigmoid-20",
    "digits-tanh-20",
    "digits-relu-20",
    "digits-sigmoid-100",
)

_MARKED = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Byte order marks, as Windows editors and PowerShell's `>` write them."""


def example(name: str) -> Experiment:
    """Returns a bundled experiment; raises `SpecError` that lists the names when there is none of that name."""
    if name not in EXAMPLES:
        raise SpecError(f"unknown example {_shown(name)}; the examples are {', '.join(EXAMPLES)}")
    path = resource("examples", f"{name}.json")
    return experiment_from_json(path.read_bytes(), path.name)


def is_file_name(name: str) -> bool:
    """Whether `name` means a file: no example, and it ends in .json or names an existing file."""
    return name not in EXAMPLES and (name.lower().endswith(".json") or os.path.isfile(name))


def find_experiment(name: str) -> Experiment:
    """Returns a bundled experiment, or reads the file when `name` ends in .json or names an existing file."""
    return experiment_from_json(read_document(name), name) if is_file_name(name) else example(name)


def read_document(name: str) -> str | bytes:
    """Returns a file's JSON: its bytes, or its text where a byte order mark tells the encoding.

    Raises
    ------
    SpecError
        One sentence when the file cannot be read, or is not in the encoding that its mark promises.
    """
    try:
        return decoded(Path(name).read_bytes())
    except UnicodeDecodeError as error:
        raise SpecError(f"{name} must be {error.encoding} text, but byte {error.start + 1} is not") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SpecError(f"cannot read the experiment {_shown(name)}: {reason}") from None


def decoded(content: bytes) -> str | bytes:
    """Returns the text after a byte order mark; bytes without one as they are. Raises `UnicodeDecodeError`."""
    for mark, encoding in _MARKED.items():
        if content.startswith(mark):
            return content.decode(encoding)
    return content


def _shown(name: str) -> str:
    return repr(name if len(name) <= 120 else f"{name[:60]}…{name[-20:]}")
