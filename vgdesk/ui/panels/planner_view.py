"""The depth planner's panel: how deep this network may be, and one button that makes it critical."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from vgdesk.present.depth_plan import plan_sentences
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.ui.chrome.more_below import MoreBelow
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.scroller import scrolling
from vgdesk.ui.state.plans import LIMITS, Plans
from vgdesk.ui.theme import ThemeState
from vgdesk.ui.typeset import rich

EMPTY = "Asking how deep your network may be …"
TIP = "Draw the weights so that χ₁ = 1: gradients neither vanish nor explode"


class PlannerCard(Card):
    """Frames the planner; its choice is what the gradient must not fall below."""

    def __init__(self, plans: Plans) -> None:
        super().__init__("planner", "Depth planner")
        self._plans = plans
        self.limits = Choice("Limit of the first layer's gradient", "How small the gradient of layer 1 may become", 8)
        self.limits.offer(
            ((key, words) for key, (limit, words) in LIMITS.items() if not isinstance(limit, str)),
            ((key, words) for key, (limit, words) in LIMITS.items() if isinstance(limit, str)),
        )
        self.limits.show_choice(plans.limit)
        self.limits.chosen.connect(plans.choose_limit)
        self.add_control(self.limits)
        plans.changed.connect(lambda: self.limits.show_choice(plans.limit))


class PlannerView(QWidget):
    """Shows a `DepthPlan` in sentences, which scroll; the button stays in sight below them."""

    def __init__(self, plans: Plans, themes: ThemeState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plans = plans
        self.setAccessibleName("Depth planner")
        self.words = QLabel(EMPTY)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        sentences = QVBoxLayout()
        sentences.setContentsMargins(0, 0, 4, 0)
        sentences.addWidget(self.words)
        sentences.addStretch(1)
        self.scroller = scrolling(sentences)
        self.scroller.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scroller.setProperty("reads", True)
        self.scroller.setAccessibleName("What the depth planner says")
        MoreBelow(self.scroller, themes)
        self.button = QPushButton("Make critical")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(plans.make_critical)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.scroller, 1)
        column.addWidget(self.button)
        # Never the button: one that is greyed would take the keyboard, too.
        self.setFocusProxy(self.scroller)
        plans.changed.connect(self._follow)

    def render(self, plan: DepthPlan | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a plan, or that it is being made for None."""
        sentences = [EMPTY] if plan is None else plan_sentences(plan)
        self.words.setText(rich("\n\n".join(sentences)))
        for told in (self, self.scroller):
            told.setAccessibleDescription(" ".join(sentences))
        self._follow()

    def _follow(self) -> None:
        can, told = self._plans.can_make_critical, self._plans.critical_words
        if not can and self.button.hasFocus():
            self.scroller.setFocus(Qt.FocusReason.OtherFocusReason)
        self.button.setEnabled(can)
        self.button.setToolTip(f"{TIP}\n{'Now' if can else 'Greyed'}: {told}")
        # greyed, for what stands there is about the network before
        self.words.setEnabled(not self._plans.is_awaited)
