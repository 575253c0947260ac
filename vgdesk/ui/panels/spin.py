"""What every field of numbers in toolbar, cards and dialogs needs beyond Qt's own."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit

MARGIN = 6
"""Pixels left of the number: style sheets' padding does not reach the line of text."""


def refine_spin(spin: QAbstractSpinBox) -> None:
    """Gives the line inside the field the field's name, for screen readers, and some room at its left.

    Numbers have a point, as everywhere else in vgdesk: where the system's have a comma, a typed 1.5 would be 15.
    """
    spin.setLocale(QLocale.c())
    line = spin.findChild(QLineEdit)
    if line is not None:
        line.setAccessibleName(spin.accessibleName())
        line.setTextMargins(MARGIN, 0, 0, 0)
