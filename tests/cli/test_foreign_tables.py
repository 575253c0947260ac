"""Tables as spreadsheets and other programs write them: what does not fit is told with file, row and column."""

import pytest

EUROPEAN = "a;b;c\n0,370;0,710;1\n0,2;1,7;0\n0,3;0,7;1\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (EUROPEAN, "t.csv, row 2, column 'a': '0,370' is not a number; write decimals with a point"),
        (EUROPEAN.replace("0,370", "-1,5e3"), "row 2, column 'a': '-1,5e3' is not a number; write decimals with a"),
        ("a;c\n1;1,5\n2;2,5\n3;1,5\n4;2,5\n", "row 2, column 'c': '1,5' is not a number; write decimals with a point"),
        ("a;c\nu;1\nv;0\n", "t.csv has no column of numbers besides c to learn from"),
        (",b,c\n1,2,0\n2,3,1\n", "t.csv, row 1: column 1 has no name; give it one, or choose the inputs by name"),
        ("\na,a,c\n1,2,0\n2,3,1\n", "t.csv, row 2: two columns are called 'a'; a name must be unique"),
        ("a,b,c\n1,2,0\n2,foo,1\n3,4,0\n", "t.csv, row 3, column 'b': 'foo' is not a number"),
        ("a,b,c\n1,2,0\n2,0x10,1\n3,4,0\n", "t.csv, row 3, column 'b': '0x10' is not a number"),
        ('a,b,c\n1,2,0\n2,3"4,1\n3,4,0\n', "t.csv, row 3, column 'b': '3\"4' is not a number"),
        ("a,b,c\n1,2,0\n2,2020-01-01,1\n3,4,0\n", "row 3, column 'b': '2020-01-01' is not a number"),
    ],
)
def test_a_table_is_refused_with_its_place(vgdesk, tmp_path, text, sentence):
    (tmp_path / "t.csv").write_text(text)
    done = vgdesk("train", "t.csv", "--target", "c")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert sentence in done.err


def test_columns_without_a_name_may_stand_beside_the_chosen_ones(vgdesk, tmp_path):
    rows = [f"{n},{n % 4},{n % 2}" for n in range(12)]
    (tmp_path / "t.csv").write_text("\n".join([",b,c", *rows]))
    assert vgdesk("train", "t.csv", "--target", "c", "--inputs", "b", "--steps", "2").status == 0


def test_columns_of_text_are_left_out_by_name_unless_the_inputs_are_chosen(vgdesk, tmp_path):
    rows = [f"2020-01-0{n},n{n},{n},{n % 2}" for n in range(1, 9)]
    (tmp_path / "t.csv").write_text("\n".join(["day,na\x1bme,x,c", *rows]))
    done = vgdesk("train", "t.csv", "--target", "c", "--steps", "2", "--json")
    assert (done.status, done.err) == (0, "left out, as columns of text: day, na\\x1bme\n")
    assert vgdesk("train", "t.csv", "--target", "c", "--inputs", "x", "--steps", "2").err == ""


def test_a_file_name_cannot_steer_the_terminal_from_a_complaint(vgdesk, tmp_path):
    (tmp_path / "x\x1b[31m.csv").write_text("a,b\n1,2\n")
    done = vgdesk("train", "x\x1b[31m.csv", "--target", "c")
    assert done.err == "vgdesk: x\\x1b[31m.csv has no column 'c'; its columns are 'a', 'b'\n"
