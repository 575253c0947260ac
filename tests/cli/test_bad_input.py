"""Every wrong request ends with one sentence that names thing, value and what is allowed, and exit status 2."""

import json
import os
import re

import pytest

from vgdesk.records.history import STEP_COLUMNS
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import example

BAD = [
    (["derive", "nothing", "--wrt", "w1"], "unknown example 'nothing'; the examples are insurance"),
    (["derive", "insurance", "--wrt", "w99"], "unknown weight 'w99'; allowed are w1 to w10"),
    (
        ["derive", "insurance", "--wrt", "w1", "--format", "word"],
        "format must be one of text, latex, typst, mathml, spoken, sympy, numpy, json, svg, png, pdf; got 'word'",
    ),
    (
        ["derive", "insurance", "--wrt", "w1", "--example", "7"],
        "example 7 does not exist: the task of insurance has 1 example",
    ),
    (["derive", "digits-sigmoid-20", "--wrt", "w1"], "has 6,106 parameters"),
    (["derive", "insurance"], "Missing option '--wrt'. See `vgdesk derive --help`."),
    (["derive", "insurance", "--wrt", "w1", "--format", "latex", "--json"], "--json contradicts --format latex"),
    (["train", "insurance", "--steps", "abc"], "--steps must be an integer, got 'abc'"),
    (["spectra"], "No such command 'spectra'. Did you mean 'spectrum'? See `vgdesk --help`."),
    (["critical", "tanh", "--sigma-b", "1e400"], "--sigma-b must be a number up to 1.8e308 in size, got '1e400'"),
    (["critical", "tanh", "--sigma-b", "-inf"], "got -inf"),
    (
        ["phase", "tanh", "--sigma-w", "1e400:3", "--sigma-b", "0:2", "--out", "x.svg"],
        "--sigma-w must be a range of numbers up to 1.8e308 in size, got '1e400:3'",
    ),
    (["derive", "mazur", "--wrt", "w1", "--let", "w1=1e400"], "--let w1 must be a number up to 1.8e308 in size"),
    (["compare", "mazur", "--change", "learning_rate=1e400"], "'1e400' must be a number up to 1.8e308 in size"),
    (["sweep", "mazur", "--vary", "seed=1:1e400:3", "--out", "x.csv"], "'1e400' must be a"),
    (["train", "insurance", "--learning-rate", "fast"], "vgdesk: --learning-rate must be a number, got 'fast'\n"),
    (
        ["mean-field", "tanh", "--sigma-w", "1e400", "--sigma-b", "0"],
        "vgdesk: --sigma-w must be a number up to 1.8e308 in size, got '1e400'\n",
    ),
    (["train", "insurance", "--out", "run.svg"], "use one of .json"),
    (["train", "insurance", "--out", ""], "cannot write '': it names no file"),
    (["train", "digits-sigmoid-100", "--steps", "10000000"], "steps must be at most 816993 for a network of 100"),
    (["export", "loss", "insurance", "--out", "x"], "'x': it has no suffix; use one of .png, .svg, .pdf, .csv"),
    (["export", "profile", "mazur", "--steps", "0", "--out", "a.csv"], "steps must be an integer from 1"),
    (["bench", "--repeats", "0"], "repeats must be an integer from 1 to 50, got 0"),
    (
        ["bench", "--no-window", "--no-symbolic", "--no-what-if", "--no-training", "--no-theory"],
        "nothing is left to measure; decline fewer of window, symbolic, what-if, training and theory",
    ),
    (["race", "xor", "--only", ""], "--only must name a remedy, got ''"),
    (["race", "xor", "--combine", " , "], "--combine must name a combination of remedies, got ' , '"),
    (["train", "xor", "--record", ""], "--record must name a quantity, or all, got ''"),
    (["find-state", "insurance", "--wrt", "w1", "--set", "d1=0.06", "--free", ""], "--free must name a number of"),
    (["examples", "--out", "mine.json"], "--out goes with the name of an example"),
    (["--screenshot", "x.png", "--steps", "-5"], "steps must be an integer from 0 to 100000, got -5"),
    (["--screenshot", "x.png", "examples"], "--screenshot is an option of the window"),
    (["--json"], "--json goes with --screenshot"),
    (["train", "digits-sigmoid-20", "--steps", "0"], "steps must be an integer from 1 to 10000000, got 0"),
    (["train", "digits-sigmoid-20", "--precision", "int8"], "precision must be one of float64, float32; got 'int8'"),
    (["train", "digits-sigmoid-20", "--learning-rate", "nan"], "--learning-rate must be a finite number"),
    (["train", "digits-sigmoid-20", "--optimiser", "adamax"], "optimiser must be one of sgd, momentum, nesterov"),
    (["train", "digits-sigmoid-20", "--clip-norm", "-1"], "--clip-norm must be a finite number from 1e-12"),
    (["export", "steps", "mazur", "--out", "steps.png"], "use one of .csv"),
    (["train", "digits-sigmoid-20", "--seed", "-1"], "seed must be an integer from 0"),
    (["train", "missing.json"], "cannot read the experiment 'missing.json'"),
    (["train", "insurance", "--out", "no/such/run.json"], "cannot write 'no/such/run.json'"),
    (["export", "profile", "insurance", "--out", "profile.gif"], "'.gif'"),
    (["export", "derivation", "insurance", "--wrt", "w1", "--out", "."], "cannot write '.'"),
    (["--screenshot", "x.png", "--size", "10x10"], "size must be WIDTHxHEIGHT from 960x640"),
    (["--screenshot", "x.png", "--theme", "pink"], "theme must be one of light, dark; got 'pink'"),
    (["--screenshot", "x.gif"], "'.gif'"),
    (
        ["--workspace", "kitchen"],
        "workspace must be one of derive, train, theory, compare, diagnose, claims, maps; got 'kitchen'",
    ),
    (["--lesson", "9"], "lesson must be from 1 to 8 or one of gradient,"),
    (["--lesson", "time", "--workspace", "train"], "leave out --lesson or --workspace"),
    (["--screenshot", "x.png", "--lesson", "1", "--steps", "3"], "leave out --lesson or --steps"),
    (
        ["derive", "insurance", "--wrt", "w1", "--let", "w1=1", "--let", "w1=2"],
        "--let must name each number once, got w1",
    ),
    (["derive", "insurance", "--wrt", "w1", "--unfold", f"layer{'9' * 20}"], f"belongs to layer {'9' * 20};"),
    (
        ["derive", "insurance", "--wrt", "w1", "--unfold", "everything", "--unfold", "nothing"],
        "what is unfolded must be nothing or something, got nothing and everything",
    ),
    (
        ["train", "xor", "--out", "a.json", "--save-experiment", "a.json"],
        "--out and --save-experiment must be two files, got 'a.json' for both",
    ),
    (["mean-field", "formula: z*1e-320", "--sigma-w", "1", "--sigma-b", "0.1"], "too small for one, around z = 0"),
    (["activation", "z*1e308*1e308"], "a formula must be finite somewhere between"),
    (["activation", "z/0"], "z/0 is no real number for any z"),
    (
        ["export", "sweep", "none.csv", "--x", "a", "--y", "b", "--out", "m.svg"],
        "none.csv cannot be read as a table: no such file or directory\n",
    ),
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


def test_training_does_not_overwrite_the_experiment_it_reads(vgdesk, tmp_path):
    vgdesk("examples", "mazur", "--out", "mine.json")
    before = (tmp_path / "mine.json").read_bytes()
    done = vgdesk("train", "mine.json", "--steps", "1", "--out", "./mine.json")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "it is the file that is read" in done.err
    assert (tmp_path / "mine.json").read_bytes() == before


@pytest.mark.parametrize("arguments", [["train"], ["verify"], ["derive", "--wrt", "w1"]])
def test_a_run_given_for_an_experiment_is_called_a_run(vgdesk, arguments):
    vgdesk("train", "insurance", "--steps", "2", "--out", "run.json")
    done = vgdesk(arguments[0], "run.json", *arguments[1:])
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "'run.json' is a recorded run, not an experiment" in done.err


def test_a_run_takes_no_number_of_steps_not_even_zero(vgdesk):
    vgdesk("train", "insurance", "--steps", "2", "--out", "run.json")
    done = vgdesk("export", "profile", "run.json", "--steps", "0", "--out", "profile.csv")
    assert (done.status, "steps and seed are for experiments" in done.err) == (2, True)


@pytest.mark.parametrize("kind", ["profile", "heatmap", "loss"])
def test_a_run_without_steps_has_nothing_to_export(vgdesk, tmp_path, kind):
    vgdesk("train", "insurance", "--steps", "1", "--out", "run.json")
    run = json.loads((tmp_path / "run.json").read_text())
    run["history"].update({name: [] for name in ("step_numbers", *STEP_COLUMNS)}, quantities={})
    (tmp_path / "run.json").write_text(json.dumps(run))
    done = vgdesk("export", kind, "run.json", "--out", "picture.csv")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "without a recorded step" in done.err


def test_bare_export_prints_its_help(vgdesk):
    done = vgdesk("export")
    assert (done.status, done.err) == (0, "")
    assert "heatmap" in done.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in its file system")
def test_a_pipe_in_place_of_an_experiment_is_refused_and_not_waited_for(vgdesk, tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for words in (["train", "pipe.json"], ["export", "profile", "pipe.json", "--out", "a.png"]):
        done = vgdesk(*words)
        assert (done.status, "'pipe.json' is not a regular file" in done.err) == (2, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in its file system")
def test_a_pipe_in_place_of_a_table_is_refused_and_not_waited_for(vgdesk, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    done = vgdesk("export", "sweep", "pipe.csv", "--x", "a", "--y", "b", "--out", "m.svg")
    assert (done.status, done.err) == (2, "vgdesk: 'pipe.csv' is not a regular file\n")


def test_a_table_that_is_no_text_is_said_with_the_byte(vgdesk, tmp_path):
    (tmp_path / "table.csv").write_bytes(b"depth,seed\n\xff\n")
    done = vgdesk("export", "sweep", "table.csv", "--x", "a", "--y", "b", "--out", "m.svg")
    assert done.status == 2
    assert done.err == "vgdesk: table.csv cannot be read as a table: it must be utf-8 text, but byte 12 is not\n"


@pytest.mark.parametrize("command", ["train", "edit", "compare", "claims", "sweep", "find-state", "export sweep"])
def test_no_option_is_told_in_words_of_python(vgdesk, command):
    text = " ".join(vgdesk(*command.split(), "--help").out.split())
    assert re.findall(r"--[a-z-]+ <(?:list|Path)", text) == []


def test_the_list_of_commands_is_as_wide_as_the_terminal_lets_it(vgdesk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert "Tell whether gradients vanish or explode, whether the network learns, and by which signs." in (
        vgdesk("--help").out
    )
