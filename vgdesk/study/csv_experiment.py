"""Use case: a person's CSV file becomes an experiment that can be trained at once.

What is not said is chosen: every other column of numbers is an input; the target is a class where it holds words or at
most `FEW_CLASSES` different whole numbers, else a number to be predicted, and a word among more numbers than words is a
slip; two classes get one sigmoid output, more get a softmax, numbers get the mean squared error.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from vgdesk.errors import DocumentError, SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import absolute_path
from vgdesk.spec.library import EXAMPLES
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.spec.table import CsvTable
from vgdesk.spec.training import Sgd, Training
from vgdesk.spec.typed import whole_number
from vgdesk.training.csv_file import column_places, likely_delimiter, read_header, require_clear_header
from vgdesk.training.csv_table import (
    DecimalCommaError,
    NotANumberError,
    Table,
    is_mostly_numbers,
    number_columns,
    read_table,
)
from vgdesk.training.data import load_parts

FEW_CLASSES = 10
BATCH, STEPS, RATE = 32, 1000, 0.1


def experiment_from_csv(
    path: str,
    target: Sequence[str],
    inputs: Sequence[str] = (),
    *,
    goal: str | None = None,
    hidden: Sequence[int] = (16, 16),
    activation: str = "tanh",
    delimiter: str | None = None,
    standardise: bool = True,
    held_out: float = 0.2,
) -> Experiment:
    """Returns an experiment on the columns of a file, which has been read once to see that it fits.

    Parameters
    ----------
    target, inputs
        Names of columns; no inputs means all columns of numbers but the target.
    goal
        "classification", "regression", or None to choose by what the target holds.
    hidden, activation
        Widths and activation of the hidden layers.
    delimiter
        What separates the columns; None to recognise it.
    standardise, held_out
        As in `CsvTable` and `Training`.

    Raises
    ------
    DocumentError, SpecError
        When the file or the choice does not fit; one sentence.
    """
    place = absolute_path(path)
    mark = likely_delimiter(place) if delimiter is None else delimiter
    header = read_header(place, mark)
    column_places(header, tuple(target), place, mark)
    chosen = tuple(inputs) or _all_numbers(place, mark, target)
    wanted = goal or ("regression" if len(target) > 1 else "classification")
    task = CsvTable(
        path=place, inputs=chosen, target=tuple(target), goal=wanted, standardise=standardise, delimiter=mark
    )
    task, table = _read(task, may_change_goal=goal is None and len(target) == 1)
    experiment = _experiment(task, table, hidden, activation, held_out)
    load_parts(experiment)  # whether every column can be standardised shows only now
    return experiment


def _all_numbers(path: str, delimiter: str, target: Sequence[str]) -> tuple[str, ...]:
    """Returns every column of numbers but the target; all columns must be told apart by their names."""
    require_clear_header(path, delimiter)
    found = tuple(name for name in number_columns(path, delimiter) if name not in target)
    if not found:
        raise DocumentError(f"{Path(path).name} has no column of numbers besides {', '.join(target)} to learn from")
    return found


def hidden_widths(text: str) -> list[int]:
    """Returns the widths in "16,16"; nothing at all means no hidden layer."""
    try:
        return [whole_number(width) for width in text.split(",")] if text.strip() else []
    except ValueError:
        raise SpecError(f"hidden must list widths like 16,16, got {text!r}") from None


def _read(task: CsvTable, may_change_goal: bool) -> tuple[CsvTable, Table]:
    """Returns the table; one whose target looks like numbers to predict is read as a regression where that is open."""
    if not may_change_goal:
        return task, read_table(task)
    regression = msgspec.structs.replace(task, goal="regression")
    try:
        table = read_table(regression)
    except DecimalCommaError:
        raise  # numbers to be predicted, not words
    except NotANumberError as error:
        if error.column in task.target and is_mostly_numbers(task.path, task.delimiter, error.column):
            raise DocumentError(
                f"{error}; correct it, or choose classification where the column holds labels"
            ) from None
        return task, read_table(task)
    except DocumentError:
        return task, read_table(task)  # a file that is refused either way
    values = np.unique(table.targets)
    if len(values) <= FEW_CLASSES and np.array_equal(values, np.round(values)):
        return task, read_table(task)
    return regression, table


def _experiment(task: CsvTable, table: Table, hidden: Sequence[int], activation: str, held_out: float) -> Experiment:
    classes = len(table.classes)
    loss, output, width = "softmax-cross-entropy", "identity", classes
    if task.is_regression:
        loss, width = "mse", len(task.target)
    elif classes == 2:
        loss, output, width = "bce", "sigmoid", 1
    layers = tuple(DenseLayer(width=units, activation=activation) for units in hidden)
    training = Training(optimiser=Sgd(learning_rate=RATE), steps=STEPS, held_out=held_out)
    trained = len(table.inputs) - training.held_out_of(len(table.inputs))
    stem = Path(task.path).stem
    return Experiment(
        name=_name(stem),
        title=f"{stem[:40]}: {', '.join(task.target)[:40]} from {_counted(len(task.inputs), 'column')}",
        network=FeedForward(
            inputs=len(task.inputs),
            layers=(*layers, DenseLayer(width=width, activation=output)),
            input_names=_input_names(task.inputs),
        ),
        task=task,
        loss=loss,
        training=msgspec.structs.replace(training, batch_size=BATCH if trained > BATCH else None),
    )


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _name(stem: str) -> str:
    letters = "".join(letter if letter.islower() or letter.isdigit() else "-" for letter in stem.lower())
    name = letters.strip("-")[:50] or "table"
    return f"{name}-table" if name in EXAMPLES else name


def _input_names(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the columns' names where a network can carry them, else none."""
    return columns if all(name.isprintable() and len(name) <= 40 for name in columns) else ()
