"""Which recorded step the panels speak of."""

from vgdesk.ui.state.desk import Desk


def shown_row(desk: Desk) -> int:
    """Returns the row of the run that is pointed at or pinned, else the latest one; -1 before the first."""
    history = desk.runs.history
    for reference in (desk.selection.current, desk.selection.pinned):
        if reference and reference.step is not None and reference.experiment == history.experiment:
            return history.row_of(reference.step)
    return history.rows - 1


def shown_step(desk: Desk) -> int:
    """Returns the number of that step; 0 before the first."""
    row = shown_row(desk)
    return int(desk.runs.history.step_numbers[row]) if row >= 0 else 0
