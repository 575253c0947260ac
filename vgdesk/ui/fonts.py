"""The bundled text font: wheels carry no fonts, and a bare machine would show boxes.

Inter has the letters, tabular digits, subscripts and superscripts; what it lacks of mathematics (script L, nabla,
circled operators) comes from Noto Sans Math, which stands behind it as a substitute.
"""

import logging

from PySide6.QtGui import QFont, QFontDatabase

from vgdesk.assets import resource

FAMILY = "Inter"
MATHS_FAMILY = "Noto Sans Math"
FONT_FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "NotoSansMath-Regular.ttf")

_log = logging.getLogger(__name__)


def install_fonts() -> str:
    """Makes the bundled fonts known to Qt and returns the family to use; calling it again changes nothing.

    Where a font file cannot be read, the family of the system's own font is returned: text must appear in any case.
    """
    if FAMILY in QFontDatabase.families():
        return FAMILY
    loaded = [QFontDatabase.addApplicationFont(str(resource("fonts", name))) for name in FONT_FILES]
    if loaded[0] == -1:
        _log.warning("the bundled font %s cannot be read; using the system's font", FONT_FILES[0])
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    QFont.insertSubstitutions(FAMILY, [MATHS_FAMILY])
    return FAMILY


def text_font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Returns the text font with digits of equal width, `pixels` high (device-independent)."""
    font = QFont(FAMILY)
    font.setPixelSize(max(6, round(pixels)))
    font.setWeight(weight)
    return with_features(font)


def with_features(font: QFont) -> QFont:
    """Returns the font with digits of equal width, and with each letter as it was typed.

    Inter's contextual alternates draw "0x10" as "0×10", and a refusal would quote what nobody has typed.
    """
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("calt"), 0)
    return font
