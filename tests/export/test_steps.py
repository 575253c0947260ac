"""The table of a run holds every recorded number of every step."""

import csv
import io

import msgspec
import numpy as np
import pytest

from tests.histories import history
from vgdesk.cli.last_step import last_step
from vgdesk.errors import ExportError
from vgdesk.export.steps import column_name, export_steps, steps_table
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import evaluation_rows
from vgdesk.records.places import Places
from vgdesk.spec.library import example
from vgdesk.spec.recording import QUANTITIES

RUN = history(
    [1.5, 0.1],
    [[-320.0, -np.inf], [0.25, np.nan]],
    [[1.0, 2.0], [3.0, 4.0]],
    first_step=7,
    learning_rate=frozen([0.1, 0.05]),
    log10_total_norm=frozen([2.5, -1.0]),
    log10_clipped_norm=frozen([0.0, -1.0]),
    clipped=frozen([True, False], bool),
)


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(steps_table(RUN).decode(), newline="")))


def test_each_step_is_a_row_with_its_number():
    assert [row["step"] for row in rows()] == ["7", "8"]


def test_learning_rate_norms_and_clipping_stand_beside_the_loss():
    first, second = rows()
    named = ("loss", "learning_rate", "log10_total_norm", "log10_clipped_norm", "clipped")
    assert [first[name] for name in named] == ["1.5", "0.1", "2.5", "0.0", "1"]
    assert [second[name] for name in named] == ["0.1", "0.05", "-1.0", "-1.0", "0"]


def test_norms_of_every_layer_read_back_to_the_same_bits():
    first, second = rows()
    assert [first["log10_gradient_norm_1"], first["log10_gradient_norm_2"]] == ["-320.0", "-inf"]
    assert [second["log10_gradient_norm_2"], second["log10_delta_norm_1"]] == ["nan", "3.0"]


def test_gradient_at_the_input_stands_where_it_was_measured():
    assert "log10_state_norm_0" not in rows()[0]
    evaluations = evaluation_rows([(6, np.nan, np.nan, np.nan, -3.0, 0.0), (8, np.nan, np.nan, np.nan, -400.5, -1.0)])
    quantities = {"weight": RUN.values("weight"), "state": RUN.values("delta"), "delta": RUN.values("delta")}
    text = steps_table(msgspec.structs.replace(RUN, evaluations=evaluations, quantities=quantities)).decode()
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert (first["log10_state_norm_0"], second["log10_state_norm_0"]) == ("nan", "-400.5")
    names = [name for name in first if name.startswith("log10_state_norm")]
    assert names == [f"log10_state_norm_{layer}" for layer in (0, 1, 2)]
    assert list(first).index(names[1]) == list(first).index(names[0]) + 1


def test_a_column_is_named_as_the_quantity_is_recorded_and_a_gradient_never_as_what_it_is_the_gradient_of():
    recorded = column_name("weight-norm")
    assert recorded == "log10_weight_norm"
    gradients = [column_name(name) for name in ("weight", "bias")]
    assert all("gradient_norm" in name for name in gradients)


def test_columns_of_gradients_have_the_names_that_train_has_as_json():
    norms = {name: RUN.values("delta") * (place + 1) for place, name in enumerate(("weight", "delta", "state"))}
    run = msgspec.structs.replace(RUN, quantities=norms)
    told = last_step(example("xor"), run)
    last = list(csv.DictReader(io.StringIO(steps_table(run).decode(), newline="")))[-1]
    for name in ("log10_gradient_norm", "log10_delta_norm", "log10_state_norm"):
        assert [float(last[f"{name}_{layer}"]) for layer in (1, 2)] == told[name]


def test_another_format_is_refused(tmp_path):
    with pytest.raises(ExportError, match=r"is not a known format; use one of \.csv"):
        export_steps(RUN, tmp_path / "steps.png")


def test_columns_of_a_recurrent_run_end_in_the_matrix_or_the_time_step():
    norms = frozen([[1.0, 2.0, 3.0]])
    tables = {"weight": norms, "weight-norm": norms, "forget-gate": frozen([[0.5]])}
    head = steps_table(history([1.0], signals=Places.TIME, quantities=tables)).decode().splitlines()[0].split(",")
    assert head[6:9] == ["log10_gradient_norm_W_ih", "log10_gradient_norm_W_hh", "log10_gradient_norm_W_out"]
    assert head[9:] == ["log10_weight_norm_W_ih", "log10_weight_norm_W_hh", "log10_weight_norm_W_out", "forget_gate_t1"]


def test_no_two_quantities_share_a_column():
    assert len({column_name(name) for name in QUANTITIES}) == len(QUANTITIES)
