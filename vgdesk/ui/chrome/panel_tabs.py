"""Panels behind tabs; a tab bears the heading of its panel, whatever that becomes."""

from PySide6.QtWidgets import QTabWidget

from vgdesk.ui.panels.card import Card


class PanelTabs(QTabWidget):
    """Shows one of its panels at a time."""

    def add_card(self, card: Card) -> None:
        """Puts a panel behind a tab of its own, the last."""
        self.addTab(card, card.heading)
        card.renamed.connect(self._rename)

    def _rename(self, key: str, words: str) -> None:
        for number in range(self.count()):
            card = self.widget(number)
            if isinstance(card, Card) and card.key == key:
                self.setTabText(number, words)
