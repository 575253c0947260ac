"""Places in a JSON text are told as all else in the program is counted, from 1."""

import json

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.files import experiment_to_json
from vgdesk.spec.library import example
from vgdesk.spec.place_words import place_words
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.single_fields import require_single_fields


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", ""),
        (".recording.what", "recording.what"),
        ("network.layers[0]", "layer 1"),
        (".network.layers[9].skip.kind", "skip.kind of layer 10"),
        (".network.layers[...]", "layer"),
        (".experiment.network.layers[2].bias", "bias of layer 3 of experiment.network"),
        (".task.inputs[0]", "entry 1 of task.inputs"),
        (".task.inputs[1][2]", "entry 3 of entry 2 of task.inputs"),
        (".steps[3].expect[0].number", "number of entry 1 of expect of entry 4 of steps"),
        (".names[...]", "an entry of names"),
    ],
)
def test_a_place_is_told_from_1(path, words):
    assert place_words(path) == words


@pytest.mark.parametrize(
    ("place", "part", "sentence"),
    [
        (("network", "layers", 1), {"width": "2"}, "mine: width of layer 2 must be an integer, got a text"),
        (("network", "layers", 0), {"wide": 2}, "mine: layer 1: unknown field 'wide'; allowed are width, "),
        (("task", "inputs", 0), [1.0, "x"], "mine: entry 2 of entry 1 of task.inputs must be a number, got a text"),
        (("network", "layers", 0), {}, "mine: layer 1 lacks the field 'width'"),
    ],
)
def test_a_misfit_in_a_list_is_told_from_1(place, part, sentence):
    raw = json.loads(experiment_to_json(example("insurance")))
    *outer, last = place
    whole = raw
    for step in outer:
        whole = whole[step]
    whole[last] = part
    with pytest.raises(SpecError) as refusal:
        experiment_from_json(json.dumps(raw), "mine")
    assert str(refusal.value).startswith(sentence)


def test_a_field_that_stands_twice_in_a_layer_is_told_from_1():
    text = '{"network": {"layers": [{"width": 2}, {"width": 2, "width": 3}]}}'
    with pytest.raises(SpecError, match=r"^mine: layer 2: the field 'width' stands twice; leave one of them$"):
        require_single_fields(text, "mine")
