"""No command replaces what it reads, or a file of another kind; what it does replace it says."""

import json

import pytest

TABLE = "a,b,c\n" + "".join(f"0.{k},1.{k * k % 7},{k % 2}\n" for k in range(12))


@pytest.fixture
def own_data(vgdesk, tmp_path):
    """Puts a table, an experiment on it and a run of it into the folder."""
    (tmp_path / "data.csv").write_text(TABLE)
    words = ("--target", "c", "--steps", "2", "--save-experiment", "mine.json", "--out", "run.json")
    assert vgdesk("train", "data.csv", *words).status == 0
    return tmp_path / "data.csv"


@pytest.mark.parametrize(
    "command",
    [
        ("export", "profile", "mine.json"),
        ("export", "profile", "run.json"),
        ("export", "steps", "run.json"),
        ("race", "mine.json"),
        ("compare", "run.json", "run.json"),
        ("number-formats", "mine.json"),
        ("sweep", "mine.json", "--vary", "seed=0,1"),
        ("jacobian", "mine.json"),
    ],
    ids=" ".join,
)
def test_the_data_table_behind_a_source_is_never_written(vgdesk, own_data, command):
    done = vgdesk(*command, "--out", "data.csv")
    assert done.status == 2
    assert "cannot write 'data.csv': it is the data table of" in done.err
    assert own_data.read_text() == TABLE


def test_a_data_table_that_looks_like_the_export_is_kept_all_the_same(vgdesk, own_data):
    own_data.write_text("layer,log10_gradient_norm,c\n" + TABLE.partition("\n")[2])
    done = vgdesk("export", "profile", "run.json", "--out", "data.csv")
    assert "it is the data table of 'run.json', which is read" in done.err


@pytest.mark.parametrize(
    ("command", "stands", "wanted"),
    [
        (("edit", "insurance", "--out", "run.json"), "a recorded run", "an experiment"),
        (("examples", "insurance", "--out", "run.json"), "a recorded run", "an experiment"),
        (("claims", "7", "--experiment", "run.json"), "a recorded run", "an experiment"),
        (("train", "insurance", "--out", "mine.json"), "an experiment", "a recorded run"),
        (("train", "insurance", "--save-experiment", "run.json"), "a recorded run", "an experiment"),
        (("number-formats", "insurance", "--out", "data.csv"), "a table of a, b", "a table of place, log10_typical"),
        (("export", "profile", "insurance", "--out", "data.csv"), "a table of a, b", "a table of layer, log10"),
        (("derive", "insurance", "--wrt", "w1", "--json", "--out", "mine.json"), "an experiment", "a JSON object of"),
    ],
)
def test_a_file_of_another_kind_is_left_alone(vgdesk, own_data, command, stands, wanted):
    before = {file.name: file.read_bytes() for file in own_data.parent.iterdir()}
    done = vgdesk(*command)
    assert done.status == 2
    assert f"{stands} stands there, not {wanted}" in done.err
    assert {file.name: file.read_bytes() for file in own_data.parent.iterdir()} == before


def test_an_empty_object_is_called_empty(vgdesk, tmp_path):
    (tmp_path / "foreign.json").write_text("{}")
    done = vgdesk("train", "xor", "--steps", "2", "--out", "foreign.json")
    assert "'foreign.json': an empty JSON object stands there, not a recorded run; choose another name" in done.err
    assert (tmp_path / "foreign.json").read_text() == "{}"


@pytest.mark.parametrize("name", ["thesis.tex", "thesis.txt", "photo.png", "photo.svg", "photo.pdf"])
def test_what_no_derivation_was_in_is_not_replaced_by_one(vgdesk, tmp_path, name):
    (tmp_path / name).write_bytes(b"\\documentclass{article} % years of work")
    done = vgdesk("export", "derivation", "insurance", "--wrt", "w1", "--out", name)
    assert done.status == 2
    assert "something else stands there" in done.err
    assert (tmp_path / name).read_bytes().startswith(b"\\documentclass")


@pytest.mark.parametrize(
    "command",
    [
        ("export", "profile", "insurance", "--out", "p.csv"),
        ("export", "profile", "insurance", "--out", "p.svg"),
        ("export", "ledger", "insurance", "--wrt", "w1", "--out", "p.csv"),
        ("edit", "insurance", "--out", "p.json"),
        *(
            ("export", "derivation", "insurance", "--wrt", "w1", "--view", view, "--out", f"p{suffix}")
            for view in ("steps", "paths", "matrix", "ledger")
            for suffix in (".tex", ".typ", ".mml", ".txt", ".svg", ".png", ".pdf")
        ),
        ("export", "derivation", "insurance", "--wrt", "w1", "--format", "spoken", "--out", "p.txt"),
    ],
    ids=" ".join,
)
def test_a_file_of_the_same_kind_is_replaced_and_that_is_said(vgdesk, command):
    name = command[-1]
    assert vgdesk(*command).out == f"wrote {name}\n"
    assert vgdesk(*command).out == f"replaced {name}\n"
    assert json.loads(vgdesk(*command, "--json").out)["replaced"] is True


def test_a_second_run_says_that_it_took_the_place_of_the_first(vgdesk):
    command = ("train", "insurance", "--steps", "2", "--out", "run.json")
    assert vgdesk(*command).out.endswith("The run is in run.json\n")
    assert vgdesk(*command).out.endswith("The run is in run.json, in place of the run before\n")


def test_an_empty_file_gives_way_to_anything(vgdesk, tmp_path):
    (tmp_path / "p.csv").write_bytes(b"")
    assert vgdesk("export", "profile", "insurance", "--out", "p.csv").out == "wrote p.csv\n"


def test_the_help_says_what_is_replaced(vgdesk):
    assert "A file that is written replaces one of its own kind" in " ".join(vgdesk("--help").out.split())
