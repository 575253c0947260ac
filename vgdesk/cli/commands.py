"""The command line's root: all commands, the window's options, and the one place where errors become a sentence."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vgdesk import __version__
from vgdesk.cli.bench import bench
from vgdesk.cli.derive import derive, verify
from vgdesk.cli.export import export
from vgdesk.cli.system import doctor, examples
from vgdesk.cli.train import train
from vgdesk.cli.window import open_window, take_screenshot
from vgdesk.errors import SpecError, VgdeskError

root = typer.Typer(
    name="vgdesk",
    help="How large is the gradient in each layer? Without a command, the window opens.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (derive, verify, train, examples, bench, doctor):
    root.command()(command)
root.add_typer(export, name="export")


@root.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    screenshot: Annotated[
        Path | None, typer.Option(help="Render the real window without a display to this PNG file and exit.")
    ] = None,
    workspace: Annotated[str | None, typer.Option(help="derive or train.")] = None,
    theme: Annotated[str | None, typer.Option(help="light or dark.")] = None,
    size: Annotated[str | None, typer.Option(help="Size of the window as WIDTHxHEIGHT, e.g. 1440x900.")] = None,
    steps: Annotated[int | None, typer.Option(help="With --screenshot: train this many steps first (60).")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """How large is the gradient in each layer? Without a command, the window opens."""
    if context.invoked_subcommand is not None:
        return
    if version:
        sys.stdout.write(f"vgdesk {__version__}\n")
    elif screenshot is not None:
        raise typer.Exit(take_screenshot(screenshot, workspace, theme, size, steps))
    elif steps is not None:
        raise SpecError("steps goes with --screenshot; to train in the terminal use `vgdesk train`")
    else:
        raise typer.Exit(open_window(workspace, theme, size))


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit status: 0 done, 1 a check failed, 2 one sentence of complaint."""
    try:
        return root(list(arguments), standalone_mode=False, prog_name="vgdesk") or 0
    except VgdeskError as error:
        return _complain(str(error))
    except typer.Exit as exit_request:
        return exit_request.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _complain("cancelled", status=130)
    except BrokenPipeError:
        return 0
    except Exception as error:
        if hasattr(error, "format_message"):  # click's usage errors, whichever copy of click typer carries
            return _complain(f"{error.format_message()} See `vgdesk --help`.")  # pyright: ignore
        raise


def _complain(sentence: str, status: int = 2) -> int:
    sys.stderr.write(f"vgdesk: {sentence}\n")
    return status
