"""The command line's root: all commands, and the window's options."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from vgdesk import __version__
from vgdesk.cli.activation import activation
from vgdesk.cli.bench import bench
from vgdesk.cli.claims import claims
from vgdesk.cli.compare import compare
from vgdesk.cli.derivation_views import bounds
from vgdesk.cli.derive import derive, verify
from vgdesk.cli.diagnose import diagnose
from vgdesk.cli.door import complain, guarded
from vgdesk.cli.edit import edit
from vgdesk.cli.export import export
from vgdesk.cli.find_state import find_state
from vgdesk.cli.gradients import gradients
from vgdesk.cli.jacobian import jacobian
from vgdesk.cli.lessons import lesson, lessons
from vgdesk.cli.number_formats import number_formats
from vgdesk.cli.options import integer, options_named, output_path
from vgdesk.cli.plan import plan
from vgdesk.cli.predict import predict
from vgdesk.cli.race import race
from vgdesk.cli.reference import reference
from vgdesk.cli.remedies import remedies
from vgdesk.cli.saturation import saturation
from vgdesk.cli.spectrum import spectrum
from vgdesk.cli.sweep import sweep, trainability
from vgdesk.cli.system import doctor, examples
from vgdesk.cli.theory import critical, mean_field, phase
from vgdesk.cli.train import train
from vgdesk.cli.window import open_window, take_screenshot
from vgdesk.errors import SpecError

root = typer.Typer(
    name="vgdesk",
    help="How large is the gradient in each layer? Without a command, the window opens.",
    epilog="A file that is written replaces one of its own kind, which is said; whatever else stands there is kept.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 120},
)
_COMMANDS = (
    derive,
    verify,
    bounds,
    find_state,
    train,
    gradients,
    predict,
    mean_field,
    critical,
    phase,
    jacobian,
    spectrum,
    plan,
    activation,
    number_formats,
    saturation,
    sweep,
    trainability,
    diagnose,
    remedies,
    race,
    compare,
    edit,
    claims,
    examples,
    lessons,
    lesson,
    reference,
    bench,
    doctor,
)
for command in _COMMANDS:
    root.command()(command)
root.add_typer(export, name="export")


@root.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    screenshot: Annotated[
        Path | None,
        typer.Option(
            help="Render the real window without a display to this PNG file and exit.",
            parser=output_path,
            metavar="FILE",
        ),
    ] = None,
    experiment: Annotated[
        str | None, typer.Option(help="Open this bundled example or JSON file (see `vgdesk examples`).", metavar="NAME")
    ] = None,
    workspace: Annotated[
        str | None, typer.Option(help="derive, train, theory, compare, diagnose, claims or maps.")
    ] = None,
    theme: Annotated[str | None, typer.Option(help="light or dark.")] = None,
    size: Annotated[str | None, typer.Option(help="Size of the window as WIDTHxHEIGHT, e.g. 1440x900.")] = None,
    settings: Annotated[bool, typer.Option("--settings", help="Open the training settings beside the panels.")] = False,
    lesson: Annotated[
        str | None,
        typer.Option("--lesson", help="Open this lesson, by number or name, where it was left.", metavar="NUMBER"),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            help="With --screenshot: train this many steps first (60).", parser=integer("--steps"), metavar="INTEGER"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="With --screenshot: print one JSON object.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """How large is the gradient in each layer? Without a command, the window opens."""
    if context.invoked_subcommand is not None:
        _refuse_options_before(context.invoked_subcommand, context.params)
    elif version:
        sys.stdout.write(f"vgdesk {__version__}\n")
    elif screenshot is not None:
        raise typer.Exit(take_screenshot(screenshot, workspace, theme, size, steps, json, experiment, settings, lesson))
    elif steps is not None or json:
        name = "--json" if steps is None else "--steps"
        raise SpecError(f"{name} goes with --screenshot; to train in the terminal use `vgdesk train`")
    else:
        raise typer.Exit(open_window(workspace, theme, size, experiment, settings, lesson))


def _refuse_options_before(command: str, options: dict[str, Any]) -> None:
    for name, value in options.items():
        if value is not None and value is not False:
            raise SpecError(
                f"--{name} is an option of the window and cannot go with the command {command!r}; "
                f"a command's own options stand after its name"
            )


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit status; whatever happens is one sentence (`vgdesk.cli.door`)."""
    return guarded(lambda: dispatch(arguments))


def dispatch(arguments: Sequence[str]) -> int:
    """Finds the command and calls it.

    Click's own `main` is passed by: it would end the process by itself on Ctrl-C and on a closed pipe.
    """
    command = typer.main.get_command(root)
    try:
        with options_named(arguments), command.make_context("vgdesk", list(arguments)) as context:
            return command.invoke(context) or 0
    except typer.Exit as exit_request:
        return exit_request.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        if hasattr(error, "format_message"):  # click's usage errors, whichever copy of click typer carries
            return complain(_usage_sentence(error))
        raise


def _usage_sentence(error: Any) -> str:
    asked = error.ctx.command_path if getattr(error, "ctx", None) else "vgdesk"
    told = error.format_message().strip().removesuffix(".")
    return f"{told}{'' if told.endswith('?') else '.'} See `{asked} --help`."
