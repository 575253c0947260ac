"""A column of things that scrolls up and down and is as wide as its panel."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget


def scrolling(column: QLayout) -> QScrollArea:
    """Returns a frameless area around the column; it takes no focus, which belongs to what is in it."""
    scroller, content = QScrollArea(), QWidget()
    content.setLayout(column)
    scroller.setWidget(content)
    scroller.setWidgetResizable(True)
    scroller.setFrameShape(QFrame.Shape.NoFrame)
    scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroller
