"""The depth planner's panel: how deep this network may be, and one button that makes it critical."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from vgdesk.present.depth_plan import plan_sentences
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.plans import LIMITS, Plans
from vgdesk.ui.typeset import rich

EMPTY = "Asking how deep your network may be …"


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


class PlannerView(QScrollArea):
    """Shows a `DepthPlan` in sentences."""

    def __init__(self, plans: Plans, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plans = plans
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAccessibleName("Depth planner")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        self.words = QLabel(EMPTY)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.words)
        self.button = QPushButton("Make critical")
        self.button.setToolTip("Draw the weights so that χ₁ = 1: gradients neither vanish nor explode")
        self.button.clicked.connect(plans.make_critical)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.setWidget(inner)
        plans.changed.connect(self._follow)

    def render(self, plan: DepthPlan | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a plan, or that it is being made for None."""
        sentences = [EMPTY] if plan is None else plan_sentences(plan)
        self.words.setText(rich("\n\n".join(sentences)))
        self.setAccessibleDescription(" ".join(sentences))
        self._follow()

    def _follow(self) -> None:
        self.button.setEnabled(self._plans.can_make_critical)
        # greyed, for what stands there is about the network before
        self.words.setEnabled(not self._plans.is_awaited)
