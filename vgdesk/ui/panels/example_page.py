"""The examples of the network table: a row each, its inputs and then its targets."""

from collections.abc import Callable

from PySide6.QtWidgets import QTableWidgetItem

from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.task import Examples
from vgdesk.spec.typed import named_number
from vgdesk.ui.panels.table_page import Cell, TablePage, cell
from vgdesk.ui.state.network_editor import Change, NetworkEditor

MOST_SHOWN = 200
"""Examples that are listed; more belong into a file."""


Rows = list[list[float]]


class ExamplePage(TablePage):
    """Edits listed examples; those of other tasks are made elsewhere, and the page says so."""

    def __init__(self, editor: NetworkEditor) -> None:
        super().__init__(editor, "Examples")
        self.add_button("&Add example", self._add)
        self.add_button("&Remove example", self._remove)
        self._buttons.addStretch(1)

    def render(self, experiment: Experiment) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows the examples of an experiment."""
        task, network = experiment.task, experiment.feed_forward
        is_listed = isinstance(task, Examples) and len(task.inputs) <= MOST_SHOWN
        for index in range(self._buttons.count()):
            item = self._buttons.itemAt(index)
            button = item.widget() if item is not None else None
            if button is not None:
                button.setEnabled(is_listed)
        if not isinstance(task, Examples) or not is_listed:
            kind = type(task).__struct_config__.tag
            self.fill(["Examples"], [[cell(f"The examples come from the task: {kind}", False)]])
            return
        headers = [network.unit_name(0, unit) or f"input {unit}" for unit in range(1, network.inputs + 1)]
        outputs = range(1, network.outputs + 1)
        headers += [f"target of {network.unit_name(network.depth, unit) or f'output {unit}'}" for unit in outputs]
        rows: list[list[Cell]] = [
            [cell(f"{value!r}") for value in (*inputs, *targets)]
            for inputs, targets in zip(task.inputs, task.targets, strict=True)
        ]
        self.fill(headers, rows)

    def typed(self, row: int, column: int, item: QTableWidgetItem) -> tuple[Change, str] | None:
        task = self._editor.experiment.task
        if not isinstance(task, Examples):
            return None
        width = len(task.inputs[0])
        value = named_number("an input" if column < width else "a target", item.text())
        rows = [[*inputs, *targets] for inputs, targets in zip(task.inputs, task.targets, strict=True)]
        rows[row][column] = value
        return _with_rows(rows, width), "change input" if column < width else "change target"

    def _add(self) -> None:
        self._change(lambda rows: [*rows, rows[-1]], "add example")

    def _remove(self) -> None:
        row = max(0, self.table.currentRow())
        self._change(lambda rows: rows[:row] + rows[row + 1 :], "remove example")

    def _change(self, change: Callable[[Rows], Rows], words: str) -> None:
        task = self._editor.experiment.task
        if isinstance(task, Examples):
            rows = [[*inputs, *targets] for inputs, targets in zip(task.inputs, task.targets, strict=True)]
            self.edit(_with_rows(change(rows), len(task.inputs[0])), words)


def _with_rows(rows: Rows, width: int) -> Change:
    """Returns the edit that puts these rows, inputs before targets, in the place of the examples."""
    inputs = tuple(tuple(row[:width]) for row in rows)
    targets = tuple(tuple(row[width:]) for row in rows)
    return lambda experiment: edit.with_examples(experiment, inputs, targets)
