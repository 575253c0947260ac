"""Arrays in .npz files: what is wrong with one is said in a sentence, and nothing is ever unpickled."""

import os

import numpy as np
import pytest

from vgdesk.errors import DocumentError
from vgdesk.training.array_file import array_bytes, read_arrays

SHAPES = {"W1": (2, 3), "inputs": (None, 3)}
GOOD = {"W1": np.arange(6.0).reshape(2, 3), "inputs": np.ones((5, 3), np.float32)}


def written(folder, **arrays):
    path = folder / "arrays.npz"
    path.write_bytes(array_bytes(GOOD | arrays))
    return path


def test_arrays_come_back_as_float64(tmp_path):
    found = read_arrays(written(tmp_path), SHAPES)
    assert list(found) == list(SHAPES)
    assert found["inputs"].dtype == np.float64
    np.testing.assert_array_equal(found["W1"], GOOD["W1"])


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"W1": np.ones((3, 2))}, r"W1 in arrays.npz must have shape \(2, 3\), got \(3, 2\)"),
        ({"inputs": np.ones((0, 3))}, r"inputs in arrays.npz must have shape \(any, 3\), got \(0, 3\)"),
        ({"W1": np.full((2, 3), np.nan)}, "W1 in arrays.npz must hold finite numbers only"),
        ({"W1": np.full((2, 3), "x")}, "W1 in arrays.npz must hold real numbers"),
        ({"W9": np.ones(1)}, "holds 'W9', which the network does not have"),
    ],
)
def test_a_misfit_names_array_and_file(tmp_path, arrays, words):
    with pytest.raises(DocumentError, match=words):
        read_arrays(written(tmp_path, **arrays), SHAPES)


def test_a_missing_array_is_named(tmp_path):
    path = tmp_path / "half.npz"
    path.write_bytes(array_bytes({"W1": GOOD["W1"]}))
    with pytest.raises(DocumentError, match=r"half.npz lacks 'inputs'; it must hold W1, inputs"):
        read_arrays(path, SHAPES)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"other.npz must be a .npz file"):
        read_arrays(path, SHAPES)


def test_a_single_array_file_is_refused(tmp_path):
    np.save(tmp_path / "one.npy", np.ones(3))
    with pytest.raises(DocumentError, match=r"one.npy must be a .npz file"):
        read_arrays(tmp_path / "one.npy", SHAPES)


def test_objects_are_never_unpickled(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, W1=np.array([{"a": 1}], dtype=object), inputs=GOOD["inputs"])
    with pytest.raises(DocumentError, match=r"objects.npz must be a .npz file"):
        read_arrays(path, SHAPES)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(DocumentError, match=r"cannot read gone.npz: no such file"):
        read_arrays(tmp_path / "gone.npz", SHAPES)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in its file system")
def test_a_pipe_is_refused_before_it_could_be_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(DocumentError, match=r"pipe.npz is not a regular file"):
        read_arrays(tmp_path / "pipe.npz", SHAPES)
