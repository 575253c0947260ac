"""Can a window open here, and if not, why? Standard library only; Qt itself aborts the process when it cannot.

A bare Debian machine lacks system libraries that Qt's wheels do not carry; the exact packages are named.
"""

import importlib.util
import os
import sys
from ctypes import CDLL

OFFSCREEN_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing_packages(offscreen: bool) -> list[str]:
    """Returns the Debian packages whose libraries Qt would not find; empty on other systems than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    needed = OFFSCREEN_LIBRARIES if offscreen else OFFSCREEN_LIBRARIES | X11_LIBRARIES
    return [package for library, package in needed.items() if not _loads(library)]


def install_line(packages: list[str]) -> str:
    """Returns the command that installs them."""
    return f"sudo apt-get install {' '.join(packages)}"


def no_window_reason(offscreen: bool = False) -> str:
    """Returns one sentence why no window can open, or "" when one can.

    Parameters
    ----------
    offscreen
        Whether the window is only drawn into memory, which needs no display.
    """
    if importlib.util.find_spec("PySide6") is None:
        return "No window opened: PySide6 (Qt for Python) is not installed in this environment."
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    offscreen = offscreen or platform in ("offscreen", "minimal", "vnc")
    missing = missing_packages(offscreen or not _has_display())
    libraries = f"install Qt's missing system libraries with: {install_line(missing)}" if missing else ""
    if not offscreen and not _has_display():
        reason = "No window opened: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
        return f"{reason}; for one, also {libraries}" if missing else f"{reason}."
    return f"No window opened: {libraries}" if missing else ""


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _loads(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True
