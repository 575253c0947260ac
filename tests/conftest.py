"""Tests that need Qt are left out where PySide6 is not installed."""

import importlib.util
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

collect_ignore = [] if importlib.util.find_spec("PySide6") else ["ui"]
