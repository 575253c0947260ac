"""Starts the real window in fresh processes and reads what it measured about itself.

Each start prints one JSON line: seconds from process start to the first paint and to everything ready, and the 99th
percentile of the frame interval while training and, in a run with an empty kernel cache, while kernels compile.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from vgdesk.errors import WorkerError

Row = tuple[str, str, str]
"""What was measured, the figure, the target."""

_START = "from vgdesk.app import run_window; raise SystemExit(run_window(measure=True))"
TIMEOUT = 120.0


def window_rows(repeats: int) -> Iterator[Row]:
    """Yields the start-up and frame rows; medians over `repeats` starts after one warm-up."""
    measure_start()
    starts = [measure_start() for _ in range(repeats)]
    first, ready, frames = (
        statistics.median(start[key] for start in starts) for key in ("first_paint", "ready", "frame_p99_ms")
    )
    yield "first paint after process start", f"{first:.2f} s", "≤ 0.40 s"
    yield "everything ready, warm caches", f"{ready:.2f} s", "≤ 1.50 s"
    yield "frame interval p99 while training", f"{frames:.1f} ms", "≤ 20 ms"
    with tempfile.TemporaryDirectory() as empty:
        cold = measure_start({"NUMBA_CACHE_DIR": empty})
    yield "frame interval p99 while kernels compile", f"{cold['frame_p99_ms']:.1f} ms", "≤ 20 ms"
    yield "everything ready, kernels not yet compiled", f"{cold['ready']:.2f} s", "—"


def measure_start(environment: dict[str, str] | None = None) -> dict[str, float]:
    """Starts the window once, lets it measure itself and returns its figures.

    Raises
    ------
    WorkerError
        The window did not start, with its own words.
    """
    started = {**os.environ, **(environment or {}), "VGDESK_STARTED": repr(time.time())}
    started.pop("PYTHONDONTWRITEBYTECODE", None)  # warm caches include Python's own
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform != "linux"):
        started.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, "-c", _START], env=started, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise WorkerError(f"the window could not be measured: {words[-1]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
