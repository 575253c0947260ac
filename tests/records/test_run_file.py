"""A run file gives back what was saved, and refuses anything else in one sentence."""

import json
import math
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import history
from vgdesk.errors import DocumentError, SpecError
from vgdesk.records.breakdown import Breakdown
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations, evaluation_rows
from vgdesk.records.history import STEP_COLUMNS, GradientHistory, RunOutcome
from vgdesk.records.recorded import BYTES_PER_NUMBER, LARGEST_RECORDING
from vgdesk.records.run_file import LARGEST_RUN, is_run, load_run, looks_like_run, read_run_document, save_run
from vgdesk.spec.files import LARGEST_FILE, read_document
from vgdesk.spec.library import example
from vgdesk.spec.recording import Histogram, Recording, What

ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)
EXPERIMENT = example("mazur")
RUN = history([1.0, math.nan], [[-math.inf, 0.1], [math.nan, math.inf]], experiment="mazur")
TEXT = save_run(RUN, EXPERIMENT)


def changed(change: Callable[[dict[str, Any]], Any]) -> str:
    document = json.loads(TEXT)
    change(document)
    return json.dumps(document)


def arrays(run: GradientHistory) -> tuple[np.ndarray, ...]:
    return (*(getattr(run, column) for column in ("step_numbers", *STEP_COLUMNS)), *run.quantities.values())


@given(
    st.lists(st.tuples(ANY_FLOAT, ANY_FLOAT, ANY_FLOAT), max_size=5), st.sampled_from(RunOutcome), st.integers(0, 10**9)
)
def test_saved_run_comes_back_number_by_number(rows: list[tuple[float, float, float]], outcome: RunOutcome, first: int):
    norms = np.array([row[1:] for row in rows]).reshape(len(rows), 2)
    run = history([row[0] for row in rows], norms, experiment="mazur", outcome=outcome, first_step=first)
    experiment, back = load_run(save_run(run, EXPERIMENT), "run.json")
    assert experiment == EXPERIMENT
    assert (back.outcome, back.steps_made, back.experiment) == (outcome, run.steps_made, "mazur")
    for expected, actual in zip(arrays(run), arrays(back), strict=True):
        np.testing.assert_array_equal(actual, expected)


@given(st.lists(st.tuples(st.integers(0, 10**9), *[st.floats(allow_nan=True)] * 5), max_size=5))
def test_evaluations_come_back_number_by_number(rows: list[tuple[float, ...]]):
    run = msgspec.structs.replace(RUN, evaluations=evaluation_rows(rows))
    _, back = load_run(save_run(run, EXPERIMENT), "run.json")
    for name in Evaluations.__struct_fields__:
        np.testing.assert_array_equal(getattr(back.evaluations, name), getattr(run.evaluations, name))


def test_a_file_from_before_the_gradient_at_the_input_was_measured_is_read():
    def older(document: dict[str, Any]) -> None:
        columns = {"held_out_loss": [2.0, 1.0], "accuracy": [0.5, 1.0], "held_out_accuracy": ["nan", "nan"]}
        document["history"]["evaluations"] = {"steps": [0.0, 1.0], **columns}

    _, run = load_run(changed(older), "run.json")
    assert run.evaluations.count == 2
    assert np.isnan([run.evaluations.log10_input_norm, run.evaluations.log10_first_norm]).all()


@given(st.lists(st.tuples(ANY_FLOAT, ANY_FLOAT, ANY_FLOAT, st.booleans()), min_size=1, max_size=5))
def test_learning_rate_and_clipping_come_back_step_by_step(rows: list[tuple[float, float, float, bool]]):
    rate, total, after, clipped = zip(*rows, strict=True)
    columns = {"learning_rate": frozen(rate), "log10_total_norm": frozen(total), "log10_clipped_norm": frozen(after)}
    run = history(total, layers=2, experiment="mazur", clipped=frozen(clipped, bool), **columns)
    _, back = load_run(save_run(run, EXPERIMENT), "run.json")
    for expected, actual in zip(arrays(run), arrays(back), strict=True):
        np.testing.assert_array_equal(actual, expected)
    assert back.clipped.dtype == np.bool_


def second(document: dict[str, Any]) -> None:
    """Makes a document one of version 2."""
    history = document["history"]
    document.update(version=2)
    quantities = history.pop("quantities")
    for name in ("step_numbers", "steps_made", "signals", "histograms", "breakdown"):
        del history[name]
    history.update({f"log10_{name}_norm": values for name, values in quantities.items()}, first_step=7)


def test_a_file_of_version_2_numbers_its_rows_from_the_first_step():
    _, run = load_run(changed(second), "run.json")
    assert (run.step_numbers.tolist(), run.steps_made) == ([7, 8], 9)
    np.testing.assert_array_equal(run.log10_norm("weight"), RUN.log10_norm("weight"))


