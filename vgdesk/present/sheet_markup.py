"""An equation sheet as a Typst document and as MathML, to be read by other programs.

The MathML stands in one XHTML element, well-formed XML, that any web page or XML tool takes as it is.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from vgdesk.present.formula.mathml import to_mathml
from vgdesk.present.formula.typst import quoted, to_typst
from vgdesk.present.sheet_scene import EquationSheet, SheetStep


def sheet_typst(sheet: EquationSheet, details: bool = True) -> str:
    """Returns a Typst document that compiles as it is; what users wrote arrives as string literals."""
    return "\n".join(_typst_lines(sheet, details)) + "\n"


def sheet_mathml(sheet: EquationSheet, details: bool = True) -> str:
    """Returns an XHTML `article` whose equations are presentation MathML."""
    return "\n".join(_mathml_lines(sheet, details)) + "\n"


def _typst_lines(sheet: EquationSheet, details: bool) -> Iterator[str]:
    yield f"#heading({quoted(_title(sheet))})"
    for step in _told(sheet, details):
        yield ""
        yield f"#heading(level: 2, {quoted(f'{step.number}. {step.title}')})"
        yield from (f"$ {to_typst(line.formula)} $" for line in step.lines)
        if step.note:
            yield f"#par({quoted(step.note)})"


def _mathml_lines(sheet: EquationSheet, details: bool) -> Iterator[str]:
    yield '<article xmlns="http://www.w3.org/1999/xhtml">'
    yield f"<h1>{_text(_title(sheet))}</h1>"
    for step in _told(sheet, details):
        yield f"<h2>{_text(f'{step.number}. {step.title}')}</h2>"
        yield from (to_mathml(line.formula) for line in step.lines)
        if step.note:
            yield f"<p>{_text(step.note)}</p>"
    yield "</article>"


def _told(sheet: EquationSheet, details: bool) -> Iterator[SheetStep]:
    return (step for step in sheet.steps if details or not step.detail)


def _title(sheet: EquationSheet) -> str:
    return f"{sheet.title}: ∂L/∂{sheet.wrt}, {sheet.kind}"


def _text(text: str) -> str:
    """Returns text for XML, less the control characters that XML forbids."""
    return escape("".join(character for character in text if character.isprintable()))
