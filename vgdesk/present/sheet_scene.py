"""The scene of a derivation: steps of formulas, ready to be typeset."""

from dataclasses import dataclass, field

from vgdesk.records.derivation import Place
from vgdesk.records.formula import Formula


@dataclass(frozen=True)
class SheetLine:
    """Is one typeset line: the formula itself and every spelling of it."""

    formula: Formula
    typst: str
    """Typst math source with each factor occurrence in its ink colour (see `inks`)."""
    latex: str
    text: str
    inks: tuple[tuple[str, str], ...]
    """(ink colour "#rrggbb", factor id) of each occurrence, in order."""
    level: int = 0
    """1 for a line that was unfolded below another: smaller, and set in."""


@dataclass(frozen=True)
class SheetStep:
    """Is a numbered step of the equation sheet."""

    number: int
    kind: str
    title: str
    lines: tuple[SheetLine, ...]
    note: str
    detail: bool
    unfolded: tuple[SheetLine, ...] = ()
    """The lines with every term, where some of `lines` fold terms away."""
    layer: int = 0
    """The layer whose backward rule this is; 0 for every other step."""
    route: tuple[Formula, ...] = ()
    """What the note names in turn, where it tells of a path."""


@dataclass(frozen=True)
class EquationSheet:
    """Is a derivation ready to be typeset."""

    experiment: str
    title: str
    wrt: str
    steps: tuple[SheetStep, ...]
    factor_text: dict[str, str]
    """Factor id -> sentence for hover: meaning, closed form, value."""
    factor_place: dict[str, Place]
    kind: str = "step by step"
    """How it is told, for headings."""
    factor_spoken: dict[str, str] = field(default_factory=dict)
    """Factor id -> the same sentence in words, for screen readers."""

    @property
    def telling(self) -> str:
        """Names the sheet within which a factor id has one meaning: the same gradient, told in the same way."""
        return telling(self.wrt, self.kind)


def telling(wrt: str, kind: str) -> str:
    """Returns `EquationSheet.telling` of a sheet that may not have been spelt yet."""
    return f"{wrt}, {kind}"
