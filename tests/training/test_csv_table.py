"""A CSV file becomes arrays, or one sentence with file, row and column."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import DocumentError
from vgdesk.spec.table import CsvTable
from vgdesk.training.csv_column import misfit_column
from vgdesk.training.csv_file import MAX_BYTES, likely_delimiter, read_header
from vgdesk.training.csv_table import MAX_CLASSES, number_columns, read_table

GOOD = "age,kind,income\n34,yes,1.5\n51,no,2e3\n28,yes,-0.25\n"


def table(path: Path, content: str | bytes, target="kind", inputs=("age", "income"), **fields):
    """Writes a file and reads it; the message of what is refused begins with the name "t.csv"."""
    file = path / "t.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(CsvTable(path=str(file), inputs=inputs, target=(target,), **fields))


def refusal(path: Path, content: str | bytes, **fields) -> str:
    with pytest.raises(DocumentError) as caught:
        table(path, content, **fields)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_columns_come_in_the_chosen_order_and_classes_in_theirs(tmp_path):
    read = table(tmp_path, GOOD, inputs=("income", "age"))
    np.testing.assert_array_equal(read.inputs, [[1.5, 34], [2000, 51], [-0.25, 28]])
    assert (read.classes, read.labels.tolist()) == (("no", "yes"), [1, 0, 1])


def test_labels_that_are_numbers_are_compared_as_numbers(tmp_path):
    read = table(tmp_path, "x,k\n0,10\n0,9\n0,9.0\n", "k", ("x",))
    assert (read.classes, read.labels.tolist()) == (("9", "10"), [1, 0, 0])


def test_labels_that_only_python_takes_for_numbers_are_words(tmp_path):
    assert table(tmp_path, "x,k\n0,10\n0,1_0\n", "k", ("x",)).classes == ("10", "1_0")


def test_one_number_makes_a_column_one_of_numbers(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,c,d,e\n1,u,2020-01-01,NA,-\n2,3,2020-01-02,v,?\n")
    assert number_columns(str(tmp_path / "t.csv"), ",") == ["a", "b", "e"]


def test_a_regression_may_have_several_targets(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(GOOD.replace("yes", "7").replace("no", "8"))
    read = read_table(CsvTable(path=str(file), inputs=("age",), target=("kind", "income"), goal="regression"))
    np.testing.assert_array_equal(read.targets, [[7, 1.5], [8, 2000], [7, -0.25]])
    assert read.labels.size == 0


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\ufeff" + GOOD,
        GOOD.rstrip("\n"),
        GOOD.replace(",", " , "),
        GOOD + "\n\n,,\n",
        GOOD.replace("yes", '"yes"').replace("age", '"age"'),
    ],
    ids=["windows", "old mac", "byte order mark", "no last newline", "blanks", "empty rows", "quotes"],
)
def test_usual_ways_to_write_a_table_read_alike(tmp_path, content):
    np.testing.assert_array_equal(table(tmp_path, content).inputs, table(tmp_path, GOOD).inputs)
    assert table(tmp_path, content).classes == ("no", "yes")


@given(rows=st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.booleans()), min_size=2))
def test_written_numbers_read_back_to_the_same_bits(tmp_path_factory, rows):
    if len({kind for _, kind in rows}) == 2:
        lines = ["x,k", *(f"{value!r},{kind}" for value, kind in rows)]
        read = table(tmp_path_factory.mktemp("table"), "\n".join(lines), "k", ("x",))
        assert read.inputs[:, 0].tolist() == [value for value, _ in rows]
        assert [read.classes[label] for label in read.labels] == [str(kind) for _, kind in rows]


KIND = "t.csv, row 3, column 'kind':"
REFUSED = {
    "missing value": (GOOD.replace("51,no", "51,"), "t.csv, row 3, column 'kind': the value is missing"),
    "NA": (GOOD.replace("28", "NA"), "t.csv, row 4, column 'age': the value is missing"),
    "text": (GOOD.replace("2e3", "much"), "t.csv, row 3, column 'income': 'much' is not a number"),
    "underscore": (GOOD.replace("2e3", "2_000"), "t.csv, row 3, column 'income': '2_000' is not a number"),
    "wide digit": (GOOD.replace("2e3", "２"), "t.csv, row 3, column 'income': '２' is not a number"),
    "infinite": (GOOD.replace("2e3", "-inf"), "t.csv, row 3, column 'income': '-inf' is not finite"),
    "too large": (GOOD.replace("2e3", "2e999"), "t.csv, row 3, column 'income': '2e999' is not finite"),
    "decimal comma": (GOOD.replace("1.5", '"1,5"'), "'1,5' is not a number; write decimals with a point"),
    "delimiter": (GOOD.replace(",", ";"), "divided at each comma it has one column, 'age;kind;income'; try semicolon"),
    "long row": (GOOD.replace("28", "28,1"), "t.csv, row 4: the header has 3 columns, this row has 4"),
    "short row": (GOOD.replace("28,", ""), "t.csv, row 4: the header has 3 columns, this row has 2"),
    "missing column": (GOOD.replace("age", "years"), "has no column 'age'; its columns are 'years', 'kind', 'income'"),
    "twice": (
        "age,kind,income,age\n1,a,2,3\n1,b,2,3\n",
        "t.csv, row 1: two columns are called 'age'; a name must be unique",
    ),
    "empty": ("", "t.csv is empty; its first row must name the columns"),
    "blank": ("\n \n,,\n", "t.csv is empty; its first row must name the columns"),
    "header only": ("age,kind,income\n", "t.csv has a header but no row of data"),
    "one class": (GOOD.replace("no", "yes"), "column 'kind' of t.csv holds one class only, 'yes'"),
    "not UTF-8": (GOOD.replace("no", "nö").encode("latin-1"), f"{KIND} the line is not UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "t.csv, row 1, column 1: the line holds a NUL character"),
    "NUL": (GOOD.replace("no", "n\0"), f"{KIND} the line holds a NUL character; the file must be text in UTF-8"),
    "open quote": (GOOD.replace("no", '"no'), f'{KIND} a quotation mark " opens a field, and none closes it'),
    "quote inside": (GOOD.replace("no", '"n"o'), f"{KIND} a field goes on after its closing quotation mark"),
    "quote in the header": (GOOD.replace("kind", '"ki"nd'), "t.csv, row 1, column 2: a field goes on after"),
    "long field": (GOOD.replace("no", "n" * 200_000), f"{KIND} a field has more than 131,072 characters"),
    "long line": ("x" * 2_000_000, "t.csv, row 1: the line is longer than 1,048,576 characters"),
    "many classes": (
        "age,kind,income\n" + "".join(f"1,k{n},1\n" for n in range(MAX_CLASSES + 1)),
        "t.csv, row 102, column 'kind': more than 100 different labels",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_does_not_fit_is_refused_with_its_place(tmp_path, case):
    content, sentence = REFUSED[case]
    assert sentence in refusal(tmp_path, content)


WRITTEN = st.text(' a,"\n', max_size=6).map(lambda text: '"' + text.replace('"', '""') + '"') | st.text(
    " a", max_size=6
)


@given(before=st.lists(WRITTEN, max_size=4), bad=st.sampled_from(['"x"y', '"x" ,', ' "x"" "y', '"open']))
def test_the_column_of_a_misfit_is_that_of_its_field_whatever_the_fields_before_hold(before, bad):
    record = ",".join([*before, bad])
    with pytest.raises(csv.Error, match=r"expected after|unexpected end"):
        next(csv.reader(record.splitlines(keepends=True), skipinitialspace=True, strict=True))
    assert misfit_column(record, ",") == len(before) + 1


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as handle:
        handle.write(GOOD.encode())
        handle.truncate(10 * 2**30)  # a sparse file: it has this size, but nothing on the disk
    with pytest.raises(DocumentError, match=rf"huge.csv has 10,240 MB; .* at most {MAX_BYTES >> 20} MB"):
        read_table(CsvTable(path=str(file), inputs=("age",), target=("kind",)))


def test_more_numbers_than_the_limit_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("vgdesk.training.csv_table.MAX_NUMBERS", 4)
    assert "t.csv holds more than 4 numbers" in refusal(tmp_path, GOOD)


def test_folders_missing_files_and_devices_are_refused(tmp_path):
    for path, sentence in (
        (tmp_path, "is a folder, not a CSV file"),
        (tmp_path / "no.csv", "no such file"),
        (tmp_path / "t.csv" / "x.csv", "not a directory"),
        (Path(os.devnull), "is not a regular file"),
    ):
        (tmp_path / "t.csv").write_text(GOOD)
        with pytest.raises(DocumentError, match=sentence):
            read_table(CsvTable(path=str(path), inputs=("age",), target=("kind",)))


@given(content=st.binary(max_size=300))
def test_random_bytes_are_a_table_or_a_refusal(tmp_path_factory, content):
    try:
        read = table(tmp_path_factory.mktemp("table"), b"a,b\n" + content, "b", ("a",))
    except DocumentError as error:
        read, sentence = None, str(error)
        assert "t.csv" in sentence
    assert read is None or np.isfinite(read.inputs).all()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised(tmp_path, delimiter):
    file = tmp_path / "t.csv"
    file.write_text(GOOD.replace(",", delimiter))
    assert likely_delimiter(str(file)) == delimiter
    assert read_header(str(file), delimiter) == ["age", "kind", "income"]
