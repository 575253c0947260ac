"""How kernels are compiled: the only Numba options in the project.

`cache`   compiled code is kept on disk, so only the first run of a machine compiles;
`nogil`   other threads run while a kernel works;
`numpy`   division by zero gives infinity instead of an exception.

Sums may be reordered (`reassoc`, `contract`), which lets them use vector registers: nine times faster. No flag ever
assumes away NaN or infinity: they are our subject.

Numba looks only at the file of the *outermost* function to see whether its cached code is still true, so a change in a
file below it would go unnoticed. Hence: cached code older than any source file of this package is thrown away.
"""

import gc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.extending import intrinsic

from vgdesk.kernels._compiler import ConductorCompiler, KernelCompiler, PartCompiler

njit: Any = numba.njit
"""Numba's decorator; its published types lack `_nrt`, which turns counted references off."""

_REORDERED = {"reassoc", "contract"}
_ENTRY: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_INNER: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def entry(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles a function that Python calls; its compiled code holds all kernels below it and is kept on disk."""
    return _kept(function, {**_ENTRY, "pipeline_class": KernelCompiler})


def conductor(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles a function that Python calls and that leaves every loop over numbers to shared kernels."""
    return _kept(function, {**_ENTRY, "pipeline_class": ConductorCompiler})


def compiled_alone(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles a function that kernels find at run time (see `late_binding`), apart from them; it is kept on disk."""
    return _kept(function, {**_INNER, "pipeline_class": KernelCompiler})


def conductor_alone(function: Callable[..., Any]) -> Callable[..., Any]:
    """Does the same for one whose loops over numbers are those of shared kernels, written by vectors, or copies."""
    return _kept(function, {**_INNER, "pipeline_class": ConductorCompiler})


def reduction_alone(function: Callable[..., Any]) -> Callable[..., Any]:
    """Does the same for one whose sums may be taken in another order."""
    return _kept(function, {**_INNER, "pipeline_class": KernelCompiler, "fastmath": _REORDERED})


def _kept(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    try:
        compiled = njit(cache=True, _nrt=False, **options)(function)
    except RuntimeError:  # neither the package nor the home directory can be written: compile anew in each process
        return njit(_nrt=False, **options)(function)
    _discard_once(compiled.stats.cache_path)
    compiled.compile = _uncollected(compiled.compile)
    return compiled


def _uncollected(compile_one: Callable[..., Any]) -> Callable[..., Any]:
    """Holds Python's cyclic garbage collector while Numba compiles: it would take a twelfth of the time."""

    def compiled_at_once(signature: Any) -> Any:
        collects = gc.isenabled()
        gc.disable()
        try:
            return compile_one(signature)
        finally:
            if collects:
                gc.enable()

    return compiled_at_once


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles a function that only other kernels call, with exact arithmetic in the written order."""
    return njit(_nrt=False, pipeline_class=PartCompiler, **_INNER)(function)


def inlined_kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles a kernel as part of its only caller: one compilation fewer where a function only names a paragraph."""
    return njit(_nrt=False, inline="always", **_INNER)(function)


def reduction_kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles a kernel whose sums may be taken in another order; NaN and infinity keep their meaning."""
    return njit(_nrt=False, pipeline_class=PartCompiler, fastmath=_REORDERED, **_INNER)(function)


def generated(typing: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function that writes its machine code itself: `typing` returns (signature, generator of LLVM code)."""
    return intrinsic(typing)


@cache
def _discard_once(folder: str) -> None:
    discard_stale_code(Path(folder), Path(__file__).parent)


def discard_stale_code(folder: Path, package: Path) -> None:
    """Deletes compiled code in `folder` that is older than any source file of `package`."""
    newest_source = max(path.stat().st_mtime for path in package.rglob("*.py"))
    for cached in folder.glob("*.nb[ic]"):
        try:
            if cached.stat().st_mtime < newest_source:
                cached.unlink()
        except OSError:  # another process was faster, or the folder is read-only
            continue
