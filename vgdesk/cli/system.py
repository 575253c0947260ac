"""`vgdesk examples` and `vgdesk doctor`: what is bundled, and what this machine has."""

import importlib.metadata
import platform
from typing import Annotated

import typer

from vgdesk import __version__
from vgdesk.cli.display import install_line, missing_packages, no_window_reason
from vgdesk.cli.output import say, say_json
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import EXAMPLES, example

PACKAGES = ("numpy", "scipy", "sympy", "numba", "PySide6-Essentials", "pyqtgraph", "typst", "matplotlib", "msgspec")


def examples(
    name: Annotated[str | None, typer.Argument(help="Print this example's JSON, to start an own file from.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """List the bundled experiments, or print one as JSON."""
    if name is not None:
        say(experiment_to_json(example(name)).rstrip())
    elif json:
        say_json({"examples": [{"name": known, "title": example(known).title} for known in EXAMPLES]})
    else:
        width = max(len(known) for known in EXAMPLES)
        for known in EXAMPLES:
            say(f"{known:<{width}}  {example(known).title}")


def doctor() -> None:
    """Tell versions, and which system libraries a window would need here."""
    say(f"vgdesk {__version__}, Python {platform.python_version()}, {platform.platform()}")
    for package in PACKAGES:
        say(f"  {package} {_version(package)}")
    missing = missing_packages(offscreen=False)
    if missing:
        say(f"Qt lacks system libraries; install them with: {install_line(missing)}")
    say(no_window_reason() or "A window can open here.")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "is not installed"
