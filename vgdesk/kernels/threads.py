"""One training uses one thread: small products lose more in waking a second thread than it gains."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import scipy.linalg.cython_blas  # noqa: F401  (loads the BLAS library that compiled code calls, so that it can be found)
from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keeps BLAS to one thread inside the `with` block and restores the former number after it."""
    with _controller().limit(limits=1, user_api="blas"):
        yield
