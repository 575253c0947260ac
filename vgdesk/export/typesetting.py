"""Typesets formulas with Typst; the only module that imports it, and only when something is typeset.

Three rules keep a compile safe, quick and repeatable:

- nothing outside: an empty folder is the root, the package folders are the same empty folder, no system fonts; what
  users wrote arrives as quoted strings (`present.formula.typst`);
- one `typst.Compiler` per thread (a second thread gets "Already borrowed"), made in 0.3 ms, while the fonts are loaded
  once per process (12 ms) and shared;
- no date goes into a file, so the same sheet gives the same bytes.
"""

from __future__ import annotations

import atexit
import tempfile
import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from vgdesk.errors import ExportError
from vgdesk.present.formula.typst import quoted, to_typst
from vgdesk.present.sheet_scene import EquationSheet, SheetStep

if TYPE_CHECKING:
    import typst

FileFormat = Literal["svg", "png", "pdf"]
_PNG_PIXELS_PER_INCH = 192
_LINE = """#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: {size}pt, fill: rgb("#000000"), top-edge: "bounds", bottom-edge: "bounds")
"""
_SHEET = """#set document(title: {title}, date: none)
#set page(width: auto, height: auto, margin: {margin}pt, fill: {ground})
#set text(size: {size}pt, font: ("New Computer Modern", "New Computer Modern Math"), lang: "en")
#set par(leading: 0.6em)
#show math.equation.where(block: true): set align(left)
"""


class Typesetter:
    """Typesets at one size. Any thread may use it; each gets a compiler of its own."""

    def __init__(self, size_pt: float) -> None:
        self._size = size_pt
        self._local = threading.local()

    def svg(self, lines: Sequence[str]) -> list[str]:
        """Returns one SVG per line of Typst math source, tight around its ink, in points.

        All lines are compiled in one go. The black of uninked glyphs is `#000000`.

        Raises
        ------
        ExportError
            When Typst refuses a line; sources from `present.formula` are never refused.
        """
        if not lines:
            return []
        source = _LINE.format(size=self._size) + "\n#pagebreak()\n".join(f"$ {line} $" for line in lines)
        pages = self._compile(source, "svg")
        return [page.decode() for page in pages]

    def sheet(self, sheet: EquationSheet, file_format: FileFormat, details: bool = True) -> bytes:
        """Returns a whole sheet as the bytes of one file: title, numbered steps, equations, notes.

        SVG is transparent, PNG (192 dpi) stands on white.
        """
        return self._compile(_sheet_source(sheet, self._size, file_format, details), file_format)[0]

    def _compile(self, source: str, file_format: FileFormat) -> list[bytes]:
        typst = _typst()
        try:
            result = self._compiler().compile(
                input=source.encode(), format=file_format, ppi=_PNG_PIXELS_PER_INCH, timestamp=0
            )
        except typst.TypstError as error:
            raise ExportError(f"Typst could not typeset the equations: {error.message}") from error
        return result if isinstance(result, list) else [result or b""]

    def _compiler(self) -> typst.Compiler:
        if not hasattr(self._local, "compiler"):
            nowhere = _empty_folder()
            self._local.compiler = _typst().Compiler(
                root=nowhere, font_paths=_fonts(), package_path=nowhere, package_cache_path=nowhere
            )
        return self._local.compiler


def _sheet_source(sheet: EquationSheet, size: float, file_format: FileFormat, details: bool) -> str:
    head = _SHEET.format(
        title=quoted(sheet.title), margin=size, size=size, ground="white" if file_format == "png" else "none"
    )
    title = f'#text(size: 1.2em, weight: "bold", {quoted(sheet.title)})\n\n'
    steps = (_step_source(step) for step in sheet.steps if details or not step.detail)
    return head + title + "\n".join(steps)


def _step_source(step: SheetStep) -> str:
    """Returns a step: its number and title above its lines, uncoloured, the note below."""
    heading = f"#v(0.4em)\n#text(fill: luma(90), {quoted(f'{step.number}  {step.title}')})\n\n"
    lines = "".join(f"$ {to_typst(line.formula)} $\n" for line in step.lines)
    # The page is as wide as its widest equation; a note needs a width of its own to wrap.
    note = f"#block(width: 32em, text(size: 0.9em, fill: luma(90), {quoted(step.note)}))\n" if step.note else ""
    return heading + lines + note


@cache
def _fonts() -> typst.Fonts:
    return _typst().Fonts(include_system_fonts=False)


@cache
def _empty_folder() -> str:
    """Returns a folder that stays empty and goes away with the process."""
    folder = tempfile.TemporaryDirectory(prefix="vgdesk-nothing-")
    atexit.register(folder.cleanup)
    return folder.name


def _typst():
    """Imports Typst, which costs 30 ms, when the first formula is typeset."""
    import typst

    return typst
