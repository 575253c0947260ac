"""Opens the window, or does its job in the terminal where none can open."""

from pathlib import Path

from vgdesk.cli.display import no_window_reason
from vgdesk.cli.door import CANCELLED
from vgdesk.cli.options import check_output, found_experiment
from vgdesk.errors import ExportError, SpecError

WORKSPACES = ("derive", "train", "theory", "compare", "diagnose", "claims", "maps")
THEMES = ("light", "dark")
DEFAULT_STEPS, MOST_STEPS = 60, 100_000
SMALLEST, LARGEST = (960, 640), (7680, 4320)


def open_window(
    workspace: str | None = None,
    theme: str | None = None,
    size: str | None = None,
    experiment: str | None = None,
    settings: bool = False,
    lesson: str | None = None,
) -> int:
    """Opens the window and returns its exit status; without a display the terminal tour runs instead."""
    chosen = _checked(workspace, theme, size)
    number = _lesson(lesson, {"--experiment": experiment, "--workspace": workspace})
    studied = None if experiment is None else found_experiment(experiment)
    reason = no_window_reason()
    if reason:
        from vgdesk.cli.tour import run_tour

        run_tour(f"No window opened: {reason}.")
        return 0
    from vgdesk.app import run_window

    return run_window(
        workspace=workspace, theme=theme, size=chosen, experiment=studied, settings=settings, lesson=number
    )


def take_screenshot(
    path: Path,
    workspace: str | None,
    theme: str | None,
    size: str | None,
    steps: int | None = None,
    json: bool = False,
    experiment: str | None = None,
    settings: bool = False,
    lesson: str | None = None,
) -> int:
    """Renders the window offscreen to a PNG file."""
    from vgdesk.cli.output import say_written
    from vgdesk.spec.base import require_integer

    chosen = _checked(workspace, theme, size)
    number = _lesson(lesson, {"--experiment": experiment, "--workspace": workspace, "--steps": steps})
    steps = DEFAULT_STEPS if steps is None else steps
    require_integer("steps", steps, 0, MOST_STEPS)
    check_output(path, (".png",), experiment or "")
    studied = None if experiment is None else found_experiment(experiment)
    reason = no_window_reason(offscreen=True)
    if reason:
        raise ExportError(f"cannot render the window: {reason}")
    from vgdesk.app import screenshot

    chosen = chosen or (1440, 900)
    status = screenshot(path, workspace or "derive", theme or "light", chosen, steps, studied, settings, number)
    if status == CANCELLED:
        raise KeyboardInterrupt
    if status == 0:
        say_written("screenshot", path, json)
    return status


def _lesson(lesson: str | None, others: dict[str, object]) -> int:
    """Returns the number of a lesson, 0 for none; refuses options that say what a lesson says itself."""
    if lesson is None:
        return 0
    from vgdesk.spec.lessons import lesson_number

    for option, value in others.items():
        if value is not None:
            raise SpecError(f"--lesson brings its own experiment, workspace and steps; leave out --lesson or {option}")
    return lesson_number(lesson)


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
