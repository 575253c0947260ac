"""Experiments in files. A CSV file that an experiment names by a relative path lies beside the experiment's file."""

import os
from pathlib import Path

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.table import CsvTable

LARGEST_FILE = 64 * 2**20


def read_experiment(path: Path | str) -> Experiment:
    """Reads an experiment; the path of its CSV file, if it has one, becomes absolute.

    Raises
    ------
    SpecError
        When the file cannot be read or holds no experiment; one sentence with the place.
    """
    try:
        if os.stat(path).st_size > LARGEST_FILE:
            raise SpecError(f"an experiment must be at most {LARGEST_FILE >> 20} MB, got {Path(path).name!r}")
        text = Path(path).read_bytes()
    except OSError as error:
        raise SpecError(f"cannot read the experiment {str(path)!r}: {error.strerror}") from None
    experiment = experiment_from_json(text, str(path))
    task = experiment.task
    if not isinstance(task, CsvTable):
        return experiment
    return _with_path(experiment, task, absolute_path(task.path, Path(path).parent))


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


def _with_path(experiment: Experiment, task: CsvTable, path: str) -> Experiment:
    return msgspec.structs.replace(experiment, task=msgspec.structs.replace(task, path=path))
