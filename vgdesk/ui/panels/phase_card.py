"""The panel of the phase diagram, with the choice of what its colours are."""

from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.phases import Phases

SHOWN = {"chi": "χ₁ per layer", "depth": "trainable depth"}


class PhaseCard(Card):
    """Frames the phase diagram."""

    def __init__(self, phases: Phases) -> None:
        super().__init__("phase", "Phase diagram")
        self.chooser = Choice("Colours of the phase diagram", "Choose what the colours tell", 6)
        self.chooser.offer(SHOWN.items())
        self.chooser.chosen.connect(phases.choose_shown)
        self.add_control(self.chooser)
        phases.changed.connect(lambda: self.chooser.show_choice(phases.shown))
