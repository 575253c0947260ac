"""Two options of a command that lead to one file are noticed before anything is trained or written."""

import pytest


@pytest.fixture
def linked(vgdesk, tmp_path):
    """Returns the command line, in a folder that holds "real" and "link", two names of one folder."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    return vgdesk


@pytest.mark.parametrize(
    ("command", "first", "second", "suffix"),
    [
        (("train", "insurance", "--steps", "2"), "--out", "--save-experiment", ".json"),
        (("gradients", "insurance"), "--out", "--save-parameters", ".npz"),
        (("gradients", "insurance"), "--out", "--save-batch", ".npz"),
        (("gradients", "insurance"), "--save-parameters", "--out", ".npz"),
    ],
)
def test_one_file_through_a_linked_folder_is_noticed_at_once(linked, tmp_path, command, first, second, suffix):
    done = linked(*command, first, f"real/x{suffix}", second, f"link/x{suffix}")
    assert done.status == 2
    assert "must be two files, got 'real/x" in done.err or "must be two files, got 'link/x" in done.err
    assert "which are one" in done.err
    assert done.err.count("\n") == 1
    assert list((tmp_path / "real").iterdir()) == []


def test_a_file_that_is_read_is_not_written_through_a_link(linked, tmp_path):
    assert linked("gradients", "insurance", "--out", "real/g.npz", "--save-parameters", "real/p.npz").status == 0
    before = (tmp_path / "real" / "p.npz").read_bytes()
    done = linked("gradients", "insurance", "--parameters", "real/p.npz", "--out", "link/p.npz")
    assert done.status == 2
    assert "--parameters and --out must be two files, got 'real/p.npz' and 'link/p.npz', which are one" in done.err
    assert (tmp_path / "real" / "p.npz").read_bytes() == before


def test_a_map_that_leads_to_its_own_table_is_noticed_before_the_first_training(linked, tmp_path):
    (tmp_path / "map.png").symlink_to("table.csv")
    done = linked("trainability", "xor", "--out", "table.csv", "--figure", "map.png", "--points", "2", "--steps", "1")
    assert done.status == 2
    assert "--out and --figure must be two files, got 'table.csv' and 'map.png', which are one" in done.err
    assert not (tmp_path / "table.csv").exists()


def test_a_tilde_that_no_shell_replaced_is_the_home_folder(vgdesk, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    done = vgdesk("examples", "insurance", "--out=~/mine.json")
    assert (done.status, done.out) == (0, f"wrote {tmp_path / 'home' / 'mine.json'}\n")
    done = vgdesk("examples", "insurance", "--out=~nobody-of-that-name/mine.json")
    assert "cannot write '~nobody-of-that-name/mine.json': there is no such user" in done.err
