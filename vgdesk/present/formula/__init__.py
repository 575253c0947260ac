"""Prints formulas: LaTeX for papers, MathML for pages, Unicode text for terminals, Typst for the layout engine, words
for screen readers.

Every printer works in two passes. `grouping` puts the parentheses the tree needs and touches nothing else; the printer
then spells node by node and knows nothing of precedence. Order is never changed.
"""

from vgdesk.present.formula.latex import to_latex
from vgdesk.present.formula.mathml import to_mathml
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.formula.prose import prose_spoken
from vgdesk.present.formula.spoken import to_spoken
from vgdesk.present.formula.text import to_text
from vgdesk.present.formula.typst import inked_typst, to_typst

__all__ = ["inked_typst", "number_text", "prose_spoken", "to_latex", "to_mathml", "to_spoken", "to_text", "to_typst"]