def test_breakdown_and_histograms_come_back():
    asked = msgspec.structs.replace(EXPERIMENT, recording=Recording(what=What(histogram=Histogram(bins=3))))
    found = Breakdown(step=1, operation="backward", place=2)
    run = msgspec.structs.replace(RUN, breakdown=found, histograms=frozen(np.full((2, 2, 5), 0.2)))
    _, back = load_run(save_run(run, asked), "run.json")
    assert back.breakdown == found
    np.testing.assert_array_equal(back.histograms, run.histograms)


def test_a_file_of_version_1_has_no_evaluations_and_no_learning_rate():
    def older(document: dict[str, Any]) -> None:
        second(document)
        document.update(version=1)
        for name in ("evaluations", "learning_rate", "log10_total_norm", "log10_clipped_norm", "clipped"):
            del document["history"][name]

    _, run = load_run(changed(older), "run.json")
    assert (run.rows, run.evaluations.count) == (2, 0)
    assert np.isnan([run.learning_rate, run.log10_total_norm, run.log10_clipped_norm]).all()
    assert not run.clipped.any()


def test_file_is_one_json_object_with_its_format_first():
    assert TEXT.startswith('{"format":"vgdesk-run","version":3,"experiment":{"name":"mazur",')
    assert json.loads(TEXT)["history"]["quantities"]["weight"] == [["-inf", 0.1], ["nan", "inf"]]


def test_loaded_rows_are_float64_even_where_the_file_has_integers():
    _, run = load_run(changed(lambda document: document["history"].update(loss=[1, 2])), "run.json")
    assert run.loss.dtype == np.float64


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda d: d.update(format="other"),
            "run.json is not a run file: its format is 'other', expected 'vgdesk-run'",
        ),
        (lambda d: d.pop("format"), 'must be a JSON object with "format": "vgdesk-run"'),
        (lambda d: d.update(version=4), "written by a newer vgdesk: its version is 4, this one reads up to 3"),
        (lambda d: d.update(version=0), "version of run.json must be at least 1, got 0"),
        (lambda d: d.pop("history"), "the history in run.json: the history lacks the field 'experiment'"),
        (lambda d: d.pop("experiment"), "the experiment in run.json: the experiment lacks the field"),
        (lambda d: d["experiment"].update(seed=-1), "the experiment in run.json: seed must be an integer from 0"),
        (
            lambda d: d["history"].update(surprise=1),
            "the history in run.json: unknown field 'surprise'; allowed are experiment, loss",
        ),
        (lambda d: d["history"].update(experiment="xor"), "history of 'xor' with the experiment 'mazur'"),
        (lambda d: d["history"].update(steps_made=-1), "steps_made must be an integer of at least 0, got -1"),
        (
            lambda d: d["history"].update(step_numbers=[0, 10**30]),
            "entry 2 of step_numbers must be an integer of at most",
        ),
        (lambda d: d.update(history="none"), "the history in run.json: a history must be an object, got a text"),
        (
            lambda d: d.update(mood=1),
            "run.json: unknown field 'mood'; allowed are format, version, experiment, history",
        ),
        (
            lambda d: d["history"].update(breakdown={"step": 1, "operation": "loss", "mood": 1}),
            "breakdown: unknown field 'mood'; allowed are step, operation, places, place",
        ),
        (
            lambda d: d["history"]["quantities"].update(weight=[["tiny", 1.0], [1.0, 1.0]]),
            "an entry of quantities must be a number or one of nan, inf, -inf; got 'tiny'",
        ),
        (
            lambda d: d["history"].update(steps_made=10**13),
            "steps_made must be an integer of at most 1000000000000, got 10000000000000",
        ),
        (lambda d: d["history"].update(step_numbers=[0]), "step_numbers in run.json must hold one value for each"),
        (lambda d: d["history"].update(step_numbers=[1, 1]), "step_numbers in run.json must increase"),
        (lambda d: d["history"].update(steps_made=1), "steps_made in run.json must exceed the last recorded step 1"),
        (lambda d: d["history"].update(signals="time"), "signals in run.json must be 'layer' for this network"),
        (lambda d: d["history"]["quantities"].update(mood=[]), "quantities in run.json must be among weight, bias"),
        (lambda d: d["history"].update(histograms=[]), "has histograms, for which its experiment did not ask"),
        (
            lambda d: d["history"].update(breakdown={"step": 1, "operation": "sneeze"}),
            "operation of the breakdown in run.json must be one of preactivation",
        ),
        (lambda d: d["history"].update(outcome="tired"), "outcome must be one of running, completed, "),
        (
            lambda d: d["history"].update(loss=[1.0, None]),
            "entry 2 of loss must be a number or one of nan, inf, -inf; got null",
        ),
        (
            lambda d: d["history"].update(loss=["1.5", 1.0]),
            "entry 1 of loss must be a number or one of nan, inf, -inf; got '1.5'",
        ),
        (lambda d: d["history"].update(loss=[10**400, 1.0]), "entry 1 of loss must be a finite number"),
        (lambda d: d["history"]["quantities"].update(weight=[[1, 2]]), "one row for each of the 2 losses, got 1"),
        (
            lambda d: d["history"].update(learning_rate=[0.1]),
            "learning_rate in run.json must hold one value for each of the 2 losses, got 1",
        ),
        (lambda d: d["history"].update(clipped=[0, 1]), "entry 1 of clipped must be true or false, got an integer"),
        (
            lambda d: d["history"]["quantities"].update(delta=[[1, 2], [3]]),
            "row 2 of quantity delta in run.json must hold 2 layers",
        ),
        (
            lambda d: d["history"]["evaluations"].update(steps=[1.0, 2.0]),
            "run.json: evaluations must agree in length, got [0, 2]",
        ),
        (
            lambda d: d["history"]["evaluations"].update(accuracy=["good"]),
            "entry 1 of evaluations.accuracy must be a number or one of nan",
        ),
    ],
)
def test_foreign_content_is_refused_with_its_place(change: Callable[[dict[str, Any]], Any], sentence: str):
    with pytest.raises(DocumentError) as caught:
        load_run(changed(change), "run.json")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.integers(0, len(TEXT) - 2))
