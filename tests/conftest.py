"""What holds for all tests: drawn off screen, no deadlines, the same draws every time, and without Qt where PySide6 is
not installed.

`pytest --hypothesis-profile=search` draws other examples at every start, to look for what the usual ones do not meet.
"""

import importlib.util
import os
import signal

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A shell lets what it starts in the background ignore Ctrl-C, and so would every process that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No test asserts a time, nor how long its examples take to draw: the machines are shared.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A property is tested with the same examples at every start, so that what fails fails for a change and not by chance.
settings.register_profile("vgdesk", settings.get_profile("search"), derandomize=True)
settings.load_profile("vgdesk")
# Constants of whatever modules happen to be loaded would make the draws depend on which tests were chosen.
if hasattr(providers, "_get_local_constants"):
    providers._get_local_constants = lambda: providers._local_constants

collect_ignore = [] if importlib.util.find_spec("PySide6") else ["ui"]
