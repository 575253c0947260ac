"""The user's own data: named columns of a CSV file."""

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_choice, require_integer

GOALS = ("classification", "regression")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
MAX_COLUMNS = 4096


class CsvTable(Spec, frozen=True, tag="csv", tag_field="kind"):
    """Takes the examples from a CSV file (UTF-8, first row = names of the columns), one example per row.

    Attributes
    ----------
    path
        The file; in an experiment's file a relative path starts at the folder of that file.
    inputs
        Names of the input columns, all numbers.
    target
        Name of the class column, or names of the columns of numbers to be predicted.
    goal
        "classification": the target holds labels, words or numbers. "regression": the targets are numbers.
    standardise
        Whether inputs and, in a regression, targets are shifted and scaled to mean 0 and standard deviation 1, by the
        numbers of the rows that are trained on. The loss of a regression is then in units of those deviations.
    delimiter
        What separates the columns, one of `DELIMITERS`.
    """

    path: str
    inputs: tuple[str, ...]
    target: tuple[str, ...]
    goal: str = "classification"
    standardise: bool = True
    delimiter: str = ","

    def __post_init__(self) -> None:
        if not self.path or not self.path.isprintable():
            raise SpecError(f"path of a CSV file must be printable and not empty, got {self.path!r}")
        require_choice("goal", self.goal, GOALS)
        if self.delimiter not in DELIMITERS:
            words = ", ".join(DELIMITERS.values())
            raise SpecError(f"delimiter must be the character for {words}; got {self.delimiter!r}")
        require_integer("number of input columns", len(self.inputs), 1, MAX_COLUMNS)
        if not self.is_regression and len(self.target) != 1:
            raise SpecError(f"a classification must have one target column, got {len(self.target)}")
        require_integer("number of target columns", len(self.target), 1, MAX_COLUMNS)
        columns = (*self.inputs, *self.target)
        if len(set(columns)) < len(columns):
            name = next(name for name in columns if columns.count(name) > 1)
            raise SpecError(f"columns must be chosen once, as an input or as the target; got {name!r} twice")

    @property
    def is_regression(self) -> bool:
        """Whether the targets are numbers, not labels."""
        return self.goal == "regression"
