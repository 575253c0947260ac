"""Fonts, icons and style: readable in both themes, complete on a bare machine."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QPushButton, QWidget

import vgdesk.ui
from vgdesk.assets import resource
from vgdesk.ui import style
from vgdesk.ui.fonts import FONT_FILES, install_fonts, text_font
from vgdesk.ui.icons import icon, icon_names
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.elided_label import ElidedLabel
from vgdesk.ui.theme import DARK, LIGHT, THEMES

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
MATHS = "∂ℒ‖₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾×·−→∇∑∏√∞≤≥≈σδφχ⊙∈"


def luminance(colour: str) -> float:
    """Returns the relative luminance of WCAG 2.2."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3]]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@BOTH
@pytest.mark.parametrize("ink", ["text", "dim", "accent", "alert"])
@pytest.mark.parametrize("ground", ["window", "panel"])
def test_text_stands_out_from_its_ground(theme, ink, ground):
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@BOTH
def test_text_stands_out_on_the_primary_button_and_on_value_tags(theme):
    assert contrast(theme.accent_text, theme.accent) >= 4.5
    assert contrast(theme.text, theme.raised) >= 4.5
    assert contrast(theme.alert, theme.highlight) >= 3.0, "large type in the derivation"


@BOTH
def test_bars_and_focus_ring_stand_out_from_the_panel(theme):
    assert min(contrast(colour, theme.panel) for colour in (theme.measured, theme.alert, theme.accent)) >= 3.0


def test_the_bundled_fonts_have_the_signs_of_mathematics(qapp):
    install_fonts()
    fonts = [QRawFont(str(resource("fonts", name)), 13) for name in FONT_FILES]
    assert not [sign for sign in MATHS if not any(font.supportsCharacter(ord(sign)) for font in fonts)]


def test_digits_have_equal_width(qapp):
    install_fonts()
    metrics = QFontMetricsF(text_font(13))
    assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1


def test_installing_the_fonts_twice_changes_nothing(qapp):
    assert install_fonts() == install_fonts() == "Inter"


def test_fonts_and_icons_carry_their_licences_and_stay_small():
    assert "SIL OPEN FONT LICENSE" in resource("fonts", "LICENSE-OFL.txt").read_text(encoding="utf-8")
    assert "MIT License" in resource("icons", "LICENSE-tabler-icons.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in resource("fonts").iterdir()) < 2_000_000


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_is_drawn_in_the_colour_asked_for(qapp, name):
    image = icon(name, "#ff0000").pixmap(24).toImage()
    inked = {
        image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255
    }
    assert inked == {"#ff0000"}


def test_every_icon_named_in_the_window_exists():
    sources = [path.read_text(encoding="utf-8") for path in Path(vgdesk.ui.__file__).parent.rglob("*.py")]
    named = {name for source in sources for name in re.findall(r"\bicon(?:=|\()\s*\"([a-z-]+)\"", source)}
    assert named
    assert named <= set(icon_names())


@BOTH
def test_the_style_sheet_finds_every_picture_it_names(theme):
    pictures = re.findall(r'url\("([^"]+)"\)', style.style_sheet(theme))
    assert pictures
    assert all(Path(picture).is_file() for picture in pictures)
    for picture in pictures:
        colour = theme.accent_text if "check" in picture else theme.dim
        assert colour in Path(picture).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_primary_button_has_the_accent_colour(qtbot, qapp, name):
    before = qapp.palette(), qapp.font()
    style.apply(qapp, THEMES[name])
    button = QPushButton("")
    style.dress(button, THEMES[name])
    button.setProperty("primary", True)
    qtbot.addWidget(button)
    button.resize(120, 32)
    assert button.grab().toImage().pixelColor(60, 16).name() == THEMES[name].accent
    qapp.setPalette(before[0])
    qapp.setFont(before[1])


def test_disabled_text_is_fainter_than_dim_text_but_still_there():
    for theme in (LIGHT, DARK):
        faint = contrast(style.disabled_text(theme), theme.panel)
        assert 1.5 < faint < contrast(theme.dim, theme.panel)


def test_title_of_a_narrow_panel_ends_in_an_ellipsis_and_leaves_its_choice_readable(qtbot):
    card, chooser = Card("profile", "Gradient per layer"), Choice("Quantity", "", 6)
    chooser.offer([("weight", "|∂L/∂W| gradient of the weights")])
    card.add_control(chooser)
    around = QWidget()
    card.setParent(around)
    qtbot.addWidget(around)
    around.resize(500, 300)
    around.show()
    heading = next(label for label in card.findChildren(ElidedLabel) if label.text() == card.title)
    for width, is_whole in ((420, True), (185, False)):
        card.resize(width, 200)
        qtbot.waitUntil(lambda is_whole=is_whole: (heading.width() >= heading.sizeHint().width()) is is_whole)
        heading.grab()
        assert heading.toolTip() == ("" if is_whole else card.title)
        assert heading.geometry().right() < chooser.geometry().left()
    assert chooser.width() >= chooser.fontMetrics().horizontalAdvance("|∂L/∂W|") + 36
