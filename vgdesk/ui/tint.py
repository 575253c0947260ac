"""The colour of a word that tells of good or bad news, kept by the style sheet.

A palette set on one widget is lost whenever its style is polished anew, as on coming to another parent or theme. A
property stays, and the style sheet of each theme has a rule for it (`resources/theme/window.qss`).
"""

from PySide6.QtWidgets import QWidget

from vgdesk.present.tone import Tone


def tint(widget: QWidget, tone: Tone) -> None:
    """Gives a label or button the colour of a tone; the work is done only where it is another one."""
    if widget.property("tone") != str(tone):
        widget.setProperty("tone", str(tone))
        widget.style().unpolish(widget)
        widget.style().polish(widget)
