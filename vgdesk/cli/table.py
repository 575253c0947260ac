"""`vgdesk train FILE.csv`: the words about columns become an experiment."""

from dataclasses import dataclass, fields
from pathlib import Path

from vgdesk.cli.options import found_experiment
from vgdesk.cli.output import say_aside
from vgdesk.errors import SpecError, shortened
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import EXAMPLES
from vgdesk.spec.table import DELIMITERS, CsvTable

SUFFIXES = (".csv", ".tsv")
MOST_NAMED = 12


@dataclass(frozen=True)
class TableWords:
    """Holds what was said about a CSV file on the command line; None where nothing was said."""

    target: str | None = None
    inputs: str | None = None
    classification: bool | None = None
    hidden: str | None = None
    delimiter: str | None = None
    standardise: bool | None = None

    @property
    def said(self) -> list[str]:
        """Names of what was said."""
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]


def spoken_experiment(name: str, words: TableWords, held_out: float | None = None) -> Experiment:
    """Returns a bundled experiment, the one in a JSON file, or one on the columns of a CSV file."""
    if Path(name).suffix.lower() in SUFFIXES or (words.target is not None and _may_be_table(name)):
        return _from_table(name, words, 0.2 if held_out is None else held_out)
    if words.said:
        raise SpecError(f"--{words.said[0]} goes with a CSV file, got {name!r}")
    return found_experiment(name)


def _may_be_table(name: str) -> bool:
    """Whether a name without a table's ending can mean one: "results.txt", but no example and no experiment's file."""
    return name != "" and name not in EXAMPLES and Path(name).suffix.lower() != ".json"


def _from_table(path: str, words: TableWords, held_out: float) -> Experiment:
    from vgdesk.spec.files import absolute_path
    from vgdesk.study.csv_experiment import experiment_from_csv, hidden_widths
    from vgdesk.training.csv_file import likely_delimiter, read_header

    delimiter = _delimiter(words.delimiter)
    place = absolute_path(path)
    header = read_header(place, delimiter or likely_delimiter(place))
    if words.target is None:
        raise SpecError(f"--target must name a column of {Path(path).name}, which has {', '.join(header)}")
    experiment = experiment_from_csv(
        path,
        _names("--target", words.target, header),
        () if words.inputs is None else _names("--inputs", words.inputs, header),
        goal={None: None, True: "classification", False: "regression"}[words.classification],
        hidden=hidden_widths("16,16" if words.hidden is None else words.hidden),
        delimiter=delimiter,
        standardise=words.standardise is not False,
        held_out=held_out,
    )
    if words.inputs is None and isinstance(experiment.task, CsvTable):
        _tell_left_out(header, experiment.task)
    return experiment


def _tell_left_out(header: list[str], task: CsvTable) -> None:
    """Says which columns are no inputs because they hold text; nobody has chosen that."""
    names = [name for name in header if name not in (*task.inputs, *task.target)]
    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        kind = "a column" if len(names) == 1 else "columns"
        say_aside(f"left out, as {kind} of text: {', '.join(map(shortened, names[:MOST_NAMED]))}{more}")


def _names(option: str, text: str, header: list[str]) -> list[str]:
    """Returns the columns named in "a,b"; a column whose own name holds a comma can be named alone."""
    if text in header:
        return [text]
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise SpecError(f"{option} must name a column, got {text!r}; there are {', '.join(header)}")
    return names


def _delimiter(text: str | None) -> str | None:
    """Returns the delimiter for a word ("semicolon") or for the character itself."""
    if text is None or text in DELIMITERS:
        return text
    for mark, word in DELIMITERS.items():
        if text == word:
            return mark
    raise SpecError(f"delimiter must be one of {', '.join(DELIMITERS.values())} or the character, got {text!r}")
