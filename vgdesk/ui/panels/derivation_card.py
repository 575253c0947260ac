"""The panel of the derivation: which weight, the typeset steps, and whether three routes agree on the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout

from vgdesk.present.check import check_lines, check_sentence
from vgdesk.records.learned_names import learned_names
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.lowered import lowered
from vgdesk.ui.icons import icon
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.elided_label import ElidedLabel
from vgdesk.ui.panels.stopped_note import StoppedNote
from vgdesk.ui.state.sheet_route import ROUTES

if TYPE_CHECKING:
    from vgdesk.present.scenes import WaterfallScene
    from vgdesk.records.derivation import Verification
    from vgdesk.ui.plots.waterfall_plot import WaterfallPlot
    from vgdesk.ui.state.desk import Desk

ROOM_FOR_WORDS = 480
"""From this width on the badge has its words beside its sign."""
ROOM_FOR_TITLE = 360
"""Below this width the badge stands above the check's line, and the choices are as short as their usual words."""
VIEW_LETTERS, WEIGHT_LETTERS = (3, 5), (4, 6)
"""Of the two choices, in a narrow card and in others."""
VIEW_WORDS = {"steps": "steps", "paths": "paths", "matrix": "matrices", "ledger": "ledger"}


class DerivationCard(Card):
    """Frames the equation sheet; the badge opens the whole check."""

    check_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__("derivation", "Derivation")
        self._desk, self._session, self._themes = desk, desk.session, desk.themes
        self.waterfall: WaterfallPlot | None = None
        self._waterfall_scene: WaterfallScene | None = None
        self._is_formula = True
        self.badge = QToolButton()
        self.badge.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.badge.clicked.connect(self.check_asked)
        self.badge.setCursor(Qt.CursorShape.PointingHandCursor)
        self.line = ElidedLabel()
        self.line.setProperty("role", "dim")
        self.line.setAccessibleName("Three-way check of this gradient")
        self._check = QVBoxLayout()
        self._check.setSpacing(0)
        self._check.addWidget(self.line)
        self._body.addLayout(self._check)
        self.origin = QLabel()
        self.origin.setProperty("role", "dim")
        self.origin.setWordWrap(True)
        self.origin.hide()
        self._body.insertWidget(1, self.origin)
        self.stopped = StoppedNote()
        self._body.insertWidget(2, self.stopped, 1)
        self.weights = Choice("Weight to derive by", "Choose the weight or bias that the loss is derived by", 6)
        self.weights.chosen.connect(self._session.choose_weight)
        self.views = Choice("How the gradient is told", "Step by step, path by path, in matrices or as a ledger", 5)
        self.views.offer(VIEW_WORDS.items())
        self.routes = Choice("Route of the layer's formula", "What training measured, or what theory predicts", 5)
        self.routes.offer(ROUTES.items())
        self.routes.hide()
        self.add_control(self.routes)
        self.add_control(self.badge)
        self.add_control(self.views)
        self.add_control(self.weights)
        self._session.formula_changed.connect(self._offer)
        self._session.weight_changed.connect(self.weights.show_choice)
        self._offer(self._session.formula)
        self.weights.show_choice(self._session.weight)
        self.badge.hide()
        desk.when_complete(self._begin)

    def show_routes(self, visible: bool) -> None:
        """Offers the routes only while the panel speaks of a layer that theory can speak of, too."""
        self.routes.setVisible(visible)

    def show_origin(self, words: str) -> None:
        """Says below the header of which network the derivation is; "" where everybody sees it."""
        self.origin.setText(words)
        self.origin.setVisible(bool(words))

    def show_formula_controls(self, visible: bool) -> None:
        """Shows weight and badge only while the formula experiment is what the panel speaks of."""
        if visible != self._is_formula:
            self._is_formula = visible
            self.weights.setVisible(visible)
            self.views.setVisible(visible)
            self._follow()
            self._follow_failure()

    @property
    def drawn_waterfall(self) -> WaterfallScene | None:
        """The ledger's waterfall where it can be seen."""
        return self._waterfall_scene if self.waterfall is not None and self.waterfall.isVisible() else None

    def show_waterfall(self, scene: WaterfallScene | None) -> None:
        """Draws the ledger under its table; None takes the plot away. The plot is made when first asked for."""
        if scene is None and self.waterfall is None:
            return
        if self.waterfall is None:
            from vgdesk.ui.plots.waterfall_plot import WaterfallPlot

            self.waterfall = WaterfallPlot(self._desk.selection, self._themes)
            self.waterfall.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a screen reader would find it nameless
            self.add_below(self.waterfall, 55, 45)
        self._waterfall_scene = scene
        self.waterfall.render(scene)
        self.waterfall.setVisible(scene is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        is_narrow = self.width() < ROOM_FOR_TITLE
        is_wide = is_narrow or self.width() >= ROOM_FOR_WORDS  # it has a line of its own in a narrow card
        self.badge.setToolButtonStyle(styles.ToolButtonTextBesideIcon if is_wide else styles.ToolButtonIconOnly)
        self._make_room_for_title(is_narrow)

    def _make_room_for_title(self, is_narrow: bool) -> None:
        if is_narrow == (self._check.indexOf(self.badge) >= 0):
            return
        for choice, letters in ((self.views, VIEW_LETTERS), (self.weights, WEIGHT_LETTERS)):
            choice.setMinimumContentsLength(letters[not is_narrow])
        if is_narrow:
            self._check.insertWidget(0, self.badge)
        else:
            self._header.insertWidget(self._header.indexOf(self.views), self.badge)

    def _begin(self) -> None:
        """Follows what comes from the engine."""
        formulas, route = self._desk.formulas, self._desk.sheet_route
        self.views.chosen.connect(formulas.choose_view)
        formulas.view_changed.connect(self.views.show_choice)
        self.routes.chosen.connect(route.choose)
        route.changed.connect(lambda: self.routes.show_choice(route.route))
        self._session.weight_changed.connect(lambda _: self._follow_line())
        formulas.verification_changed.connect(self._follow)
        formulas.derived.connect(self._follow_line)
        formulas.derived.connect(self._follow_failure)
        self.stopped.again_asked.connect(formulas.derive)
        self._themes.changed.connect(lambda _: self._follow())
        self._follow()

    def _offer(self, experiment: Experiment) -> None:
        self.weights.offer((name, f"∂L/∂{lowered(name)}") for name in learned_names(experiment.network))

    def _follow(self) -> None:
        text, tip, failed = _badge_words(self._desk.formulas.verification)
        theme = self._themes.current
        self.badge.setText(text)
        self.badge.setToolTip(tip)
        self.badge.setAccessibleName(f"{text}: {tip}")
        self.badge.setIcon(icon("alert" if failed else "circle-check", theme.alert if failed else theme.accent))
        self.badge.setIconSize(QSize(16, 16))
        self.badge.setStyleSheet(f"color: {theme.alert if failed else theme.text}")
        self.badge.setVisible(self._is_formula and self._desk.formulas.verification is not None)
        self._follow_line()

    def _follow_failure(self) -> None:
        """Says in place of the derivation why there is none; what stood there was of another weight or network."""
        sentence = self._desk.formulas.failure if self._is_formula else ""
        self.stopped.tell(sentence)
        for view in (self.view, self.waterfall):
            if view is not None and (sentence or view is self.view):
                view.setVisible(not sentence)

    def _follow_line(self) -> None:
        """Shows the three numbers of the weight on show, always, below the derivation."""
        verification, theme = self._desk.formulas.verification, self._themes.current
        weight = self._session.weight
        lines = check_lines(verification, weight, self._desk.formulas.exact) if verification else ()
        self.line.setText(next(iter(lines), ""))
        self.line.briefs = lines[1:]
        self.line.explanation = check_sentence(verification) if verification else ""
        failed = verification is not None and not verification.passed
        self.line.setStyleSheet(f"color: {theme.alert}" if failed else "")
        self.line.setVisible(self._is_formula)


def _badge_words(verification: Verification | None) -> tuple[str, str, bool]:
    """Returns (text, sentence, whether it is bad news)."""
    if verification is None:
        return "", "", False
    if verification.passed:
        ways = "two" if verification.at_kink else "three"
        return f"checked {ways} ways", check_sentence(verification), False
    return f"{lowered(verification.worst)} differs", check_sentence(verification), True
