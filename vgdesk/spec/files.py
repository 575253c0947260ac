"""Experiments in files. A CSV file that an experiment names by a relative path lies beside the experiment's file."""

import codecs
import os
import stat
from pathlib import Path

import msgspec

from vgdesk.errors import SpecError, shortened
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.single_fields import require_single_fields
from vgdesk.spec.table import CsvTable

LARGEST_FILE = 64 * 2**20
_MARKED = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Byte order marks, as Windows editors and PowerShell's `>` write them."""


def read_experiment(path: Path | str) -> Experiment:
    """Reads an experiment; the path of its CSV file, if it has one, becomes absolute.

    Raises
    ------
    SpecError
        When the file cannot be read or holds no experiment; one sentence with the place.
    """
    text = read_document(path)
    experiment = experiment_from_json(text, str(path))
    require_single_fields(text, str(path))
    task = experiment.task
    if not isinstance(task, CsvTable):
        return experiment
    return _with_path(experiment, task, absolute_path(task.path, Path(path).parent))


def read_document(path: Path | str, largest: int = LARGEST_FILE, noun: str = "an experiment") -> str | bytes:
    """Returns a file's JSON: its bytes, or its text where a byte order mark tells the encoding.

    Parameters
    ----------
    path
        The file.
    largest
        Bytes that it may have.
    noun
        What may have so many.

    Raises
    ------
    SpecError
        One sentence when the file cannot be read, is too large, or is not in the encoding that its mark promises.
    """
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):  # reading a pipe would wait for ever
            raise SpecError(f"{shown_name(str(path))} is not a regular file")
        if about.st_size > largest:
            most = f"{largest / 10**9:.1f} GB" if largest >= 10**9 else f"{largest >> 20} MB"
            raise SpecError(f"{noun} must be at most {most}, got {shown_name(Path(path).name)}")
        return decoded(Path(path).read_bytes())
    except SpecError:
        raise
    except UnicodeDecodeError as error:
        raise SpecError(f"{path} must be {error.encoding} text, but byte {error.start + 1} is not") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SpecError(f"cannot read the experiment {shown_name(str(path))}: {reason}") from None


def decoded(content: bytes) -> str | bytes:
    """Returns the text after a byte order mark; bytes without one as they are. Raises `UnicodeDecodeError`."""
    for mark, encoding in _MARKED.items():
        if content.startswith(mark):
            return content.decode(encoding)
    return content


def experiment_text(experiment: Experiment, folder: Path) -> str:
    """Returns an experiment as JSON for a file in `folder`: the path of a CSV file within that folder is relative."""
    task = experiment.task
    if not isinstance(task, CsvTable):
        return experiment_to_json(experiment)
    place, root = Path(absolute_path(task.path)), Path(os.path.abspath(folder))
    inside = place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)
    return experiment_to_json(_with_path(experiment, task, inside))


def absolute_path(path: str, folder: Path | None = None) -> str:
    """Returns a path from the root on; a relative one starts at `folder`, by default where the program runs."""
    return os.path.abspath(os.path.join(folder or "", os.path.expanduser(path)))


def shown_name(name: str) -> str:
    """Returns a name for a sentence: in quotes, and shortened where it is very long."""
    return repr(shortened(name))


def _with_path(experiment: Experiment, task: CsvTable, path: str) -> Experiment:
    return msgspec.structs.replace(experiment, task=msgspec.structs.replace(task, path=path))
