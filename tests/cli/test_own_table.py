"""`vgdesk train FILE.csv`: a person's own table from the command line, and every way it can be wrong."""

import json
from pathlib import Path

import pytest

from tests.training.test_csv_table import GOOD, REFUSED
from vgdesk.spec.reading import experiment_from_json

HOUSES = Path(__file__).parents[1] / "data" / "houses.csv"
CHOICE = ("--target", "kind", "--inputs", "age,income")


@pytest.fixture
def houses(tmp_path):
    """Puts the bundled table into the working folder."""
    (tmp_path / "houses.csv").write_bytes(HOUSES.read_bytes())
    return "houses.csv"


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_does_not_fit_ends_with_one_sentence(vgdesk, tmp_path, case):
    content, sentence = REFUSED[case]
    (tmp_path / "t.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    done = vgdesk("train", "t.csv", *CHOICE, "--delimiter", "comma", "--save-experiment", "x.json", "--out", "r.json")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert sentence in done.err
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]


def test_a_column_that_never_changes_is_refused_unless_it_is_taken_raw(vgdesk, tmp_path):
    rows = [f"1,{n % 2},{n % 3}.5" for n in range(12)]
    (tmp_path / "t.csv").write_text("\n".join(["age,kind,income", *rows]))
    done = vgdesk("train", "t.csv", *CHOICE, "--steps", "2")
    assert done.err == (
        "vgdesk: column 'age' of t.csv holds 1 in every row that is trained on, so it cannot be standardised; leave "
        "the column out, or switch standardising off\n"
    )
    assert vgdesk("train", "t.csv", *CHOICE, "--steps", "2", "--raw").status == 0


def test_ten_gigabytes_are_refused_before_they_are_read(vgdesk, tmp_path):
    with (tmp_path / "t.csv").open("wb") as file:
        file.write(GOOD.encode())
        file.truncate(10 * 2**30)  # a sparse file: it has this size, but nothing on the disk
    done = vgdesk("train", "t.csv", *CHOICE)
    assert (done.status, done.err) == (2, "vgdesk: t.csv has 10,240 MB; a CSV file may have at most 200 MB\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["t.csv"], "--target must name a column of t.csv, which has age, kind, income"),
        (["t.csv", "--target", "age", "--inputs", "age"], "chosen once, as an input or as the target; got 'age' twice"),
        (["t.csv", "--target", "kind", "--hidden", "wide"], "hidden must list widths like 16,16, got 'wide'"),
        (["t.csv", "--target", "kind", "--delimiter", "dot"], "delimiter must be one of comma, semicolon, tab, pipe"),
        (["t.csv", "--target", "kind", "--regression"], "t.csv, row 2, column 'kind': 'yes' is not a number"),
        (["t.csv", "--target", "kind", "--held-out", "1"], "--held-out must be a finite number from 0 to 0.9, got 1"),
        (["t.csv", "--target", "kind", "--batch-size", "9"], "--batch-size must be at most the 2 examples of the task"),
        (["t.csv", "--target", ""], "--target must name a column, got ''; there are age, kind, income"),
        (["t.csv", "--target", "kind", "--inputs", ","], "--inputs must name a column, got ','; there are age, kind"),
        (["", "--target", "kind"], "--target goes with a CSV file, got ''"),
        (["t.csv", "--target", "age,kind", "--classification"], "a classification must have one target column, got 2"),
        (["folder.csv", "--target", "kind"], "is a folder, not a CSV file"),
        (["no.csv", "--target", "kind"], "no such file or directory"),
        (["insurance", "--hidden", "3"], "--hidden goes with a CSV file, got 'insurance'"),
    ],
)
def test_a_wrong_choice_ends_with_one_sentence(vgdesk, tmp_path, arguments, sentence):
    (tmp_path / "t.csv").write_text(GOOD)
    (tmp_path / "folder.csv").mkdir()
    done = vgdesk("train", *arguments)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert sentence in done.err


def test_labels_make_a_classification_and_numbers_a_regression(vgdesk, tmp_path, houses):
    found = {}
    for target in ("sold", "rooms", "price"):
        assert vgdesk("train", houses, "--target", target, "--steps", "1", "--save-experiment", "x.json").status == 0
        experiment = experiment_from_json((tmp_path / "x.json").read_text())
        found[target] = (experiment.task.goal, experiment.loss, experiment.network.widths[-1])
    assert found == {
        "sold": ("classification", "bce", 1),
        "rooms": ("classification", "softmax-cross-entropy", 6),
        "price": ("regression", "mse", 1),
    }


