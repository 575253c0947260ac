"""Writes a derivation to a file: LaTeX, Typst, MathML, SVG, PNG, PDF or plain text by the file's suffix."""

from collections.abc import Callable
from pathlib import Path

from vgdesk.export.files import checked_suffix, write_file
from vgdesk.export.typesetting import Typesetter
from vgdesk.present.derivation_tree import sheet_spoken
from vgdesk.present.sheet import sheet_latex, sheet_text
from vgdesk.present.sheet_markup import sheet_mathml, sheet_typst
from vgdesk.present.sheet_scene import EquationSheet

__all__ = ["DERIVATION_SUFFIXES", "derivation_bytes", "export_derivation", "sheet_latex", "sheet_text"]

FILE_SIZE_PT = 11.0
"""Size of the text in files, that of a paper."""
_WRITERS: dict[str, Callable[[EquationSheet], bytes]] = {
    ".tex": lambda sheet: sheet_latex(sheet).encode(),
    ".typ": lambda sheet: sheet_typst(sheet).encode(),
    ".mml": lambda sheet: sheet_mathml(sheet).encode(),
    ".svg": lambda sheet: Typesetter(FILE_SIZE_PT).sheet(sheet, "svg"),
    ".png": lambda sheet: Typesetter(FILE_SIZE_PT).sheet(sheet, "png"),
    ".pdf": lambda sheet: Typesetter(FILE_SIZE_PT).sheet(sheet, "pdf"),
    ".txt": lambda sheet: sheet_text(sheet).encode(),
}
DERIVATION_SUFFIXES = tuple(_WRITERS)


def export_derivation(sheet: EquationSheet, path: Path | str, is_spoken: bool = False) -> None:
    r"""Writes the whole sheet, details included; the same sheet gives the same bytes.

    A `.txt` file holds Unicode text, or, if asked, the words in which the derivation is read aloud.

    A `.tex` file is an `align*` for `\input` into a document that uses amsmath.

    Raises
    ------
    ExportError
        When the suffix is none of `DERIVATION_SUFFIXES` or the file cannot be written; nothing is overwritten then.
    """
    suffix = checked_suffix(path, DERIVATION_SUFFIXES)
    spoken = is_spoken and suffix == ".txt"
    write_file(path, sheet_spoken(sheet).encode() if spoken else derivation_bytes(sheet, suffix))


def derivation_bytes(sheet: EquationSheet, suffix: str) -> bytes:
    """Returns what a file with one of `DERIVATION_SUFFIXES` contains."""
    return _WRITERS[suffix](sheet)
