"""Turns the words of a command line into values; every misfit is one sentence.

A *source* is what a person may name: a bundled example, an experiment's file, or where a run will do, a run's file.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from vgdesk.errors import DocumentError, ExportError, SpecError, VgdeskError
from vgdesk.export.files import check_writable, checked_suffix, shown
from vgdesk.export.standing import PICTURES, require_replaceable
from vgdesk.records.history import GradientHistory
from vgdesk.records.run_file import load_run, looks_like_run, read_run_document, table_of
from vgdesk.spec.base import Spec, require_choice
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import find_experiment, is_file_name
from vgdesk.spec.optimiser import OPTIMISERS, Optimiser
from vgdesk.spec.typed import named_number, whole_number

Kind = TypeVar("Kind", bound=Spec)


def chosen_experiment(
    name: str | Experiment,
    steps: int | None = None,
    seed: int | None = None,
    precision: str | None = None,
    learning_rate: float | None = None,
    *,
    held_out: float | None = None,
    batch_size: int | None = None,
    optimiser: str | None = None,
    clip_norm: float | None = None,
) -> Experiment:
    """Returns a bundled experiment, the one in a file, or the given one, with the given fields replaced."""
    experiment = name if isinstance(name, Experiment) else found_experiment(name)
    training = experiment.training
    training = _replaced(training, held_out=held_out, batch_size=batch_size, steps=steps, precision=precision)
    rule = training.optimiser if optimiser is None else _named_rule(optimiser, training.optimiser)
    rule = _replaced(rule, learning_rate=learning_rate)
    training = msgspec.structs.replace(training, optimiser=rule)
    if clip_norm is not None:
        with option_named("--clip-norm", "maximum"):
            training = msgspec.structs.replace(training, clipping=ClipByNorm(maximum=clip_norm))
    return _replaced(msgspec.structs.replace(experiment, training=training), seed=seed)


def _replaced(spec: Kind, **values: object) -> Kind:
    """Returns the spec with some fields replaced; None leaves a field as it is."""
    return msgspec.structs.replace(spec, **{name: value for name, value in values.items() if value is not None})


@contextmanager
def option_named(option: str, field: str) -> Iterator[None]:
    """Lets a complaint about a field, "maximum must be ...", name the option that was typed in its place."""
    try:
        yield
    except SpecError as error:
        if not str(error).startswith(f"{field} must"):
            raise
        raise SpecError(f"{option}{str(error).removeprefix(field)}") from None


@contextmanager
def options_named(arguments: Collection[str]) -> Iterator[None]:
    """Does the same for every field that is called as an option among the arguments: "--batch-size must be ..."."""
    try:
        yield
    except SpecError as error:
        field, _, rest = str(error).partition(" must ")
        option = f"--{field.replace('_', '-')}"
        if type(error) is not SpecError or not any(word.partition("=")[0] == option for word in arguments):
            raise
        raise SpecError(f"{option} must {rest}") from None


def found_experiment(name: str) -> Experiment:
    """Returns a bundled experiment or the one in a file; a file with a run in it is refused by what it is."""
    if is_run_file(name):
        raise SpecError(f"{shown(name)} is a recorded run, not an experiment; `vgdesk export` makes pictures of it")
    return find_experiment(name)


def _named_rule(name: str, former: Optimiser) -> Optimiser:
    """Returns a ready-made rule; it keeps the learning rate of a rule of its own kind, for rates differ by kind."""
    require_choice("--optimiser", name, OPTIMISERS)
    rule = OPTIMISERS[name]
    if type(rule) is type(former):
        return msgspec.structs.replace(rule, learning_rate=former.learning_rate)
    return rule


def is_run_file(source: str) -> bool:
    """Whether the source is a file with a run in it."""
    return is_file_name(source) and looks_like_run(read_run_document(source))


def recorded_run(source: str) -> tuple[Experiment, GradientHistory]:
    """Returns the run in a file; one without any recorded step shows nothing and is refused."""
    experiment, history = load_run(read_run_document(source), source)
    if history.rows == 0:
        raise DocumentError(f"{shown(source)} is a run without a recorded step, so there is nothing to export")
    return experiment, history


def output_path(text: str) -> Path:
    """Returns the path after an option such as --out."""
    if not text:
        raise ExportError("cannot write '': it names no file")
    try:
        return Path(text).expanduser()  # what a shell leaves of --out=~/run.json
    except RuntimeError:
        raise ExportError(
            f"cannot write {shown(text)}: there is no such user; choose a file in a writable folder"
        ) from None


def check_output(out: Path, suffixes: Collection[str], source: str = "", kind: str = "") -> None:
    """Raises `ExportError` before long work begins when `out` cannot be written.

    Parameters
    ----------
    source
        What is read; neither it nor the data table that it names is ever written.
    kind
        What the file will hold (`vgdesk.export.standing`), where its suffix does not tell: only that is replaced.
    """
    suffix = checked_suffix(out, suffixes)
    check_writable(out)
    if out.exists():
        require_unread(out, source)
    if wanted := PICTURES.get(suffix, kind):
        require_replaceable(out, wanted)


def require_different(written: Mapping[str, Path | None], read: Mapping[str, Path | None] | None = None) -> None:
    """Raises `ExportError` before anything is done where two options name one file, whatever links lead there.

    Parameters
    ----------
    written, read
        Option -> the file that it writes or reads; None where it was not given.
    """
    taken = {path.resolve(): (option, path) for option, path in (read or {}).items() if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        former, same = taken.setdefault(path.resolve(), (option, path))
        if former != option:
            got = f"{shown(path)} for both" if same == path else f"{shown(same)} and {shown(path)}, which are one"
            raise ExportError(f"{former} and {option} must be two files, got {got}")


def require_unread(out: Path, source: str) -> None:
    """Raises `ExportError` where an existing file is the source, or the data table that the source names."""
    if not is_file_name(source) or not os.path.isfile(source):
        return
    if os.path.samefile(out, source):
        raise ExportError(f"cannot write {shown(out)}: it is the file that is read; choose another name")
    table = _table_named_in(source)
    if table is not None and table.exists() and os.path.samefile(out, table):
        raise ExportError(
            f"cannot write {shown(out)}: it is the data table of {shown(source)}, which is read; choose another name"
        )


def _table_named_in(source: str) -> Path | None:
    try:
        return table_of(read_run_document(source), Path(source).parent)
    except SpecError:
        return None  # no document, as a CSV file of any size is none; whoever reads it says what is wrong


def names_in(option: str, text: str | None, kind: str) -> list[str]:
    """Returns the names in "a,b", none where the option was not given; one that was given must name something."""
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    if text is not None and not names:
        raise SpecError(f"{option} must name {kind}, got {text!r}")
    return names


def integer(option: str) -> Callable[[str | int], int]:
    """Returns a reader of whole numbers that names its option when it meets something else."""

    def read(text: str | int) -> int:
        try:
            return whole_number(text) if isinstance(text, str) else text
        except ValueError:
            raise VgdeskError(f"{option} must be an integer, got {str(text)[:80]!r}") from None

    return read


def number(option: str) -> Callable[[str | float], float]:
    """Returns a reader of numbers that names its option when it meets something else."""

    def read(text: str | float) -> float:
        try:
            return named_number(option, text) if isinstance(text, str) else text
        except SpecError as error:
            raise VgdeskError(str(error)) from None  # of a ValueError typer would make a sentence of its own around it

    return read
