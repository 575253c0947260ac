"""What holds for all tests: drawn off screen, no deadlines, and without Qt where PySide6 is not installed."""

import importlib.util
import os

from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No test asserts a time: the machines are shared.
settings.register_profile("vgdesk", deadline=None)
settings.load_profile("vgdesk")

collect_ignore = [] if importlib.util.find_spec("PySide6") else ["ui"]
