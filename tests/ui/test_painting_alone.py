"""The window's thread paints alone: it does not wait for helpers that have no core to run on."""

import os
import subprocess
import sys

import pytest

PAINT = """
import os, sys
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF
from PySide6.QtWidgets import QApplication
from vgdesk.app import make_application

application = make_application() if sys.argv[1] == "vgdesk" else QApplication(["plain"])
before = len(os.listdir("/proc/self/task"))
picture = QImage(900, 900, QImage.Format.Format_RGB32)
painter = QPainter(picture)
painter.setRenderHint(QPainter.RenderHint.Antialiasing)
painter.setBrush(QColor(0, 0, 255, 60))
painter.drawPolygon(QPolygonF([QPointF(10, 10), QPointF(880, 400), QPointF(300, 890)]))
painter.rotate(10)
painter.drawImage(painter.window(), QImage(40, 40, QImage.Format.Format_RGB32))
painter.end()
print(len(os.listdir("/proc/self/task")) - before)
"""


def helpers(application: str) -> int:
    """Returns how many threads painting has started in a new process."""
    environment = {key: value for key, value in os.environ.items() if key != "QT_NO_GUI_THREADPOOL"}
    done = subprocess.run(
        [sys.executable, "-c", PAINT, application], capture_output=True, text=True, check=True,
        env={**environment, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_painting_starts_no_threads_in_the_window():
    assert helpers("vgdesk") == 0


@pytest.mark.skipif(sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="looks into /proc, on two cores")
def test_painting_would_start_threads_by_itself():
    # If Qt stops doing so, the variable that forbids it can go.
    assert helpers("plain") > 0
