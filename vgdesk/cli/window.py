"""Opens the window, or does its job in the terminal where none can open."""

from pathlib import Path

from vgdesk.cli.display import no_window_reason
from vgdesk.errors import ExportError, SpecError

WORKSPACES = ("derive", "train")
THEMES = ("light", "dark")
SMALLEST, LARGEST = (960, 640), (7680, 4320)


def open_window(workspace: str | None = None, theme: str | None = None, size: str | None = None) -> int:
    """Opens the window and returns its exit status; without a display the terminal tour runs instead."""
    chosen = _checked(workspace, theme, size)
    reason = no_window_reason()
    if reason:
        from vgdesk.cli.tour import run_tour

        run_tour(reason)
        return 0
    from vgdesk.app import run_window

    return run_window(workspace=workspace, theme=theme, size=chosen)


def take_screenshot(
    path: Path, workspace: str | None, theme: str | None, size: str | None, steps: int | None = None
) -> int:
    """Renders the window offscreen to a PNG file."""
    from vgdesk.export.files import check_writable, checked_suffix

    chosen = _checked(workspace, theme, size)
    checked_suffix(path, (".png",))
    check_writable(path)
    reason = no_window_reason(offscreen=True)
    if reason:
        raise ExportError(reason)
    from vgdesk.app import screenshot

    return screenshot(
        path, workspace or "derive", theme or "light", chosen or (1440, 900), 60 if steps is None else steps
    )


def _checked(workspace: str | None, theme: str | None, size: str | None) -> tuple[int, int] | None:
    if workspace is not None and workspace not in WORKSPACES:
        raise SpecError(f"workspace must be one of {', '.join(WORKSPACES)}; got {workspace!r}")
    if theme is not None and theme not in THEMES:
        raise SpecError(f"theme must be one of {', '.join(THEMES)}; got {theme!r}")
    return None if size is None else _parsed_size(size)


def _parsed_size(size: str) -> tuple[int, int]:
    width, _, height = size.lower().partition("x")
    allowed = f"size must be WIDTHxHEIGHT from {SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}, got {size!r}"
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        raise SpecError(allowed)
    chosen = int(width[:6]), int(height[:6])
    if not (SMALLEST[0] <= chosen[0] <= LARGEST[0] and SMALLEST[1] <= chosen[1] <= LARGEST[1]):
        raise SpecError(allowed)
    return chosen
