"""An equation sheet as a tree of words: steps, below them their lines, below a line the factors that stand in it.

It is the accessible twin of the painted sheet: every branch has the text as printed and the same read aloud.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from vgdesk.present.formula import prose_spoken, to_spoken
from vgdesk.present.sheet import STEPS_KIND
from vgdesk.present.sheet_scene import EquationSheet, SheetLine, SheetStep
from vgdesk.records.derivation import FOLDED, Place
from vgdesk.records.formula import Matrix


@dataclass(frozen=True)
class Branch:
    """Is one row of the tree.

    Attributes
    ----------
    text
        As printed: a step's title, a line of Unicode, a factor's sentence.
    spoken
        The same as it is read aloud.
    factor, place
        What lights up with it; "" and None for a step or a line.
    """

    text: str
    spoken: str
    children: "tuple[Branch, ...]" = ()
    factor: str = ""
    place: Place | None = None


def derivation_tree(sheet: EquationSheet) -> tuple[Branch, ...]:
    """Returns one branch per step, the details after the main steps, as on the sheet."""
    whole = _whole_names(sheet)
    return tuple(_step(sheet, step, whole) for step in sheet.steps)


def sheet_spoken(sheet: EquationSheet, details: bool = True) -> str:
    """Returns the whole sheet in words, one sentence per line, for `--format spoken` and for reading aloud."""
    told = "" if sheet.kind == STEPS_KIND else f", {sheet.kind}"
    whole = _whole_names(sheet)
    rows = [f"{sheet.title}: the gradient of L by {prose_spoken(sheet.wrt, whole)}{told}."]
    for step in (step for step in sheet.steps if details or not step.detail):
        rows += [f"{_title_spoken(step, whole)}.", *(f"{line_spoken(line)}." for line in step.lines)]
        rows += [_note_spoken(step, whole)] if step.note else []
    return "\n".join(" ".join(row.split()) for row in rows) + "\n"


def line_spoken(line: SheetLine) -> str:
    """Returns a line in words; one that goes on with the line above begins with its operator."""
    return to_spoken(line.formula)


def _whole_names(sheet: EquationSheet) -> set[str]:
    """Returns what the lines read as one word, among it the names of units, which their owner gave them."""
    return {word for step in sheet.steps for line in step.lines for word in line_spoken(line).split()}


def _title_spoken(step: SheetStep, whole: Collection[str]) -> str:
    return f"Step {step.number}: {prose_spoken(step.title, whole)}"


def _note_spoken(step: SheetStep, whole: Collection[str]) -> str:
    return f"{' to '.join(map(to_spoken, step.route))}." if step.route else prose_spoken(step.note, whole)


def _step(sheet: EquationSheet, step: SheetStep, whole: Collection[str]) -> Branch:
    lines = tuple(_line(sheet, line) for line in step.lines)
    notes = (Branch(step.note, _note_spoken(step, whole)),) if step.note else ()
    return Branch(f"{step.number}. {step.title}", _title_spoken(step, whole), (*lines, *notes))


def _line(sheet: EquationSheet, line: SheetLine) -> Branch:
    factors = dict.fromkeys(factor for _, factor in line.inks if factor != FOLDED)
    # A derivation's table spells its columns with spaces; here they would be a gap in the middle of a sentence.
    text = " ".join(line.text.split()) if _is_table(line) else line.text
    return Branch(text, line_spoken(line), tuple(_factors(sheet, factors)))


def _is_table(line: SheetLine) -> bool:
    return isinstance(line.formula, Matrix) and not line.formula.fenced


def _factors(sheet: EquationSheet, factors: dict[str, None]) -> Iterator[Branch]:
    for factor in factors:
        text = sheet.factor_text.get(factor, factor)
        spoken = sheet.factor_spoken.get(factor, text)
        yield Branch(text, spoken, factor=factor, place=sheet.factor_place.get(factor))
