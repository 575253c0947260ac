"""Points in the plane and CSV tables: sizes, what is refused, and how classes become outputs."""

from collections.abc import Callable

import pytest

from tests.builders import classifier
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.table import CsvTable
from vgdesk.spec.task import Digits, Task, TwoCircles, TwoSpirals, Xor, has_classes, task_shape
from vgdesk.spec.training import Training

TABLE = CsvTable(path="a.csv", inputs=("x", "y"), target=("z",))
REGRESSION = CsvTable(path="a.csv", inputs=("x",), target=("y", "z"), goal="regression")


@pytest.mark.parametrize("task", [Xor(), TwoCircles(count=4), TwoSpirals(count=4)])
def test_two_classes_are_one_output_except_with_softmax(task: Task):
    assert task_shape(task, "bce") == task_shape(task, "mse") == (4, 2, 1, None, 1)
    assert task_shape(task, "softmax-cross-entropy") == (4, 2, 2, None, 1)


def test_rows_and_classes_of_a_table_are_not_known_from_its_description():
    assert task_shape(TABLE) == (None, 2, None, None, 1)
    assert task_shape(REGRESSION) == (None, 1, 2, None, 1)


def test_right_and_wrong_exist_only_where_there_are_classes():
    assert [has_classes(task) for task in (Digits(), Xor(), TABLE, REGRESSION)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: TwoCircles(count=1), "count must be an integer from 2 to 100000, got 1"),
        (lambda: TwoSpirals(noise=-0.1), "noise must be a finite number from 0 to 10, got -0.1"),
        (lambda: TwoSpirals(turns=0.0), "turns must be a finite number from 0.1 to 10, got 0.0"),
        (lambda: CsvTable(path="", inputs=("x",), target=("y",)), "path of a CSV file must be printable and not empty"),
        (lambda: CsvTable(path="a\0", inputs=("x",), target=("y",)), "path of a CSV file must be printable"),
        (lambda: CsvTable(path="a", inputs=(), target=("y",)), "number of input columns must be an integer from 1"),
        (lambda: CsvTable(path="a", inputs=("x",), target=()), "a classification must have one target column, got 0"),
        (lambda: CsvTable(path="a", inputs=("x",), target=("y", "z")), "must have one target column, got 2"),
        (lambda: CsvTable(path="a", inputs=("x", "y"), target=("y",)), "chosen once, as an input or as the target"),
        (
            lambda: CsvTable(path="a", inputs=("x",), target=("y",), goal="guess"),
            "goal must be one of classification, regression; got 'guess'",
        ),
        (
            lambda: CsvTable(path="a", inputs=("x",), target=("y",), delimiter="x"),
            "delimiter must be the character for comma, semicolon, tab, pipe, space; got 'x'",
        ),
        (lambda: classifier(REGRESSION, [1, 2], "softmax-cross-entropy"), "loss must be mse or half-mse-sum for a reg"),
        (lambda: classifier(Xor(), [2, 3, 2], "bce"), "width of the output layer must equal the task's 1, got 2"),
        (
            lambda: classifier(Digits(count=1), [64, 10], "mse", training=Training(held_out=0.1)),
            "held_out must be 0 where the task has a single example, got 0.1",
        ),
        (
            lambda: classifier(Xor(), [2, 1], "bce", training=Training(held_out=0.25, batch_size=4)),
            r"batch_size must be at most the 3 examples of the task that are trained on (1 are held out), got 4",
        ),
    ],
)
def test_impossible_task_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert sentence in str(caught.value)


@pytest.mark.parametrize("task", [Xor(), TwoCircles(), TwoSpirals(turns=2.5), TABLE, REGRESSION])
def test_every_task_survives_the_way_through_json(task: Task):
    shape = task_shape(task)
    experiment = classifier(task, [shape.inputs, shape.targets or 3], "mse", training=Training(held_out=0.2))
    assert experiment_from_json(experiment_to_json(experiment)) == experiment
