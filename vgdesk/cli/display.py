"""Can a window open here, and if not, why? Standard library only; Qt itself aborts the process when it cannot.

A bare Debian machine lacks system libraries that Qt's wheels do not carry; the exact packages are named. A display that
is named but does not answer is found out by asking it the way Qt would.
"""

import importlib.util
import os
import sys
from ctypes import CDLL, c_void_p
from pathlib import Path

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
PATIENCE = 2.0
"""Seconds that a display on another machine may take to answer."""


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
    """Returns why no window can open, to follow a colon, or "" when one can.

    Parameters
    ----------
    offscreen
        Whether the window is only drawn into memory, which needs no display.
    """
    if importlib.util.find_spec("PySide6") is None:
        return "PySide6 (Qt for Python) is not installed in this environment"
    asked = [] if offscreen else [name.split(":")[0] for name in _asked_platforms()]
    if asked and not set(asked) & (known := _known_platforms()):
        return f"QT_QPA_PLATFORM must be one of {', '.join(sorted(known))}; got {os.environ['QT_QPA_PLATFORM']!r}"
    needs_display = not offscreen and all(name == "xcb" or name.startswith("wayland") for name in asked)
    silent = _silence(asked) if needs_display and sys.platform.startswith("linux") else ""
    missing = missing_packages(offscreen=not needs_display or bool(silent))
    libraries = f"install Qt's missing system libraries with: {install_line(missing)}" if missing else ""
    return f"{silent}; for one, also {libraries}" if silent and libraries else silent or libraries


def _asked_platforms() -> list[str]:
    return [name for name in os.environ.get("QT_QPA_PLATFORM", "").split(";") if name]


def _known_platforms() -> set[str]:
    """Returns the names that QT_QPA_PLATFORM may hold: the files beside Qt, "libqxcb.so" being "xcb"."""
    spec = importlib.util.find_spec("PySide6")
    root = Path(spec.origin).parent if spec and spec.origin else Path()
    files = [*root.glob("Qt/plugins/platforms/*q*.*"), *root.glob("plugins/platforms/q*.dll")]
    own = os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH") or os.environ.get("QT_PLUGIN_PATH")
    known = {file.stem.removeprefix("lib").removeprefix("q") for file in files}
    return known if known and not own else known | {name.split(":")[0] for name in _asked_platforms()}


def _silence(asked: list[str]) -> str:
    """Returns which display does not answer, or "" when one does."""
    x11, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if not x11 and not wayland:
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    use_x11 = not asked or "xcb" in asked
    use_wayland = not asked or any(name.startswith("wayland") for name in asked)
    if (wayland and use_wayland and _wayland_answers(wayland)) or (x11 and use_x11 and _x11_answers(x11)):
        return ""
    named = {"DISPLAY": x11 if use_x11 else None, "WAYLAND_DISPLAY": wayland if use_wayland else None}
    tried = " and ".join(f"{name}={value}" for name, value in named.items() if value)
    return f"no display answers at {tried}" if tried else f"QT_QPA_PLATFORM={';'.join(asked)} has no display"


def _wayland_answers(display: str) -> bool:
    import socket  # here and below: most starts need not load it

    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", "/run"), display)
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(path)
    except (OSError, ValueError):
        return False
    return True


def _x11_answers(display: str) -> bool:
    """Whether the X server lets us in, asked through the library that Qt uses; permission is part of the question."""
    host, _, number = display.rpartition(":")
    if host and not host.startswith("/") and host != "unix" and not _listens(host, number.split(".")[0]):
        return False
    try:
        xcb = CDLL("libxcb.so.1")
    except OSError:
        return True  # then the missing libraries are the reason that is told
    xcb.xcb_connect.restype = c_void_p
    connection = c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def _listens(host: str, number: str) -> bool:
    """Whether another machine answers in time; libxcb itself would wait for minutes."""
    import socket

    try:
        with socket.create_connection((host, 6000 + int(number)), PATIENCE):
            return True
    except (OSError, ValueError, OverflowError):
        return False


def _loads(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True
