"""Starts the real window in fresh processes and reads what it measured about itself.

Each start prints one JSON line: seconds from process start to the first paint and to everything ready, and the 99th
percentile of the frame interval while training and, in a run with an empty kernel cache, while kernels compile; then
the longest stretch of the window's thread while the theme changes, and how fast the profile follows a dragged network.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from vgdesk.bench.figure import Figure
from vgdesk.errors import WorkerError

_START = "from vgdesk.app import run_window; raise SystemExit(run_window(measure=True))"
TIMEOUT = 120.0


def window_figures(repeats: int) -> Iterator[Figure]:
    """Yields start-up and frames; medians over `repeats` starts after one warm-up."""
    measure_start()
    starts = [measure_start() for _ in range(repeats)]
    first, ready, frames, theme, drag = (
        _median(starts, key) for key in ("first_paint", "ready", "frame_p99_ms", "theme_stretch_ms", "drag_ms")
    )
    yield Figure("first paint after process start", first, "s", 0.4, decimals=2)
    yield Figure("everything ready, warm caches", ready, "s", 1.5, decimals=2)
    yield Figure("frame interval p99 while training", frames, "ms", 20.0)
    yield Figure("theme change, longest stretch", theme, "ms", 50.0)
    yield Figure("network dragged in the phase diagram, to the painted profile", drag, "ms", 16.0)
    with tempfile.TemporaryDirectory() as empty:
        cold = measure_start({"NUMBA_CACHE_DIR": empty})
    yield Figure("frame interval p99 while kernels compile", cold["frame_p99_ms"], "ms", 20.0)
    yield Figure("everything ready, kernels not yet compiled", cold["ready"], "s", decimals=2)


def _median(starts: list[dict[str, float]], key: str) -> float | None:
    """Returns the median of a figure, None where no window came so far before its patience ended."""
    found = [start[key] for start in starts if key in start]
    return statistics.median(found) if found else None


def measure_start(environment: dict[str, str] | None = None) -> dict[str, float]:
    """Starts the window once, lets it measure itself and returns its figures.

    Raises
    ------
    WorkerError
        The window did not start, with its own words.
    """
    started = {**(environment or {}), "VGDESK_STARTED": repr(time.time())}
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform != "linux"):
        started = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **started}
    return run_fresh(_START, started)


def run_fresh(script: str, environment: dict[str, str]) -> dict[str, float]:
    """Runs a script in a new process and returns the object that is the last line it prints.

    Raises
    ------
    WorkerError
        The process failed, with its own words.
    """
    started = {**os.environ, **environment}
    started.pop("PYTHONDONTWRITEBYTECODE", None)  # warm caches include Python's own
    done = subprocess.run(
        [sys.executable, "-c", script], env=started, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise WorkerError(f"a process to be measured failed: {words[-1]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
