"""Turns a derivation into an equation sheet: every line in all its spellings, every factor with its sentence."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from vgdesk.present.formula import inked_typst, to_latex, to_spoken, to_text
from vgdesk.present.formula.latex import to_aligned_latex
from vgdesk.present.formula.numbers import hover_text
from vgdesk.present.formula.text import table_text
from vgdesk.present.sheet_scene import EquationSheet, SheetLine, SheetStep
from vgdesk.present.shown_arithmetic import honest_steps
from vgdesk.present.unfolding import NOTHING_UNFOLDED, Unfolding, told_by
from vgdesk.records.derivation import FOLDED, Derivation, DerivationStep, Factor
from vgdesk.records.formula import Formula, Matrix

STEPS_KIND = "step by step"


def equation_sheet(derivation: Derivation) -> EquationSheet:
    """Returns the sheet of a derivation: steps numbered from 1, in order, the details after the main steps."""
    told = derivation.experiment, derivation.title, derivation.wrt
    return sheet_of(*told, derivation.steps, derivation.factors)


def equation_sheet_beside(
    derivation: Derivation, former: EquationSheet, unfolding: Unfolding = NOTHING_UNFOLDED
) -> EquationSheet:
    """Returns the sheet of a derivation whose details are still those of a former sheet of the same steps.

    To spell all details takes longer than a frame; while they are folded nobody sees that they are older: only what is
    unfolded of them is spelt again, and main steps that have changed.
    """
    latest = sheet_of(derivation.experiment, derivation.title, derivation.wrt, (), derivation.factors)
    return replace(latest, steps=steps_beside(derivation.steps, former, unfolding))


def steps_beside(
    steps: tuple[DerivationStep, ...], former: EquationSheet, unfolding: Unfolding
) -> tuple[SheetStep, ...]:
    """Returns steps spelt as far as they are seen; what is folded stays as the former sheet of these steps has it."""
    pairs = zip(former.steps, honest_steps(steps), strict=True)
    return tuple(_step_beside(shown, step, unfolding) for shown, step in pairs)


def _step_beside(shown: SheetStep, step: DerivationStep, unfolding: Unfolding) -> SheetStep:
    if _is_same(shown, step):
        return shown
    if not shown.detail or unfolding.details or shown.layer in unfolding.layers:
        return _sheet_step(shown.number, step)
    lines: list[SheetLine] = []
    factor = ""
    for line, latest in zip(shown.lines, step.lines, strict=True):
        factor = told_by(line) or factor  # the lines of an array's entries follow its own
        lines.append(sheet_line(latest) if factor in unfolding.factors else line)
    return replace(shown, lines=tuple(lines))


def _is_same(shown: SheetStep, step: DerivationStep) -> bool:
    is_named_so = (shown.title, shown.note) == (step.title, step.note)
    return is_named_so and tuple(line.formula for line in shown.lines) == step.lines


def sheet_of(
    experiment: str,
    title: str,
    wrt: str,
    steps: tuple[DerivationStep, ...],
    factors: tuple[Factor, ...],
    kind: str = STEPS_KIND,
) -> EquationSheet:
    """Returns a sheet of any steps about the gradient by `wrt`; `kind` says in its heading how it is told.

    Only factors that stand in some line have a sentence: of a thousand layers' factors a formula shows forty.
    """
    shown = tuple(_sheet_step(number, step) for number, step in enumerate(honest_steps(steps), 1))
    inked = {factor for step in shown for line in (*step.lines, *step.unfolded) for _, factor in line.inks}
    placed = [factor for factor in factors if factor.id in inked]
    folded = {FOLDED: f"All {len(factors)} factors, folded: click to unfold them"} if FOLDED in inked else {}
    return EquationSheet(
        experiment=experiment,
        title=title,
        wrt=wrt,
        steps=shown,
        factor_text={factor.id: factor_sentence(factor) for factor in placed} | folded,
        factor_place={factor.id: factor.place for factor in placed},
        kind=kind,
        factor_spoken={factor.id: factor_words(factor) for factor in placed},
    )


def sheet_line(formula: Formula) -> SheetLine:
    """Returns a formula in every spelling."""
    typst, inks = inked_typst(formula)
    return SheetLine(formula=formula, typst=typst, latex=to_latex(formula), text=_text_of(formula), inks=inks)


def _text_of(formula: Formula) -> str:
    if isinstance(formula, Matrix) and not formula.fenced:
        return table_text(formula)
    return to_text(formula)


def factor_sentence(factor: Factor) -> str:
    """Returns "d₁ = ∂L/∂Awareness = δ_y · w₉ = 0.03", its number as in every tooltip."""
    spellings = [_kept_text(side) for side in (factor.symbol, factor.meaning, factor.closed_form)]
    shown = hover_text(factor.value)
    # Equal neighbours say nothing twice: a factor may be its own closed form.
    return " = ".join(dict.fromkeys([*spellings, shown]))


def factor_words(factor: Factor) -> str:
    """Returns "d 1 equals the partial of L by Awareness equals w 9 times delta y equals 0.03", to be read aloud."""
    sides = (_kept_words(side) for side in (factor.symbol, factor.meaning, factor.closed_form))
    return " equals ".join(dict.fromkeys([*sides, to_spoken(factor.number)]))


@lru_cache(maxsize=1000)
def _kept_words(formula: Formula) -> str:
    return to_spoken(formula)


@lru_cache(maxsize=1000)
def _kept_text(formula: Formula) -> str:
    """Returns a formula without numbers that change: told again and again while a number is dragged."""
    return to_text(formula)


def sheet_text(sheet: EquationSheet, details: bool = True) -> str:
    """Returns the sheet as plain Unicode text, for terminals, files and screen readers."""
    return "\n".join(_text_lines(sheet, details)) + "\n"


def sheet_latex(sheet: EquationSheet, details: bool = True) -> str:
    r"""Returns the sheet as one `align*` for `\input`; every step's title is a comment."""
    steps = _shown_steps(sheet, details)
    head = [
        f"% {_one_line(sheet.title)}: dL/d{_one_line(sheet.wrt)}, {sheet.kind} (vgdesk).",
        r"% Use: \usepackage{amsmath} in the preamble, then \input{this file} in the text.",
        r"\begin{align*}",
    ]
    return "\n".join([*head, *_latex_lines(steps), r"\end{align*}"]) + "\n"


