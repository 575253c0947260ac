"""PySide6 6.12.0 on Python 3.10 and 3.11 dies after some thousand calls that return nothing; our version must not."""

import os
import subprocess
import sys

CALLS = """
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QPainterPath
app = QGuiApplication([])
thing, path = QObject(), QPainterPath()
for _ in range(100_000):
    thing.setObjectName("a")
    path.clear()
"""


def test_two_hundred_thousand_void_calls_leave_python_alive():
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run([sys.executable, "-c", CALLS], env=environment, capture_output=True, check=False)
    assert (result.returncode, result.stderr.decode()) == (0, "")
