"""The one door of every entry: every way to end becomes an exit status and at most one sentence.

0 done, 1 a check failed, 2 a complaint, 130 cancelled with Ctrl-C, 141 the reader of the output went away (the status
a shell gives to SIGPIPE). Standard library only: the plain start of the window passes through here.
"""

import os
import re
import signal
import sys
from _thread import get_ident
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TextIO

from vgdesk.errors import VgdeskError, printable, shortened

if TYPE_CHECKING:
    from types import FrameType

COMPLAINT = 2
CANCELLED = 128 + 2
READER_GONE = 128 + 13
RETRY_SECONDS = 0.05
_LONG_WORD = re.compile(r"\S{201,}")
"""What nobody reads to its end, whoever repeats it: a value that was typed, or click's own "No such option"."""
_heard: list[int] = []
"""Interrupts so far: a module of compiled code that one meets while it is imported says "initialization failed"."""


def guarded(job: Callable[[], int]) -> int:
    """Returns the exit status of a job, whatever happens to it short of a bug, with everything written out."""
    prepare_streams()
    status = _status_of(job)
    try:
        sys.stdout.flush()
    except OSError as error:
        _discard(sys.stdout)
        # The work is done: a reader who has seen enough does not change how it went.
        return status if isinstance(error, BrokenPipeError) else complain(_refusal(error))
    return status


def insist_on_interrupts() -> None:
    """Has Ctrl-C work also where Python would drop it: an exception cannot leave a callback from compiled code."""

    def heard(number: int, frame: "FrameType | None") -> None:
        _heard.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, heard)
    main = get_ident()

    def again(unraisable: "sys.UnraisableHookArgs") -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(unraisable)
            return
        import threading

        # Sent to the main thread itself where the system can: a signal to the timer's would not wake it.
        send = partial(signal.pthread_kill, main) if hasattr(signal, "pthread_kill") else signal.raise_signal
        threading.Timer(RETRY_SECONDS, send, [signal.SIGINT]).start()

    sys.unraisablehook = again


def prepare_streams() -> None:
    """Makes sure that the standard streams exist and can say every character.

    A file or pipe gets UTF-8; a terminal, or whoever chose an encoding with PYTHONIOENCODING, keeps it and reads
    escapes for what it lacks.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us, or a Windows program without a console
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - lives as long as the process
        elif stream.encoding.lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
            if stream.isatty() or os.environ.get("PYTHONIOENCODING"):
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8")


def complain(sentence: str, status: int = COMPLAINT) -> int:
    """Writes one sentence to the error stream and returns the status; a word of hundreds of letters is shortened."""
    told = printable(_LONG_WORD.sub(lambda word: shortened(word[0]), sentence))
    try:
        sys.stderr.write(f"vgdesk: {told}\n")
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)
    return status


def _status_of(job: Callable[[], int]) -> int:
    try:
        return job()
    except VgdeskError as error:
        return complain(str(error))
    except KeyboardInterrupt as error:
        return _cancelled(str(error))
    except ImportError:
        if not _heard:
            raise
        return _cancelled()
    except BrokenPipeError:
        _discard(sys.stdout)
        return READER_GONE
    except OSError as error:
        _discard(sys.stdout)
        return complain(_refusal(error))


def _cancelled(sentence: str = "") -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not tear the farewell apart
    return complain(sentence or "cancelled", CANCELLED)


def _refusal(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"cannot use {error.filename!r}: {reason}" if error.filename else f"cannot write the output: {reason}"


def _discard(stream: TextIO) -> None:
    """Sends what is still in a broken stream to nowhere, so that the interpreter's own last flush succeeds."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