def _sheet_step(number: int, step: DerivationStep) -> SheetStep:
    return SheetStep(
        number=number,
        kind=str(step.kind),
        title=step.title,
        lines=tuple(sheet_line(line) for line in step.lines),
        note=step.note,
        detail=step.detail,
        unfolded=tuple(sheet_line(line) for line in step.unfolded),
        layer=step.layer,
        route=step.route,
    )


def _shown_steps(sheet: EquationSheet, details: bool) -> tuple[SheetStep, ...]:
    return tuple(step for step in sheet.steps if details or not step.detail)


def _text_lines(sheet: EquationSheet, details: bool) -> Iterator[str]:
    yield _one_line(f"{sheet.title}: ∂L/∂{sheet.wrt}, {sheet.kind}")
    for step in _shown_steps(sheet, details):
        yield ""
        yield _one_line(f"{step.number}. {step.title}")
        yield from (f"   {'   ' * line.level}{row.rstrip()}" for line in step.lines for row in line.text.splitlines())
        if step.note:
            yield f"   {_one_line(step.note)}"


def _latex_lines(steps: tuple[SheetStep, ...]) -> Iterator[str]:
    last = next((step.number for step in reversed(steps) if step.lines), 0)
    for step in steps:
        yield f"% {step.number}. {_one_line(step.title)}"
        for position, line in enumerate(step.lines):
            is_last = step.number == last and position == len(step.lines) - 1
            yield to_aligned_latex(line.formula) + ("" if is_last else r" \\")
        if step.note:
            yield f"% {_one_line(step.note)}"


def _one_line(text: str) -> str:
    """Returns text without line breaks, which would end a LaTeX comment."""
    return " ".join(text.split())
