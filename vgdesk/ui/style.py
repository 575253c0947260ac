"""The look: Fusion, a palette and a short style sheet, all made from one `Theme`.

Properties that widgets may set: `card` on a QFrame (rounded panel), `primary` on a QPushButton or QToolButton (the one
main action), `role` on a QLabel ("title", "dim", "alert"), `rail` on a QToolButton (workspace button).
"""

from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from vgdesk.assets import resource
from vgdesk.ui.fonts import install_fonts, with_features
from vgdesk.ui.theme import Theme

TEXT_PIXELS = 13


def apply(app: QApplication, theme: Theme) -> None:
    """Gives the application font, style and colours of `theme`; again with another theme only the colours change."""
    family = install_fonts()
    if app.font().family() != family:  # each of these two has every widget looked at anew
        font = QFont(family)
        font.setPixelSize(TEXT_PIXELS)
        app.setStyle("Fusion")
        app.setFont(with_features(font))
    app.setPalette(palette(theme))


def dress(widget: QWidget, theme: Theme) -> None:
    """Gives a widget and all that belongs to it, its dialogs and menus too, the style sheet of `theme`.

    The style sheet is not the application's: Qt takes three times as long to put another one on the same widgets when
    it is, and all at once.
    """
    widget.setStyleSheet(style_sheet(theme))


def palette(theme: Theme) -> QPalette:
    """Returns the palette, so that widgets without a rule in the style sheet also follow the theme."""
    result = QPalette(QColor(theme.window))
    roles = QPalette.ColorRole
    painted = (
        (theme.window, (roles.Window, roles.AlternateBase)),
        (theme.panel, (roles.Base, roles.Button)),
        (theme.raised, (roles.ToolTipBase, roles.Midlight, roles.Light)),
        (theme.border, (roles.Mid, roles.Dark)),
        (theme.text, (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText)),
        (theme.dim, (roles.PlaceholderText,)),
        (theme.alert, (roles.BrightText,)),
        (theme.accent, (roles.Highlight, roles.Accent, roles.Link, roles.LinkVisited)),
        (theme.accent_text, (roles.HighlightedText,)),
    )
    for colour, its_roles in painted:
        for role in its_roles:
            result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(disabled_text(theme)))
    return result


def disabled_text(theme: Theme) -> str:
    """Returns the colour of text that cannot be used now: halfway between dim text and the panel."""
    return blend(theme.dim, theme.panel, 0.45)


def blend(over: str, under: str, share: float) -> str:
    """Returns the opaque colour of `under` covered by `over` with opacity `share` in [0, 1]."""
    top, ground = QColor(over), QColor(under)
    return QColor(
        round(share * top.red() + (1 - share) * ground.red()),
        round(share * top.green() + (1 - share) * ground.green()),
        round(share * top.blue() + (1 - share) * ground.blue()),
    ).name()


def style_sheet(theme: Theme) -> str:
    """Returns the style sheet: `resources/theme/window.qss` with the theme's colours in place of their names."""
    source = resource("theme", "window.qss").read_text(encoding="utf-8")
    arrows = resource("theme").as_posix()
    return Template(source).substitute(
        vars(theme)
        | {
            "hover": blend(theme.accent, theme.panel, 0.09),
            "pressed": blend(theme.accent, theme.panel, 0.18),
            "accent_hover": blend(theme.text, theme.accent, 0.14),
            "disabled": disabled_text(theme),
            "handle": blend(theme.dim, theme.panel, 0.4),
            "arrows": arrows,
        }
    )
