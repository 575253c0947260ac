"""Actions of the Edit menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vgdesk.ui.actions.action import Action
from vgdesk.ui.commands.copying import copy_derivation

if TYPE_CHECKING:
    from vgdesk.ui.equations.sheet_copy import CopyKind
    from vgdesk.ui.window import Window


def _copy(kind: CopyKind) -> Callable[[Window], object]:
    return lambda window: copy_derivation(window, kind)


def _copy_program(language: str) -> Callable[[Window], object]:
    return lambda window: window.desk.programs.write(language)


EDIT_ACTIONS = (
    Action(
        "undo", "&Edit", "&Undo", lambda window: window.desk.history.undo(), "Take back the last edit",
        "Puts network, weights, examples and training settings back exactly as they were before the last edit.",
        "Ctrl+Z", "undo", enabled=lambda now: now.can_undo,
    ),
    Action(
        "redo", "&Edit", "&Redo", lambda window: window.desk.history.redo(), "Do again what was undone",
        "Repeats the edit that was taken back last; Ctrl+Y does the same.", "Ctrl+Shift+Z", "redo",
        enabled=lambda now: now.can_redo,
    ),
    Action(
        "copy_latex", "&Edit", "Copy as &LaTeX", _copy("latex"), "Copy the derivation as LaTeX",
        "Puts the steps on show on the clipboard, to be pasted into a paper.", "Ctrl+Shift+C", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_svg", "&Edit", "Copy as &SVG", _copy("svg"), "Copy the derivation as a drawing",
        "Puts the typeset steps on the clipboard as vectors.", "Ctrl+Alt+C", "copy", enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_image", "&Edit", "Copy as &image", _copy("image"), "Copy the derivation as a picture",
        "Puts the typeset steps on the clipboard as pixels (PNG), for slides.", "", "image",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_text", "&Edit", "Copy as &text", _copy("text"), "Copy the derivation as plain text",
        "Puts the steps on the clipboard as readable text without markup.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_spoken", "&Edit", "Copy as spoken &words", _copy("spoken"),
        "Copy the derivation as words to be read aloud",
        "Puts the steps on show on the clipboard as sentences, for speech, captions and alternative texts.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_typst", "&Edit", "Copy as T&ypst", _copy("typst"), "Copy the derivation as a Typst document",
        "Puts the steps on show on the clipboard, to be pasted into a Typst document.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_mathml", "&Edit", "Copy as &MathML", _copy("mathml"), "Copy the derivation as MathML",
        "Puts the steps on the clipboard for web pages and word processors.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_numpy", "&Edit", "Copy as &NumPy program", _copy_program("numpy"),
        "Copy a NumPy program that prints the gradient",
        "Both passes line by line with today's numbers; it runs as it is.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_sympy", "&Edit", "Copy as Sym&Py program", _copy_program("sympy"),
        "Copy a SymPy program that prints the gradient",
        "Both passes with symbols, to be changed and differentiated further.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
)  # fmt: skip
