"""Every wrong request ends with one sentence that names thing, value and what is allowed, and exit status 2."""

import json

import pytest

from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import example

BAD = [
    (["derive", "nothing", "--wrt", "w1"], "unknown example 'nothing'; the examples are insurance"),
    (["derive", "insurance", "--wrt", "w99"], "unknown weight 'w99'; allowed are w1 to w10"),
    (["derive", "insurance", "--wrt", "w1", "--format", "word"], "format must be one of text, latex, json; got 'word'"),
    (["derive", "insurance", "--wrt", "w1", "--example", "7"], "example must be from 1 to 1, got 7"),
    (["derive", "digits-sigmoid-20", "--wrt", "w1"], "has 6,106 parameters"),
    (["derive", "insurance"], "Missing option '--wrt'"),
    (["train", "digits-sigmoid-20", "--steps", "0"], "steps must be an integer from 1 to 10000000, got 0"),
    (["train", "digits-sigmoid-20", "--precision", "int8"], "precision must be one of float64, float32; got 'int8'"),
    (["train", "digits-sigmoid-20", "--learning-rate", "nan"], "learning_rate must be a finite number"),
    (["train", "digits-sigmoid-20", "--optimiser", "adamax"], "optimiser must be one of sgd, momentum, nesterov"),
    (["train", "digits-sigmoid-20", "--clip-norm", "-1"], "maximum must be a finite number from 1e-12"),
    (["export", "steps", "mazur", "--out", "steps.png"], "use one of .csv"),
    (["train", "digits-sigmoid-20", "--seed", "-1"], "seed must be an integer from 0"),
    (["train", "missing.json"], "cannot read the experiment 'missing.json'"),
    (["train", "insurance", "--out", "no/such/run.json"], "cannot write 'no/such/run.json'"),
    (["export", "profile", "insurance", "--out", "profile.gif"], "'.gif'"),
    (["export", "derivation", "insurance", "--wrt", "w1", "--out", "."], "cannot write '.'"),
    (["--screenshot", "x.png", "--size", "10x10"], "size must be WIDTHxHEIGHT from 960x640"),
    (["--screenshot", "x.png", "--theme", "pink"], "theme must be one of light, dark; got 'pink'"),
    (["--screenshot", "x.gif"], "'.gif'"),
    (["--workspace", "kitchen"], "workspace must be one of derive, train; got 'kitchen'"),
    (["fly"], "No such command 'fly'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_a_wrong_request_ends_with_one_sentence(vgdesk, tmp_path, arguments, sentence):
    done = vgdesk(*arguments)
    assert done.status == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def _spoiled(change):
    value = json.loads(experiment_to_json(example("insurance")))
    change(value)
    return json.dumps(value)


SPOILED = [
    (lambda v: v["network"].update(inputs=0), "inputs must be an integer from 1 to 4096, got 0"),
    (lambda v: v["network"]["layers"][0].update(width=10**9), "width must be an integer from 1 to 4096"),
    (lambda v: v["network"]["layers"][0].update(activation="sine"), "activation must be one of sigmoid, tanh, "),
    (
        lambda v: v["initialisation"]["weights"][0][0].__setitem__(0, float("nan")),
        "mine.json holds NaN; every number of an experiment must be finite",
    ),
    (lambda v: v.update(loss="mae"), "loss must be one of mse"),
    (lambda v: v.update(colour="red"), "unknown field 'colour'; allowed are name, title, network"),
    (lambda v: v.pop("network"), "lacks the field 'network'"),
]


@pytest.mark.parametrize(("change", "sentence"), SPOILED)
def test_a_spoiled_experiment_file_is_refused_with_its_place(vgdesk, tmp_path, change, sentence):
    (tmp_path / "mine.json").write_text(_spoiled(change))
    done = vgdesk("train", "mine.json", "--steps", "1")
    assert done.status == 2
    assert sentence in done.err
    assert "mine.json" in done.err


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00", '{"name": 3}'])
def test_malformed_json_is_refused_with_the_name_of_the_file(vgdesk, tmp_path, text):
    (tmp_path / "mine.json").write_text(text)
    done = vgdesk("derive", "mine.json", "--wrt", "w1")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "mine.json" in done.err


def test_a_failed_export_leaves_the_old_file_alone(vgdesk, tmp_path):
    (tmp_path / "old.svg").write_text("precious")
    assert vgdesk("export", "derivation", "insurance", "--wrt", "w99", "--out", "old.svg").status == 2
    assert (tmp_path / "old.svg").read_text() == "precious"
