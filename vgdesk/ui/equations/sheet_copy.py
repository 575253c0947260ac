"""A derivation for the clipboard: every spelling at once, and which of them plain text is."""

from typing import Literal

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from vgdesk.export.derivation import FILE_SIZE_PT
from vgdesk.export.typesetting import Typesetter
from vgdesk.present.derivation_tree import sheet_spoken
from vgdesk.present.sheet import sheet_latex, sheet_text
from vgdesk.present.sheet_markup import sheet_mathml, sheet_typst
from vgdesk.present.sheet_scene import EquationSheet

CopyKind = Literal["latex", "typst", "mathml", "text", "spoken", "svg", "image"]
COPY_LABELS: dict[CopyKind, str] = {
    "latex": "Copy &LaTeX",
    "typst": "Copy T&ypst",
    "mathml": "Copy &MathML",
    "text": "Copy &text",
    "spoken": "Copy as s&poken words",
    "svg": "Copy as &SVG",
    "image": "Copy as &image",
}
LATEX_MIME = "application/x-latex"


def copied_sheet(sheet: EquationSheet, details: bool, picture: QImage, kind: CopyKind) -> QMimeData:
    """Returns a sheet as LaTeX, text, SVG and picture together; `kind` decides what plain text is.

    Raises
    ------
    ExportError
        When the equations cannot be typeset.
    """
    latex, svg = sheet_latex(sheet, details), Typesetter(FILE_SIZE_PT).sheet(sheet, "svg", details)
    mime = QMimeData()
    mime.setText(_plain_text(sheet, details, kind, svg))
    if kind == "mathml":
        mime.setHtml(mime.text())
    mime.setData(LATEX_MIME, latex.encode())
    mime.setData("image/svg+xml", svg)
    mime.setImageData(picture)  # offered as image/png, encoded when somebody pastes
    return mime


def _plain_text(sheet: EquationSheet, details: bool, kind: CopyKind, svg: bytes) -> str:
    match kind:
        case "text":
            return sheet_text(sheet, details)
        case "spoken":
            return sheet_spoken(sheet, details)
        case "svg":
            return svg.decode()
        case "typst":
            return sheet_typst(sheet, details)
        case "mathml":
            return sheet_mathml(sheet, details)
        case "latex" | "image":
            return sheet_latex(sheet, details)
