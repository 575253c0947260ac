"""The panel of the profiles side by side, with the choice of the quantity that profiles and heat maps show."""

from vgdesk.present.comparison import chosen_quantity
from vgdesk.spec.recording import QUANTITIES
from vgdesk.ui.panels.card import Card
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.state.comparisons import Comparisons
from vgdesk.ui.state.quantity import symbol_first


class ComparedCard(Card):
    """Frames the profiles; offers what at least one run has recorded."""

    def __init__(self, comparisons: Comparisons) -> None:
        super().__init__("compared_profiles", "Profiles side by side")
        self._comparisons = comparisons
        self._offered: tuple[str, ...] = ()
        self.chooser = Choice("Quantity of the comparison", "Choose what profiles and heat maps of all runs show", 8)
        self.chooser.chosen.connect(comparisons.choose_quantity)
        self.chooser.hide()
        self.add_control(self.chooser)

    def show_choice(self) -> None:
        """Offers what there is now and shows what was chosen."""
        runs = self._comparisons.runs
        offered = tuple(name for name in QUANTITIES if any(run.history.has(name) for run in runs))
        if offered != self._offered:
            self._offered = offered
            self.chooser.offer((name, symbol_first(QUANTITIES[name])) for name in offered)
        self.chooser.setVisible(bool(runs))
        if runs:
            self.chooser.show_choice(chosen_quantity(runs, self._comparisons.quantity))
