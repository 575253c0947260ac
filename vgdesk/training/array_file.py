"""Arrays in a .npz file, by name: NumPy's own format, read without pickle.

Whatever is wrong with a file becomes one sentence that names the file, the array, its shape and the one that is needed.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vgdesk.errors import DocumentError


def read_arrays(path: Path | str, shapes: Mapping[str, tuple[int | None, ...]]) -> dict[str, np.ndarray]:
    """Returns exactly the named arrays, float64.

    Parameters
    ----------
    shapes
        Name -> shape; None where a length is free.

    Raises
    ------
    DocumentError
        When the file cannot be read, lacks an array, holds one too many, or one of another shape or of no finite
        numbers.
    """
    name = Path(path).name
    found = _loaded(path, name)
    missing, foreign = [key for key in shapes if key not in found], [key for key in found if key not in shapes]
    if missing or foreign:
        what = f"lacks {missing[0]!r}" if missing else f"holds {foreign[0]!r}, which the network does not have"
        raise DocumentError(f"{name} {what}; it must hold {_listed(list(shapes))}")
    return {key: _checked(found[key], key, shape, name) for key, shape in shapes.items()}


def array_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Returns the contents of a .npz file."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _loaded(path: Path | str, name: str) -> dict[str, np.ndarray]:
    try:
        _require_file(Path(path).expanduser(), name)
        with open(Path(path).expanduser(), "rb") as stream, zipfile.ZipFile(stream) as archive:
            return {entry.removesuffix(".npy"): _member(archive, entry) for entry in archive.namelist()}
    except OSError as error:
        raise DocumentError(f"cannot read {name}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, EOFError, SyntaxError, MemoryError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise DocumentError(f"{name} must be a .npz file of number arrays, but it is not: {error}") from None


def _require_file(file: Path, name: str) -> None:
    """Raises `DocumentError` of a pipe or a device: reading one may wait for ever."""
    mode = file.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise DocumentError(f"{name} is not a regular file")


def _member(archive: zipfile.ZipFile, entry: str) -> np.ndarray:
    with archive.open(entry) as member:
        return np.lib.format.read_array(member, allow_pickle=False)


def _checked(values: np.ndarray, key: str, shape: tuple[int | None, ...], name: str) -> np.ndarray:
    if values.dtype.kind not in "fiub":
        raise DocumentError(f"{key} in {name} must hold real numbers, got {values.dtype}")
    fits = values.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, values.shape, strict=True))
    if not fits or not values.size:
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        raise DocumentError(f"{key} in {name} must have shape ({wanted}), got {values.shape}")
    numbers = values.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise DocumentError(f"{key} in {name} must hold finite numbers only")
    return numbers


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:6])}, ..., {', '.join(names[-3:])}"
