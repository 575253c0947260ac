"""What one experiment of a sweep came to: a row of a tidy table."""

import msgspec

from vgdesk.records.history import RunOutcome


class SweepRow(msgspec.Struct, frozen=True, kw_only=True):
    """Is one trained experiment in a few numbers. The same experiment gives the same row, bit for bit.

    Attributes
    ----------
    cell
        `vgdesk.spec.sweep.identity` of the experiment.
    outcome, steps
        How training ended, and after how many updates.
    loss_first, loss_last
        Loss of the first and of the last step's batch; nan where it is no number.
    loss, accuracy
        Loss and share of right answers at the end, of the first 2,000 examples trained on; nan after a breakdown, and
        where the task has no classes.
    log10_first, log10_last
        log10 of |dL/dh| at the first step, in the place farthest from the loss and in the one nearest to it.
    log10_gain, log10_gain_end
        log10 of gamma, the gain per layer or time step towards the input, at the first and at the last step.
    """

    cell: str
    outcome: RunOutcome
    steps: int
    loss_first: float
    loss_last: float
    loss: float
    accuracy: float
    log10_first: float
    log10_last: float
    log10_gain: float
    log10_gain_end: float


MEASURES = tuple(name for name in SweepRow.__struct_fields__ if name not in ("cell", "outcome"))
"""Columns of numbers."""
