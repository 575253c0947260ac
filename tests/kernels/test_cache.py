"""Compiled code on disk is used only while it is newer than every kernel file, also those Numba does not look at."""

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from numba import config, types
from numba.core import event

import vgdesk.kernels
from vgdesk.kernels._jit import compiled_alone, discard_stale_code

PACKAGE = Path(vgdesk.kernels.__file__).parent

_RUN = """
from vgdesk.kernels import feed_forward
print(feed_forward.train.stats.cache_path)
"""


def test_code_older_than_a_deep_source_file_is_deleted(tmp_path):
    source = tmp_path / "package" / "simd" / "panel.py"
    source.parent.mkdir(parents=True)
    source.touch()
    changed = source.stat().st_mtime
    for name, age in (("old.nbi", 10), ("old.nbc", 10), ("new.nbc", -10), ("other.txt", 10)):
        path = tmp_path / name
        path.touch()
        os.utime(path, (changed - age, changed - age))
    discard_stale_code(tmp_path, tmp_path / "package")
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["new.nbc", "other.txt"]


def test_stale_code_is_also_found_where_the_environment_put_it(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def import_kernels():
        run = subprocess.run([sys.executable, "-c", _RUN], env=environment, capture_output=True, text=True, check=True)
        return Path(run.stdout.strip())

    folder = import_kernels()
    assert folder.is_relative_to(tmp_path)
    stale, fresh = folder / "stale.nbc", folder / "fresh.nbc"
    newest = max(path.stat().st_mtime for path in PACKAGE.rglob("*.py"))
    for path, time in ((stale, newest - 10), (fresh, newest + 10)):
        path.touch()
        os.utime(path, (time, time))
    import_kernels()
    assert list(folder.glob("*.nb[ic]")) == [fresh]


class _Collector(event.Listener):
    """Notes at both ends of a compilation whether Python collects garbage."""

    def __init__(self):
        self.noted = []

    def on_start(self, event):
        self.noted.append(gc.isenabled())

    on_end = on_start


def test_the_garbage_collector_waits_for_a_compilation_and_works_again_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))  # with what an earlier run kept nothing is compiled
    added: Any = compiled_alone(lambda number: number + 1)
    with event.install_listener("numba:compile", _Collector()) as listener:
        added.compile((types.int64,))
    assert listener.noted == [False, False]
    assert gc.isenabled()
