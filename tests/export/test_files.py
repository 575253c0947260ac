"""A file is written whole or not at all."""

import os
from pathlib import Path

import pytest

from vgdesk.errors import ExportError
from vgdesk.export.files import checked_suffix, write_file


def test_file_holds_the_given_bytes_and_nothing_lies_beside_it(tmp_path: Path):
    write_file(tmp_path / "a.svg", b"<svg/>")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.svg", b"<svg/>")]


def test_existing_file_is_replaced_and_keeps_its_permissions(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old and longer")
    path.chmod(0o640)
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_new_file_has_the_usual_permissions(tmp_path: Path):
    (tmp_path / "usual").write_bytes(b"")
    write_file(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_link_is_followed_and_stays_a_link(tmp_path: Path):
    (tmp_path / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_file(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


def test_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(ExportError, match=r"no-such.*does not exist.*writable folder"):
        write_file(tmp_path / "no-such" / "a.svg", b"")


def test_folder_as_target_is_refused_and_left_alone(tmp_path: Path):
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(ExportError, match="it is a folder, not a file"):
        write_file(tmp_path / "a.svg", b"")
    assert (tmp_path / "a.svg").is_dir()


def test_device_is_never_replaced():
    with pytest.raises(ExportError, match="not a regular file"):
        write_file(os.devnull, b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["a\0b.svg", "n" * 300 + ".svg"])
def test_impossible_name_is_one_sentence(tmp_path: Path, name: str):
    with pytest.raises(ExportError) as caught:
        write_file(tmp_path / name, b"")
    assert "\n" not in str(caught.value)
    assert "\0" not in str(caught.value)


def test_failure_in_the_middle_leaves_what_stood_there(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"precious")
    with pytest.raises(TypeError):
        write_file(path, "text is not bytes")  # pyright: ignore[reportArgumentType]
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.txt", b"precious")]


def test_suffix_is_read_without_regard_to_case():
    assert checked_suffix("picture.PNG", (".png", ".svg")) == ".png"


@pytest.mark.parametrize("name", ["picture.bmp", "picture"])
def test_unknown_suffix_lists_the_allowed_ones(name: str):
    with pytest.raises(ExportError, match=r"picture.*use one of \.png, \.svg"):
        checked_suffix(name, (".png", ".svg"))
