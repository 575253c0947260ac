"""A field that stands twice in an experiment's file is refused: one of the two values would be lost."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.files import read_experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.single_fields import require_single_fields


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1, "a": 1}', "x: the field 'a' stands twice; leave one of them"),
        (
            '{"b": {"c": [0, {"a": 1, "d": 2, "a": 3}]}}',
            "x: entry 2 of b.c: the field 'a' stands twice; leave one of them",
        ),
        (b'[[{"a": [], "a": {}}]]', "x: entry 1 of entry 1: the field 'a' stands twice; leave one of them"),
    ],
)
def test_a_field_that_stands_twice_is_told_with_its_place(text, sentence):
    with pytest.raises(SpecError) as refused:
        require_single_fields(text, "x")
    assert str(refused.value) == sentence


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_program_writes_is_accepted(name):
    require_single_fields(experiment_to_json(example(name)), name)


def test_a_file_with_two_numbers_of_steps_is_no_experiment(tmp_path):
    text = experiment_to_json(example("digits-sigmoid-20"))
    file = tmp_path / "mine.json"
    file.write_text(text.replace('"steps":', '"steps": 3, "steps":'))
    with pytest.raises(SpecError, match=r"mine\.json: training: the field 'steps' stands twice"):
        read_experiment(file)
