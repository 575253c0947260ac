"""`vgdesk lessons` and `vgdesk lesson`."""

import json
import re

import msgspec
import numpy as np
import pytest

from vgdesk.cli import lessons as lessons_of_cli
from vgdesk.cli.last_step import show_last_step
from vgdesk.records.history import GradientHistory
from vgdesk.spec.lesson import Expected
from vgdesk.spec.lessons import lesson, lessons
from vgdesk.spec.library import example
from vgdesk.spec.reading import experiment_from_json


def test_lessons_are_listed_with_their_numbers(vgdesk):
    lines = vgdesk("lessons").out.splitlines()
    assert [line.split("  ")[0] for line in lines[::2]] == [str(number) for number in range(1, 9)]
    assert all(one.title in vgdesk("lessons").out for one in lessons())


def test_the_list_is_one_json_object(vgdesk):
    told = json.loads(vgdesk("lessons", "--json").out)["lessons"]
    assert [one["title"] for one in told] == [one.title for one in lessons()]
    assert [len(one["steps"]) for one in told] == [len(one.steps) for one in lessons()]


def test_a_lesson_is_told_with_derivation_and_measured_numbers(vgdesk):
    told = vgdesk("lesson", "2")
    assert told.status == 0
    assert "∂L/∂w₁ = 0.03 × 0.05" in told.out
    assert "   product = 0.0015, said 0.0015" in told.out
    assert told.out.count(" of 6. ") == 6


def test_a_step_about_a_deep_network_shows_its_gradients(vgdesk):
    told = vgdesk("lesson", "3", "--step", "5")
    assert "remains = 1.58302×10⁻¹², said 1.6×10⁻¹²" in told.out
    assert "   20   7.26×10⁻¹" in told.out
    assert told.out.count(" of 6. ") == 1


@pytest.mark.parametrize(
    ("lesson", "step", "heading", "column"),
    [
        ("initialisation", "1", "gradient per layer", "‖∂L/∂h‖"),
        ("initialisation", "3", "gradient per layer", "‖∂L/∂W‖"),
        ("your-own-training", "3", "change since the start per layer", "‖W − W₀‖"),
        ("time", "6", "direct path ∏ f (LSTM) or ∏ z (GRU) from the step to the end per time step", "size"),
    ],
)
def test_a_step_shows_the_quantity_that_it_names(vgdesk, lesson, step, heading, column):
    told = vgdesk("lesson", lesson, "--step", step)
    assert told.status == 0
    assert f": {heading} at step" in told.out
    assert re.search(rf"^ *(layer|t) +{re.escape(column)} +log₁₀$", told.out, re.MULTILINE)


def test_a_share_is_shown_as_a_number(capsys):
    history = GradientHistory(
        experiment="x",
        loss=np.array([1.0]),
        quantities={"saturated": np.array([[0.25, 0.5]]), "weight": np.array([[-1.0, -2.0]])},
    )
    show_last_step(example("circles"), history, "saturated")
    lines = capsys.readouterr().out.splitlines()
    assert "share of saturated units per layer at step 0" in lines[0]
    assert [line.split() for line in lines[1:4]] == [["layer", "value"], ["1", "0.25"], ["2", "0.5"]]


def test_a_lesson_is_one_json_object_with_whole_experiments(vgdesk):
    told = json.loads(vgdesk("lesson", "4", "--json", "--step", "2").out)
    assert (told["number"], told["title"]) == (4, "Initialisation")
    (step,) = told["steps"]
    assert experiment_from_json(json.dumps(step["experiment"])).name == "digits-tanh-20-edited"
    assert all(number["holds"] for number in step["numbers"])
    assert "{" not in step["text"]


def test_a_table_stands_under_the_name_of_the_network_that_the_step_made(vgdesk):
    changed = vgdesk("lesson", "8", "--step", "4").out
    assert "Sigmoid, 20 layers × 16, on digits (sigmoid → tanh): gradient per layer" in changed
    assert "Sigmoid, 20 layers × 16, on digits: gradient per layer" in vgdesk("lesson", "8", "--step", "1").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("9",), "lesson must be from 1 to 8 or one of gradient,"),
        (("one",), "your-own-training; got 'one'"),
        (("1", "--step", "6"), "step must be an integer from 1 to 5, got 6"),
        (("1", "--step", "first"), "--step must be an integer, got 'first'"),
        ((), "Missing argument"),
    ],
)
def test_a_lesson_that_there_is_not_is_refused(vgdesk, arguments, words):
    done = vgdesk("lesson", *arguments)
    assert done.status == 2
    assert words in done.err


def test_a_false_number_ends_with_status_1_and_is_marked(vgdesk, monkeypatch):
    false = Expected(name="slope", says="0.003", measure="gradient", of="w1")
    step = msgspec.structs.replace(lesson(1).steps[1], text=("It is {slope}.", "That is all."), expect=(false,))
    wrong = msgspec.structs.replace(lesson(1), steps=(step,))
    monkeypatch.setattr(lessons_of_cli, "bundled_lesson", lambda number: wrong)
    done = vgdesk("lesson", "1")
    assert done.status == 1
    assert " ! slope = 0.0015, said 0.003" in done.out
