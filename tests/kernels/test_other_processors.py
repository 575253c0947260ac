"""Vector functions keep their digits on a processor that rounds a product before it adds to it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import SECONDS

HERE = Path(__file__).parent
TESTS = (
    HERE / "test_elementary.py",
    f"{HERE / 'recurrent' / 'test_passes.py'}::test_closed_gates_and_what_they_leave_open_have_their_digits",
)


def test_functions_have_their_digits_where_a_product_is_rounded_before_something_is_added(tmp_path):
    narrow = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, TESTS)],
        env={**os.environ, **narrow},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout
