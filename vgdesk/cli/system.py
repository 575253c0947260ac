"""`vgdesk examples` and `vgdesk doctor`: what is bundled, and what this machine has."""

import importlib.metadata
import json as json_text
import platform
from pathlib import Path
from typing import Annotated

import typer

from vgdesk import __version__
from vgdesk.cli.arguments import JSON
from vgdesk.cli.display import install_line, missing_packages, no_window_reason
from vgdesk.cli.options import check_output, output_path
from vgdesk.cli.output import say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.export.files import write_file
from vgdesk.export.standing import EXPERIMENT
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import EXAMPLES, example

PACKAGES = ("numpy", "scipy", "sympy", "numba", "PySide6-Essentials", "pyqtgraph", "typst", "matplotlib", "msgspec")


def examples(
    name: Annotated[str | None, typer.Argument(help="Print this example's JSON, to start your own file from.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write it to this .json file instead.", parser=output_path, metavar="FILE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on one line instead.")] = False,
) -> None:
    """List the bundled experiments, or print or write one as JSON.

    The JSON object holds: examples (name, title); with NAME it is that experiment itself; with --out kind, file, bytes
    and replaced.
    """
    if name is not None:
        _show_example(experiment_to_json(example(name)), out, json)
    elif out is not None:
        raise SpecError(f"--out goes with the name of an example; the examples are {', '.join(EXAMPLES)}")
    elif json:
        say_json({"examples": [{"name": known, "title": example(known).title} for known in EXAMPLES]})
    else:
        width = max(len(known) for known in EXAMPLES)
        for known in EXAMPLES:
            say(f"{known:<{width}}  {example(known).title}")


def _show_example(text: str, out: Path | None, json: bool) -> None:
    if out is not None:
        check_output(out, (".json",), kind=EXPERIMENT)
        write_file(out, text.encode())
        say_written("example", out, json)
    elif json:
        say_json(json_text.loads(text))
    else:
        say(text.rstrip())


def doctor(
    json: JSON = False,
) -> None:
    """Tell versions, and which system libraries a window would need here.

    The JSON object holds: vgdesk, python, platform, packages (null where one is not installed), missing_libraries (the
    system's packages) and no_window (why a window cannot open here, or null).
    """
    missing, reason = missing_packages(offscreen=False), no_window_reason()
    if json:
        say_json(
            {
                "vgdesk": __version__,
                "python": platform.python_version(),
                "platform": platform.platform(),
                "packages": {package: _version(package) for package in PACKAGES},
                "missing_libraries": missing,
                "no_window": reason or None,
            }
        )
        return
    say(f"vgdesk {__version__}, Python {platform.python_version()}, {platform.platform()}")
    for package in PACKAGES:
        say(f"  {package} {_version(package) or 'is not installed'}")
    if missing:
        say(f"Qt lacks system libraries; install them with: {install_line(missing)}")
    say(f"A window cannot open here: {reason}." if reason else "A window can open here.")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
