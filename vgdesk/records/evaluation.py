"""What was measured now and then beside the training: loss on held-out examples, and the share of right answers."""

import msgspec
import numpy as np

from vgdesk.records.codec import frozen


def _nothing() -> np.ndarray:
    return frozen([])


class Evaluations(msgspec.Struct, frozen=True, kw_only=True):
    """Holds measurements at some steps of a run, all of shape (evaluations,); nan where there is nothing to measure.

    Attributes
    ----------
    steps
        Steps, increasing, as float64; each measurement belongs to the parameters *before* that update, as a row of
        the history does.
    held_out_loss
        Loss on all held-out examples; nan where none are held out.
    accuracy
        Share of right answers, 0 to 1, on the step's training batch; nan where the task has no classes.
    held_out_accuracy
        Share of right answers on all held-out examples.
    """

    steps: np.ndarray = msgspec.field(default_factory=_nothing)
    held_out_loss: np.ndarray = msgspec.field(default_factory=_nothing)
    accuracy: np.ndarray = msgspec.field(default_factory=_nothing)
    held_out_accuracy: np.ndarray = msgspec.field(default_factory=_nothing)

    def __post_init__(self) -> None:
        lengths = {len(array) for array in self.columns}
        if len(lengths) > 1:
            raise ValueError(f"evaluations must agree in length, got {sorted(lengths)}")

    @property
    def columns(self) -> tuple[np.ndarray, ...]:
        """The four arrays in the order of the attributes."""
        return self.steps, self.held_out_loss, self.accuracy, self.held_out_accuracy

    @property
    def count(self) -> int:
        """Number of evaluations."""
        return len(self.steps)

    @property
    def has_held_out(self) -> bool:
        """Whether a loss on held-out examples was measured at all."""
        return not bool(np.isnan(self.held_out_loss).all())


def join(parts: "list[Evaluations]") -> Evaluations:
    """Joins consecutive evaluations of one run."""
    return Evaluations(
        **{
            name: frozen(np.concatenate([getattr(part, name) for part in parts]))
            for name in Evaluations.__struct_fields__
        }
    )


def evaluation_rows(rows: list[tuple[float, float, float, float]]) -> Evaluations:
    """Returns evaluations from (step, held-out loss, accuracy, held-out accuracy) each."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return Evaluations(
        steps=frozen(table[:, 0]),
        held_out_loss=frozen(table[:, 1]),
        accuracy=frozen(table[:, 2]),
        held_out_accuracy=frozen(table[:, 3]),
    )
