"""Where the words of a claim's card stand at a given width: pure arithmetic, worked out once per width."""

from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from vgdesk.present.claims import ClaimCard
from vgdesk.ui.fonts import text_font
from vgdesk.ui.typeset import unbroken

PAD, GAP = 14.0, 6.0
TEXT_PIXELS, ROW = 13.0, 20.0
CHIP_HEIGHT = 24.0
_WRAPPED = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Block:
    """Is a piece of wrapped text; `role` is "title", "text" or "dim"."""

    rect: QRectF
    words: str
    role: str


@dataclass(frozen=True)
class ClaimLayout:
    """Is a card that has been laid out: its height, its texts, and the places of chip and chart."""

    height: float
    blocks: tuple[Block, ...]
    chip: QRectF
    chart: QRectF


def lay_out(card: ClaimCard, width: float, button: float, button_height: float) -> ClaimLayout:
    """Returns the layout of a card; `button` and `button_height` are what its buttons take at the top right."""
    inner = width - 2 * PAD
    chip_width = _metrics("title").horizontalAdvance(card.chip) + 24.0
    right = width - PAD - button - GAP
    chip = QRectF(right - chip_width, PAD - 2.0, chip_width, CHIP_HEIGHT)
    heading = _block(f"{card.number}. {card.statement}", "title", PAD, PAD, chip.left() - PAD - 2 * GAP)
    blocks, y = [heading], max(heading.rect.bottom(), PAD + button_height) + GAP
    for words in (card.expectation, f"Test: {card.test}"):
        blocks.append(_block(words, "text", PAD, y, inner))
        y = blocks[-1].rect.bottom() + 2.0
    y += GAP
    if card.verdict:
        blocks.append(_block(card.verdict, "title", PAD, y, inner))
        y = blocks[-1].rect.bottom() + GAP
    chart = QRectF(PAD, y, inner, ROW * len(card.rows))
    y = chart.bottom() + (GAP if card.rows else 0.0)
    blocks.append(_block(f"Sources: {card.sources}", "dim", PAD, y, inner))
    return ClaimLayout(blocks[-1].rect.bottom() + PAD, tuple(blocks), chip, chart)


@cache
def font_of(role: str) -> QFont:
    """Returns the font of a role."""
    return text_font(TEXT_PIXELS, QFont.Weight.DemiBold if role == "title" else QFont.Weight.Normal)


@cache
def _metrics(role: str) -> QFontMetricsF:
    return QFontMetricsF(font_of(role))


@lru_cache(maxsize=1024)
def _text_height(words: str, role: str, width: float) -> float:
    """Returns how high a wrapped text is; most texts of a card stay while its numbers change."""
    return _metrics(role).boundingRect(QRectF(0.0, 0.0, width, 1e5), int(_WRAPPED), unbroken(words)).height()


def _block(words: str, role: str, x: float, y: float, width: float) -> Block:
    return Block(QRectF(x, y, width, _text_height(words, role, width) + 1.0), words, role)
