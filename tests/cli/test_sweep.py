"""`vgdesk sweep`, `vgdesk trainability` and `vgdesk export sweep`: tables, maps, refusals."""

import csv
import json

import pytest

pytestmark = pytest.mark.usefixtures("one_core")


def _rows(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_sweep_writes_a_tidy_table_and_the_second_time_trains_nothing(vgdesk, tmp_path):
    path = tmp_path / "sweep.csv"
    words = ("sweep", "digits-tanh-20", "--vary", "depth=2,3", "--vary", "sigma_w=1:2:3", "--steps", "2", "--out", path)
    assert "6 trainings" in vgdesk(*words).out
    assert [(row["depth"], row["sigma_w"]) for row in _rows(path)] == [
        (depth, sigma) for depth in ("2", "3") for sigma in ("1.0", "1.5", "2.0")
    ]
    before = path.read_bytes()
    assert json.loads(vgdesk(*words, "--json").out) == {"file": str(path), "rows": 6, "trained": 0, "found": 6}
    assert path.read_bytes() == before


def test_a_table_becomes_a_map(vgdesk, tmp_path):
    table, picture = tmp_path / "sweep.csv", tmp_path / "map.svg"
    vgdesk("sweep", "digits-tanh-20", "--vary", "depth=2,3", "--vary", "seed=0:2", "--steps", "2", "--out", table)
    finished = vgdesk("export", "sweep", table, "--x", "seed", "--y", "depth", "--measure", "loss", "--out", picture)
    assert finished.status == 0
    assert "loss at the end over seed and depth" in picture.read_text()


def test_the_trainability_map_draws_the_line_of_the_theory(vgdesk, tmp_path):
    table, picture = tmp_path / "map.csv", tmp_path / "map.svg"
    words = ("--points", "4", "--depths", "3:40", "--width", "8", "--steps", "2", "--out", table, "--figure", picture)
    assert vgdesk("trainability", *words).status == 0
    assert len(_rows(table)) == 16
    assert "5 ξ_c" in picture.read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--vary", "depth"), "--vary must be FIELD=VALUES"),
        (("--vary", "depth=3:1"), "LOW below HIGH"),
        (("--vary", "depth=1:2:3:4"), "LOW:HIGH:COUNT"),
        (("--vary", "nonsense=1,2"), "field must be one of depth"),
        (("--vary", "depth=2,2"), "each value once"),
        (("--vary", "depth=2", "--processes", "0"), "--processes must be an integer from 1 to 256"),
    ],
)
def test_what_is_no_sweep_is_refused_in_a_sentence(vgdesk, tmp_path, words, sentence):
    finished = vgdesk("sweep", "digits-tanh-20", *words, "--out", tmp_path / "sweep.csv")
    assert finished.status == 2
    assert sentence in finished.err


def test_a_picture_of_a_column_that_is_not_there_is_refused(vgdesk, tmp_path):
    table = tmp_path / "sweep.csv"
    vgdesk("sweep", "digits-tanh-20", "--vary", "depth=2,3", "--steps", "1", "--out", table)
    finished = vgdesk("export", "sweep", table, "--x", "width", "--y", "depth", "--out", tmp_path / "map.png")
    assert finished.status == 2
    assert "no column 'width'" in finished.err


def test_the_trainability_map_lies_around_the_critical_start_of_its_own_activation(vgdesk, tmp_path):
    table = tmp_path / "map.csv"
    words = ("digits-sigmoid-20", "--points", "2", "--depths", "2:3", "--width", "4", "--steps", "1", "--out", table)
    assert vgdesk("trainability", *words).status == 0
    assert {float(row["sigma_w"]) for row in _rows(table)} == {5.1, 41.0}


SMALL = ("sweep", "xor", "--out", "t.csv", "--processes", "1", "--vary", "seed=0,1")


@pytest.mark.parametrize(
    "other",
    [
        ("sweep", "circles", *SMALL[2:], "--steps", "2"),
        (*SMALL, "--steps", "3"),
    ],
    ids=["another experiment", "other steps"],
)
def test_the_table_of_another_sweep_is_refused_and_stays(vgdesk, tmp_path, other):
    assert vgdesk(*SMALL, "--steps", "2").status == 0
    before = (tmp_path / "t.csv").read_text()
    done = vgdesk(*other)
    assert done.status == 2
    assert "t.csv holds the table of another sweep: its row of seed 0 is of another experiment" in done.err
    assert (tmp_path / "t.csv").read_text() == before


def test_more_values_go_into_the_same_table(vgdesk, tmp_path):
    vgdesk(*SMALL, "--steps", "2")
    assert "2 trainings" in vgdesk(*SMALL[:-1], "seed=5,6", "--steps", "2").out
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 5


@pytest.mark.parametrize("field", ["steps", "training.steps"])
def test_steps_are_varied_or_given_not_both(vgdesk, tmp_path, field):
    done = vgdesk("sweep", "xor", "--vary", f"{field}=3,4", "--steps", "2", "--out", "t.csv")
    assert "--steps cannot go with --vary steps" in done.err
    assert list(tmp_path.iterdir()) == []


def test_every_column_has_a_name_of_its_own(vgdesk, tmp_path):
    words = ("--vary", "steps=3,4", "--vary", "loss=mse,half-mse-sum", "--vary", "seed=0,1")
    assert vgdesk("sweep", "xor", *words, "--out", "t.csv", "--processes", "1").status == 0
    header, *rows = [line.split(",") for line in (tmp_path / "t.csv").read_text().splitlines()]
    assert len(set(header)) == len(header)
    assert {row[header.index("varied_steps")] for row in rows} == {"3", "4"}
    assert vgdesk("sweep", "xor", *words, "--out", "t.csv").out.endswith("8 of them were there already\n")


def test_a_map_says_over_what_it_averages(vgdesk):
    vgdesk(*SMALL, "--vary", "width=2,3", "--vary", "learning_rate=0.1,0.2", "--steps", "2")
    picture = ("export", "sweep", "t.csv", "--x", "width", "--y", "learning_rate", "--out", "m.svg")
    assert vgdesk(*picture).out == "wrote m.svg: means over 2 values of seed\n"
    assert json.loads(vgdesk(*picture, "--json").out)["averaged"] == {"seed": 2}


def test_no_map_of_a_column_over_itself(vgdesk, tmp_path):
    vgdesk(*SMALL, "--steps", "2")
    done = vgdesk("export", "sweep", "t.csv", "--x", "seed", "--y", "seed", "--out", "m.svg")
    assert done.err == "vgdesk: --x and --y must be two columns, got 'seed' for both\n"
    assert not (tmp_path / "m.svg").exists()


def test_no_map_of_a_table_in_which_two_sweeps_are_mixed(vgdesk, tmp_path):
    vgdesk(*SMALL, "--vary", "width=2,3", "--steps", "2")
    former = (tmp_path / "t.csv").read_text()
    (tmp_path / "t.csv").unlink()
    vgdesk(*SMALL, "--vary", "width=2,3", "--steps", "3")
    with (tmp_path / "t.csv").open("a") as table:
        table.write(former.partition("\n")[2])
    done = vgdesk("export", "sweep", "t.csv", "--x", "seed", "--y", "width", "--out", "m.svg")
    assert "t.csv holds the rows of more than one sweep: two different trainings of seed 0, width 2" in done.err
