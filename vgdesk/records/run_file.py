"""The run file: what was trained and what was measured, as one JSON object.

    {"format": "vgdesk-run", "version": 2, "experiment": {...}, "history": {...}}

`experiment` is the exchange format of specs, `history` a `GradientHistory`; numbers round-trip exactly, and "-inf",
"inf" and "nan" stand as strings where JSON has no number. What a file must hold is spelt out here once more, number by
number, so that a foreign file is refused with the place where it differs. Version 1 had no
`evaluations`, and of the values per step only the loss; it is read.
"""

from typing import Annotated, Literal

import msgspec
import numpy as np

from vgdesk.errors import DocumentError, SpecError
from vgdesk.records.codec import frozen, to_json
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.reading import experiment_from_json

FORMAT = "vgdesk-run"
VERSION = 2
LATEST_FIRST_STEP = 10**12
"""More steps than anybody makes; beyond 2^63 an array cannot number them."""

_Number = float | Literal["nan", "inf", "-inf"]


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    format: str
    version: int
    experiment: msgspec.Raw = msgspec.Raw(b"{}")
    history: msgspec.Raw = msgspec.Raw(b"{}")


class _Evaluated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    steps: list[float] = []
    held_out_loss: list[_Number] = []
    accuracy: list[_Number] = []
    held_out_accuracy: list[_Number] = []


class _Rows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    experiment: str
    loss: list[_Number]
    log10_weight_norm: list[list[_Number]]
    log10_delta_norm: list[list[_Number]]
    learning_rate: list[_Number] | None = None
    log10_total_norm: list[_Number] | None = None
    log10_clipped_norm: list[_Number] | None = None
    clipped: list[bool] | None = None
    first_step: Annotated[int, msgspec.Meta(ge=0, le=LATEST_FIRST_STEP)] = 0
    outcome: RunOutcome = RunOutcome.COMPLETED
    evaluations: _Evaluated = _Evaluated()


class _Format(msgspec.Struct, frozen=True):
    format: str


def save_run(history: GradientHistory, experiment: Experiment) -> str:
    """Returns the text of a run file; the same run gives the same text."""
    return to_json({"format": FORMAT, "version": VERSION, "experiment": experiment, "history": history})


def is_run(text: str | bytes) -> bool:
    """Whether a text calls itself a run file; it may still be one that `load_run` refuses."""
    try:
        return msgspec.json.decode(text, type=_Format).format == FORMAT
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False


def load_run(text: str | bytes, source: str) -> tuple[Experiment, GradientHistory]:
    """Reads what `save_run` wrote.

    Parameters
    ----------
    text
        Contents of the file.
    source
        What to call it in a message, e.g. the file's name.

    Raises
    ------
    DocumentError
        One sentence when the text is no run file, is cut off, comes from a newer vgdesk, or contradicts itself.
    """
    envelope = _opened(text, source)
    try:
        experiment = experiment_from_json(bytes(envelope.experiment), f"the experiment in {source}")
    except SpecError as error:
        raise DocumentError(str(error)) from None
    try:
        rows = msgspec.json.decode(envelope.history, type=_Rows)
    except msgspec.MsgspecError as error:
        raise DocumentError(f"the history in {source}: {error}") from None
    return experiment, _history(rows, experiment, source)


def _opened(text: str | bytes, source: str) -> _Envelope:
    try:
        envelope = msgspec.json.decode(text, type=_Envelope)
    except msgspec.ValidationError:
        raise DocumentError(
            f'{source} is not a run file: it must be a JSON object with "format": "{FORMAT}" and "version"'
        ) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise DocumentError(f"{source} is damaged or not a run file: {error}") from None
    if envelope.format != FORMAT:
        raise DocumentError(f"{source} is not a run file: its format is {envelope.format!r}, expected {FORMAT!r}")
    if envelope.version < 1:
        raise DocumentError(f"version of {source} must be at least 1, got {envelope.version}")
    if envelope.version > VERSION:
        raise DocumentError(
            f"{source} was written by a newer vgdesk: its version is {envelope.version}, this one reads up to {VERSION}"
        )
    return envelope


def _history(rows: _Rows, experiment: Experiment, source: str) -> GradientHistory:
    if rows.experiment != experiment.name:
        raise DocumentError(
            f"{source} holds the history of {rows.experiment!r} with the experiment {experiment.name!r}"
        )
    return GradientHistory(
        experiment=rows.experiment,
        first_step=rows.first_step,
        log10_weight_norm=_norms("log10_weight_norm", rows.log10_weight_norm, rows, experiment, source),
        log10_delta_norm=_norms("log10_delta_norm", rows.log10_delta_norm, rows, experiment, source),
        outcome=rows.outcome,
        evaluations=_evaluations(rows.evaluations, source),
        **_step_columns(rows, source),
    )


def _step_columns(rows: _Rows, source: str) -> dict[str, np.ndarray]:
    """Returns the arrays with one value per step that the file has; version 1 had the loss only."""
    columns: dict[str, np.ndarray] = {}
    for field in STEP_COLUMNS:
        values: list[_Number] | list[bool] | None = getattr(rows, field)
        if values is None:
            continue
        if len(values) != len(rows.loss):
            raise DocumentError(
                f"{field} in {source} must hold one value for each of the {len(rows.loss)} losses, got {len(values)}"
            )
        columns[field] = frozen(values, bool if field == "clipped" else np.float64)
    return columns


def _evaluations(rows: _Evaluated, source: str) -> Evaluations:
    columns = {name: frozen(getattr(rows, name)) for name in rows.__struct_fields__}
    try:
        return Evaluations(**columns)
    except ValueError as error:
        raise DocumentError(f"{source}: {error}") from None


def _norms(field: str, norms: list[list[_Number]], rows: _Rows, experiment: Experiment, source: str) -> np.ndarray:
    """Returns shape (steps, layers), also for a run without steps."""
    steps, depth = len(rows.loss), experiment.network.depth
    if len(norms) != steps:
        raise DocumentError(f"{field} in {source} must hold one row for each of the {steps} losses, got {len(norms)}")
    for number, row in enumerate(norms, start=1):
        if len(row) != depth:
            raise DocumentError(f"row {number} of {field} in {source} must hold {depth} layers, got {len(row)}")
    return frozen(np.reshape(np.array(norms, dtype=np.float64), (steps, depth)))
