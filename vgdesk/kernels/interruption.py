"""A word from another thread that reaches kernels at work: leave off, what this step would bring is no longer wanted.

One step of a very large network takes seconds. Kernels therefore look at one place in memory before every layer or
time step, and within long products (`interrupted`, `long_products`), and leave a step without its update when the word
is there, so that the parameters stay those of the last whole step (the running moments of batch normalisation may be a
step ahead; an update that had begun is made whole before anybody sees the parameters). What comes before the kernels,
drawing and copying of parameters, raises `LeftOffError` (`go_on`). Whoever gave the word takes it back.
"""

import ctypes

_place = ctypes.c_int64(0)
ADDRESS = ctypes.addressof(_place)
"""Where kernels look."""


def interrupt() -> None:
    """Makes kernels of this process leave off, now and until `resume` is called; any thread may call it."""
    _place.value = 1


def resume() -> None:
    """Lets kernels work again."""
    _place.value = 0


class LeftOffError(Exception):
    """Says that something was left off before it was whole, so that there is nothing to return."""


def go_on() -> None:
    """Raises `LeftOffError` where the word is there: for long work in Python that comes before the kernels'."""
    if is_interrupted():
        raise LeftOffError


def is_interrupted() -> bool:
    """Whether kernels leave off: what they returned meanwhile may be nothing."""
    return bool(_place.value)
