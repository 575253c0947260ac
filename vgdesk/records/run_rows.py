"""The rows in a run file, of any version: what they must hold is spelt out here once more, number by number, so that a
foreign file is refused with the place where it differs.

| version | what was different                                                                                   |
|---------|------------------------------------------------------------------------------------------------------|
| 3       | `GradientHistory` as it is                                                                           |
| 2       | every step had a row, from `first_step` on; two quantities, `log10_weight_norm` and `log10_delta_norm` |
| 1       | the same without `evaluations`, and of the values per step only the loss                             |
"""

from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from vgdesk.errors import DocumentError, SpecError
from vgdesk.records.breakdown import OPERATIONS, Breakdown
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.records.places import Places, places_of, signal_places, weight_places
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.reading import spec_from_json
from vgdesk.spec.recording import QUANTITIES

LATEST_STEP = 10**12
"""More steps than anybody makes; beyond 2^63 an array cannot number them."""

_Number = float | Literal["nan", "inf", "-inf"]
_Step = Annotated[int, msgspec.Meta(ge=0, le=LATEST_STEP)]


class _Evaluated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    steps: list[float] = []
    held_out_loss: list[_Number] = []
    accuracy: list[_Number] = []
    held_out_accuracy: list[_Number] = []
    log10_input_norm: list[_Number] = []
    log10_first_norm: list[_Number] = []
    held_out_count: list[_Number] = []


class _Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Is what every version has."""

    experiment: str
    loss: list[_Number]
    learning_rate: list[_Number] | None = None
    log10_total_norm: list[_Number] | None = None
    log10_clipped_norm: list[_Number] | None = None
    clipped: list[bool] | None = None
    outcome: RunOutcome = RunOutcome.COMPLETED
    evaluations: _Evaluated = _Evaluated()


class _Rows(_Columns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    step_numbers: list[_Step]
    steps_made: _Step
    quantities: dict[str, list[list[_Number]]]
    signals: Places
    histograms: list[list[list[_Number]]] | None = None
    breakdown: Breakdown | None = None


class _OlderRows(_Columns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    log10_weight_norm: list[list[_Number]]
    log10_delta_norm: list[list[_Number]]
    first_step: _Step = 0


def history_from_json(text: bytes, version: int, experiment: Experiment, source: str) -> GradientHistory:
    """Reads the history of a run file.

    Parameters
    ----------
    text
        The JSON object under "history".
    version
        Version of the file.
    experiment
        What the file says was trained; the history must fit it.
    source
        What to call the file in a message.

    Raises
    ------
    DocumentError
        One sentence when it is no history, or contradicts itself or the experiment.
    """
    try:
        rows = spec_from_json(text, _Rows if version >= 3 else _OlderRows, f"the history in {source}", "a history")
    except SpecError as error:
        raise DocumentError(str(error)) from None
    if rows.experiment != experiment.name:
        raise DocumentError(
            f"{source} holds the history of {rows.experiment!r} with the experiment {experiment.name!r}"
        )
    shared: dict[str, Any] = {
        "experiment": rows.experiment,
        "outcome": rows.outcome,
        "signals": signal_places(experiment.network)[0],
        "evaluations": _evaluations(rows.evaluations, source),
        **_step_columns(rows, source),
    }
    if isinstance(rows, _OlderRows):
        return _older_history(rows, shared, experiment, source)
    return _history(rows, shared, experiment, source)


def _history(rows: _Rows, shared: dict[str, Any], experiment: Experiment, source: str) -> GradientHistory:
    expected = signal_places(experiment.network)[0]
    if rows.signals is not expected:
        found = rows.signals.value
        raise DocumentError(f"signals in {source} must be {expected.value!r} for this network, got {found!r}")
    quantities = {name: _table(name, table, len(rows.loss), experiment, source) for name, table in _known(rows, source)}
    return GradientHistory(
        **shared,
        step_numbers=_step_numbers(rows, source),
        steps_made=rows.steps_made,
        quantities=quantities,
        histograms=_histograms(rows, experiment, source),
        breakdown=_breakdown(rows.breakdown, experiment, source),
    )


def _older_history(rows: _OlderRows, shared: dict[str, Any], experiment: Experiment, source: str) -> GradientHistory:
    tables = {"weight": rows.log10_weight_norm, "delta": rows.log10_delta_norm}
    count = len(rows.loss)
    return GradientHistory(
        **shared,
        step_numbers=frozen(rows.first_step + np.arange(count), np.int64),
        steps_made=rows.first_step + count,
        quantities={
            name: _table(name, table, count, experiment, source, f"log10_{name}_norm") for name, table in tables.items()
        },
    )


def _known(rows: _Rows, source: str) -> list[tuple[str, list[list[_Number]]]]:
    for name in rows.quantities:
        if name not in QUANTITIES:
            raise DocumentError(f"quantities in {source} must be among {', '.join(QUANTITIES)}; got {name!r}")
    return list(rows.quantities.items())


def _step_numbers(rows: _Rows, source: str) -> np.ndarray:
    numbers = frozen(rows.step_numbers, np.int64)
    if len(numbers) != len(rows.loss):
        raise DocumentError(
            f"step_numbers in {source} must hold one value for each of the {len(rows.loss)} losses, got {len(numbers)}"
        )
    if (np.diff(numbers) <= 0).any():
        raise DocumentError(f"step_numbers in {source} must increase")
    if len(numbers) and numbers[-1] >= rows.steps_made:
        raise DocumentError(
            f"steps_made in {source} must exceed the last recorded step {numbers[-1]}, got {rows.steps_made}"
        )
    return numbers


def _step_columns(rows: _Columns, source: str) -> dict[str, np.ndarray]:
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


def _table(
    name: str, table: list[list[_Number]], rows: int, experiment: Experiment, source: str, field: str = ""
) -> np.ndarray:
    """Returns shape (rows, places), also for a run without rows."""
    field = field or f"quantity {name}"
    places, count = places_of(name, experiment.network)
    if len(table) != rows:
        raise DocumentError(f"{field} in {source} must hold one row for each of the {rows} losses, got {len(table)}")
    for number, row in enumerate(table, start=1):
        if len(row) != count:
            raise DocumentError(
                f"row {number} of {field} in {source} must hold {count} {places.plural}, got {len(row)}"
            )
    return frozen(np.reshape(np.array(table, dtype=np.float64), (rows, count)))


def _histograms(rows: _Rows, experiment: Experiment, source: str) -> np.ndarray | None:
    asked = experiment.recording.what.histogram
    if rows.histograms is None:
        return None
    if asked is None:
        raise DocumentError(f"{source} has histograms, for which its experiment did not ask")
    shape = (len(rows.loss), signal_places(experiment.network)[1], asked.bins + 2)
    try:
        found = np.array(rows.histograms, dtype=np.float64)
    except ValueError:
        raise DocumentError(f"histograms in {source} must all have the same length") from None
    if found.shape != shape and found.size + shape[0]:
        raise DocumentError(f"histograms in {source} must have the shape {shape}, got {found.shape}")
    return frozen(found.reshape(shape))


def _breakdown(found: Breakdown | None, experiment: Experiment, source: str) -> Breakdown | None:
    if found is None:
        return None
    if found.operation not in OPERATIONS:
        allowed = ", ".join(OPERATIONS)
        raise DocumentError(f"operation of the breakdown in {source} must be one of {allowed}; got {found.operation!r}")
    counts = dict([signal_places(experiment.network), weight_places(experiment.network)])
    if not 0 <= found.place <= counts.get(found.places, 0):
        raise DocumentError(f"the breakdown in {source} names a place that the network has not: {found.place}")
    return found
