"""Where `vgdesk derive` writes a derivation: text to standard output, pictures to a file or into a pipe."""

import sys
from collections.abc import Callable
from pathlib import Path

from vgdesk.cli.options import check_output
from vgdesk.cli.output import say
from vgdesk.errors import SpecError
from vgdesk.present.derivation_tree import sheet_spoken
from vgdesk.present.sheet import sheet_latex, sheet_text
from vgdesk.present.sheet_markup import sheet_mathml, sheet_typst
from vgdesk.present.sheet_scene import EquationSheet

PICTURES = ("svg", "png", "pdf")
PROGRAMS = ("sympy", "numpy")
FORMATS = ("text", "latex", "typst", "mathml", "spoken", *PROGRAMS, "json", *PICTURES)
SHEETS: dict[str, Callable[[EquationSheet], str]] = {
    "text": sheet_text,
    "latex": sheet_latex,
    "typst": sheet_typst,
    "mathml": sheet_mathml,
    "spoken": sheet_spoken,
}
_SUFFIXES = {
    "text": (".txt",),
    "latex": (".tex",),
    "typst": (".typ",),
    "mathml": (".mml",),
    "json": (".json",),
    "spoken": (".txt",),
    **dict.fromkeys(PROGRAMS, (".py",)),
    **{picture: (f".{picture}",) for picture in PICTURES},
}


def chosen_format(format: str | None, json: bool, out: Path | None, source: str) -> str:
    """Returns the format that was asked for, before any work begins.

    Raises
    ------
    SpecError
        An unknown format, one that contradicts --json, or a picture that would be written to a terminal.
    ExportError
        `out` has another ending than the format's, cannot be written, or is the file that is read.
    """
    if format is not None and format not in FORMATS:
        raise SpecError(f"format must be one of {', '.join(FORMATS)}; got {format!r}")
    if json and format not in (None, "json"):
        raise SpecError(f"--json contradicts --format {format}; give one of them")
    chosen = "json" if json else format or _format_of(out)
    if out is not None:
        check_output(out, _SUFFIXES[chosen], source)
    elif chosen in PICTURES and sys.stdout.isatty():
        raise SpecError(f"--format {chosen} needs --out FILE.{chosen}, or a pipe: a terminal cannot show it")
    return chosen


def _format_of(out: Path | None) -> str:
    """Returns the format that a file's ending names; text where there is no file, or its ending is none of them."""
    ending = out.suffix.lower() if out is not None else ""
    if ending == ".py":
        return "numpy"
    return next((name for name, endings in _SUFFIXES.items() if ending in endings), "text")


def give_text(text: str, out: Path | None) -> None:
    """Writes text to the file, or to standard output."""
    from vgdesk.export.files import write_file

    if out is None:
        say(text)
    else:
        write_file(out, f"{text}\n".encode())


def give_picture(sheet: EquationSheet, picture: str, out: Path | None) -> None:
    """Writes the typeset sheet to the file, or its bytes to standard output."""
    from vgdesk.export.derivation import derivation_bytes
    from vgdesk.export.files import write_file

    content = derivation_bytes(sheet, f".{picture}")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        write_file(out, content)