@pytest.mark.parametrize(("word", "what"), [("cheap", "is not a number"), ("inf", "is not finite")])
@pytest.mark.parametrize("step", [1, 0.5])
def test_a_word_among_the_numbers_of_a_target_is_no_label_unless_it_is_said_to_be(vgdesk, tmp_path, word, what, step):
    numbers = [f"{n % 5 * step}" for n in range(20)]
    (tmp_path / "t.csv").write_text("a,price\n" + "\n".join(f"{n},{p}" for n, p in enumerate([*numbers, word])))
    done = vgdesk("train", "t.csv", "--target", "price", "--steps", "1")
    told = "correct it, or choose classification where the column holds labels"
    assert (done.status, done.err) == (2, f"vgdesk: t.csv, row 22, column 'price': '{word}' {what}; {told}\n")
    assert vgdesk("train", "t.csv", "--target", "price", "--steps", "1", "--classification").status == 0


def test_a_word_among_more_numbers_than_there_may_be_labels_is_told_as_a_word(vgdesk, tmp_path):
    (tmp_path / "t.csv").write_text("a,price\n" + "\n".join(f"{n},{n}.5" for n in range(200)) + "\n3,cheap\n")
    done = vgdesk("train", "t.csv", "--target", "price", "--steps", "1")
    assert "t.csv, row 202, column 'price': 'cheap' is not a number; correct it" in done.err


def test_a_number_among_the_words_of_a_target_is_a_label(vgdesk, tmp_path):
    (tmp_path / "t.csv").write_text("a,kind\n" + "\n".join(f"{n},{'abc1'[n % 4]}" for n in range(20)))
    assert vgdesk("train", "t.csv", "--target", "kind", "--steps", "1", "--save-experiment", "x.json").status == 0
    task = experiment_from_json((tmp_path / "x.json").read_text()).task
    assert task.goal == "classification"


def test_a_regression_on_the_houses_explains_most_of_the_price(vgdesk, houses):
    arguments = ("--target", "price", "--inputs", "area m²,built,distance km", "--hidden", "8", "--steps", "800")
    loss = json.loads(vgdesk("train", houses, *arguments, "--json").out)["loss"]
    # standardised: the mean squared error of the mean is 1; the noise of the table is 15² of a variance of about 85²
    assert loss < 0.1


def test_a_saved_experiment_names_its_table_from_its_own_folder(vgdesk, tmp_path, houses, monkeypatch):
    assert vgdesk("train", houses, "--target", "price", "--steps", "3", "--save-experiment", "x.json").status == 0
    assert json.loads((tmp_path / "x.json").read_text())["task"]["path"] == "houses.csv"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert json.loads(vgdesk("train", "../x.json", "--steps", "2", "--json").out)["steps"] == 2


def test_columns_whose_names_hold_commas_can_be_the_target(vgdesk, tmp_path):
    (tmp_path / "t.csv").write_text('"a, in m",b\n' + "".join(f"{n % 2},{n}.5\n" for n in range(9)))
    assert vgdesk("train", "t.csv", "--target", "a, in m", "--steps", "1").status == 0


def test_numpy_follows_a_training_on_the_houses(vgdesk, tmp_path, houses):
    import numpy as np

    from tests.reference.feed_forward import backpropagate
    from vgdesk.spec.files import read_experiment
    from vgdesk.training.loop import Trainer
    from vgdesk.training.parameters import draw

    arguments = ("--target", "sold", "--held-out", "0", "--batch-size", "120", "--steps", "20")
    vgdesk("train", houses, *arguments, "--save-experiment", "x.json")
    experiment = read_experiment(tmp_path / "x.json")
    cells = np.loadtxt(HOUSES, delimiter=",", skiprows=1, dtype=str)
    inputs, targets = cells[:, :6].astype(float), (cells[:, 6:] == "yes").astype(float)
    inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
    W, b = ([array.copy() for array in arrays] for arrays in (draw(experiment).weights, draw(experiment).biases))
    losses = []
    for _ in range(20):
        loss, dW, db, _ = backpropagate(["tanh", "tanh", "sigmoid"], "bce", W, b, inputs, targets)
        losses.append(loss)
        W = [weight - 0.1 * slope for weight, slope in zip(W, dW, strict=True)]
        b = [bias - 0.1 * slope for bias, slope in zip(b, db, strict=True)]
    np.testing.assert_allclose(Trainer(experiment).advance(20).loss, losses, rtol=1e-12)


def test_a_table_without_rows_says_so(vgdesk, tmp_path):
    (tmp_path / "header.csv").write_text("a,b,c\n")
    assert "header.csv has no rows below its header" in vgdesk("train", "header.csv", "--target", "c").err


@pytest.mark.parametrize("widths", ["1,,3", "1_6", "１６"])
def test_hidden_widths_that_are_no_list_of_numbers_are_refused(vgdesk, tmp_path, widths):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    done = vgdesk("train", "t.csv", "--target", "b", "--hidden", widths)
    assert f"hidden must list widths like 16,16, got {widths!r}" in done.err


def test_a_table_in_place_of_an_experiment_is_told_the_way(vgdesk, tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    finished = vgdesk("predict", "t.csv")
    assert finished.status == 2
    assert "is a table, not an experiment; `vgdesk train t.csv --target" in finished.err
