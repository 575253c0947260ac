"""Small pieces that every drawn widget paints alike: value tag, focus ring, sentence for an empty picture."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from vgdesk.ui.fonts import text_font
from vgdesk.ui.theme import Theme
from vgdesk.ui.typeset import INDEX

LABEL_PIXELS = 12
TICK_PIXELS = 11
PART = " · "
_PAD_X, _PAD_Y = 7.0, 3.0
_SMALL, _DROP = 0.75, 0.27


def text_size(text: str, pixels: float = LABEL_PIXELS) -> tuple[float, float]:
    """Returns width and height of one line of text in device-independent pixels."""
    metrics = QFontMetricsF(text_font(pixels))
    return metrics.horizontalAdvance(text), metrics.height()


def without_last_parts(text: str, fits: Callable[[str], bool]) -> str:
    """Returns a text of parts between " · " without its last ones, so many that it fits; the first part stays.

    Whole parts say more than one that is cut in the middle.
    """
    while PART in text and not fits(text):
        text = text.rpartition(PART)[0]
    return text


def draw_text(
    painter: QPainter, rect: QRectF, text: str, colour: str, align: Qt.AlignmentFlag, pixels: float = LABEL_PIXELS
) -> None:
    """Draws one line of text, shortened with an ellipsis where it would not fit; indices as in σ_w are set below."""
    font = text_font(pixels)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics, room = QFontMetricsF(font), rect.width() + 0.5
    if "_" in text and INDEX.search(text) and _typeset_width(text, pixels) <= room:
        _draw_typeset(painter, rect, text, align, pixels)
        return
    text = without_last_parts(text, lambda words: metrics.horizontalAdvance(words) <= room)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _draw_typeset(painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag, pixels: float) -> None:
    """Draws a text that fits, its indices smaller and lower: Unicode has no subscript for most letters."""
    width = _typeset_width(text, pixels)
    spare = {Qt.AlignmentFlag.AlignRight: 1.0, Qt.AlignmentFlag.AlignHCenter: 0.5}.get(align, 0.0)
    x = rect.left() + spare * (rect.width() - width)
    for words, size, drop in _runs(text, pixels):
        painter.setFont(text_font(size))
        place = QRectF(x, rect.top() + drop, width, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        x += text_size(words, size)[0]


def _typeset_width(text: str, pixels: float) -> float:
    return sum(text_size(words, size)[0] for words, size, _ in _runs(text, pixels))


def _runs(text: str, pixels: float) -> Iterator[tuple[str, float, float]]:
    """Yields the pieces of a text with the size and the lowering of each."""
    for number, words in enumerate(INDEX.split(text)):
        yield (words, _SMALL * pixels, _DROP * pixels) if number % 2 else (words, pixels, 0.0)


def tag_rect(
    anchor: QPointF,
    text: str,
    bounds: QRectF,
    gap: float = 7.0,
    avoid: Sequence[QRectF] = (),
    spare: Sequence[QRectF] = (),
) -> QRectF:
    """Returns where a value tag goes: above `anchor`, else below, beside or diagonal to it.

    The first place inside `bounds` that covers none of the rectangles to avoid or to spare is taken; where there is
    none, the first that covers none to avoid; else the place above, moved into the bounds.
    """
    width, height = text_size(text)
    width, height = min(width + 2 * _PAD_X, bounds.width()), height + 2 * _PAD_Y
    x, y = anchor.x(), anchor.y()
    left = max(bounds.left(), min(x - width / 2, bounds.right() - width))
    corners = (
        (left, y - gap - height),
        (left, y + gap),
        (x + gap + 8, y - height / 2),
        (x - gap - 8 - width, y - height / 2),
        (x + gap, y - gap - height),
        (x - gap - width, y + gap),
        (x + gap, y + gap),
        (x - gap - width, y - gap - height),
    )
    places = [QRectF(round(column), round(row), width, height) for column, row in corners]
    grown = bounds.adjusted(-0.5, -0.5, 0.5, 0.5)
    inside = [place for place in places if grown.contains(place)]
    for taken in ((*avoid, *spare), avoid):
        for place in inside:
            if not any(place.intersects(other) for other in taken):
                return place
    return QRectF(round(left), round(max(bounds.top(), y - gap - height)), width, height)


def draw_tag(
    painter: QPainter,
    theme: Theme,
    anchor: QPointF,
    text: str,
    bounds: QRectF,
    gap: float = 7.0,
    avoid: Sequence[QRectF] = (),
    spare: Sequence[QRectF] = (),
) -> None:
    """Draws the value tag of the lit thing, see `tag_rect`; brackets at its end are left out for want of room."""
    if text.endswith(")") and text_size(text)[0] + 2 * _PAD_X > bounds.width():
        text = text.rpartition(" (")[0] or text
    rect = tag_rect(anchor, text, bounds, gap, avoid, spare)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.dim), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    draw_text(painter, rect.adjusted(_PAD_X, 0, -_PAD_X, 0), text, theme.text, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()


def draw_focus_ring(painter: QPainter, theme: Theme, bounds: QRectF) -> None:
    """Draws the ring that says "the keyboard acts here"."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(bounds.adjusted(1, 1, -1, -1), 6, 6)
    painter.restore()


def draw_empty(painter: QPainter, theme: Theme, bounds: QRectF, sentence: str) -> None:
    """Says why there is nothing to see yet."""
    painter.setFont(text_font(LABEL_PIXELS))
    painter.setPen(QColor(theme.dim))
    painter.drawText(bounds, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, sentence)
