"""Icons: bundled SVG outlines in the theme's colours.

The files in `resources/icons` are named after what they mean here ("step", "heatmap"), not after what they look like.
They draw with `currentColor`; `icon` puts a real colour in its place and lets QtSvg render each size it is asked for.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from vgdesk.assets import resource

SIZES = (16, 20, 24, 32, 48)
"""Pixel sizes kept ready; 1x and 2x screens find theirs among them."""


@lru_cache(maxsize=256)
def icon(name: str, colour: str) -> QIcon:
    """Returns the icon called `name` in `colour` ("#rrggbb"), with a faded version for disabled actions.

    Raises FileNotFoundError for a name without a file: icon names are written in code, never by users.
    """
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for size in SIZES:
        pixmap = _render(source.replace("currentColor", colour), size)
        result.addPixmap(pixmap, QIcon.Mode.Normal)
        result.addPixmap(_faded(pixmap), QIcon.Mode.Disabled)
    return result


def icon_names() -> tuple[str, ...]:
    """Returns the names of all bundled icons in alphabetical order."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def _render(svg: str, size: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # 10 ms that the first paint of a window without icons need not wait for

    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _faded(pixmap: QPixmap) -> QPixmap:
    faded = QPixmap(pixmap.size())
    faded.fill(QColor(0, 0, 0, 0))
    painter = QPainter(faded)
    painter.setOpacity(0.35)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return faded