def test_file_cut_off_anywhere_is_called_damaged(length: int):
    with pytest.raises(DocumentError, match="damaged or not a run file"):
        load_run(TEXT[:length], "run.json")


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(content: bytes):
    with pytest.raises(DocumentError, match=r"run\.json"):
        load_run(content, "run.json")


def test_deep_nesting_is_refused():
    with pytest.raises(DocumentError, match=r"run\.json"):
        load_run('{"format":"vgdesk-run","version":1,"more":' + "[" * 200_000, "run.json")


def test_run_is_known_by_its_format_wherever_that_stands():
    document = json.loads(TEXT)
    assert is_run("\n" * 300 + json.dumps(dict(reversed(document.items()))))


@pytest.mark.parametrize("change", [{"format": None}, {"format": "other"}, {}])
def test_a_run_that_lost_its_format_is_told_as_a_run(change: dict[str, str | None]):
    document = json.loads(TEXT)
    del document["format"]
    text = json.dumps({**document, **change})
    assert looks_like_run(text)
    assert not is_run(text)
    with pytest.raises(DocumentError, match=r"run\.json is not a run file: it"):
        load_run(text, "run.json")


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"\xff", '{"format": "other"}', "[" * 100_000, msgspec.json.encode(EXPERIMENT)]
)
def test_anything_else_is_no_run(text: str | bytes):
    assert not is_run(text)
    assert not looks_like_run(text)


def test_experiment_file_is_not_mistaken_for_a_run():
    with pytest.raises(DocumentError, match="is not a run file"):
        load_run(msgspec.json.encode(EXPERIMENT), "mazur.json")


def test_a_run_beyond_the_size_of_an_experiment_is_read(tmp_path):
    (tmp_path / "long.json").write_text(TEXT + " " * LARGEST_FILE)
    with pytest.raises(SpecError, match=r"an experiment must be at most 64 MB, got 'long\.json'"):
        read_document(tmp_path / "long.json")
    _, run = load_run(read_run_document(tmp_path / "long.json"), "long.json")
    np.testing.assert_array_equal(run.loss, RUN.loss)


def test_a_run_beyond_what_training_writes_is_called_a_run(tmp_path, monkeypatch):
    (tmp_path / "absurd.json").write_text(TEXT + " " * LARGEST_FILE)
    monkeypatch.setattr("vgdesk.records.run_file.LARGEST_RUN", LARGEST_FILE)
    with pytest.raises(SpecError, match=r"a run must be at most 64 MB, got 'absurd\.json'"):
        read_run_document(tmp_path / "absurd.json")
    (tmp_path / "other.json").write_text('{"format": "other"}' + " " * LARGEST_FILE)
    with pytest.raises(SpecError, match=r"an experiment must be at most 64 MB, got 'other\.json'"):
        read_run_document(tmp_path / "other.json")


def test_a_run_may_be_as_large_as_the_largest_recording_is_when_it_is_written():
    # one place per quantity and the longest numbers there are: nothing takes more letters for its bytes
    rows = 1000
    longest = np.full((rows, 1), -sys.float_info.min)
    columns = {name: longest[:, 0] for name in STEP_COLUMNS if name not in ("loss", "clipped")}
    run = history(longest[:, 0], longest, experiment="mazur", clipped=frozen(np.zeros(rows), bool), **columns)
    taken = rows * BYTES_PER_NUMBER * (1 + len(STEP_COLUMNS) + len(run.quantities))
    letters = len(save_run(run, EXPERIMENT)) - len(msgspec.json.encode(EXPERIMENT))
    assert letters / taken * LARGEST_RECORDING + LARGEST_FILE <= LARGEST_RUN
