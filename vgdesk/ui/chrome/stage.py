"""Where the panels stand: builds a workspace's tree of splitters and tabs and puts the panels into it.

The panels themselves live as long as the window and only change their place. The borders a person moved are remembered
per workspace and form.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QTabWidget, QVBoxLayout, QWidget

from vgdesk.ui.chrome.attic import Attic
from vgdesk.ui.chrome.panel_tabs import PanelTabs
from vgdesk.ui.chrome.workspaces import WORKSPACES, Split, Tabs, Tree, panels_of
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.memory import Memory
from vgdesk.ui.theme import Theme

UNIT = 10_000
"""Splitter sizes given before the first layout are relative: shares of this many pixels."""


class Stage(QWidget):
    """Shows one workspace, or one panel maximised; the other panels wait in the `attic`."""

    arranged = Signal()

    def __init__(self, cards: dict[str, Card], memory: Memory, theme: Theme, workspace: str) -> None:
        super().__init__()
        self._cards, self._memory = cards, memory
        self._workspace, self._narrow, self._maximised = workspace, False, ""
        self._tight = False
        self._root: QWidget | None = None
        self._withheld: set[str] = set()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._current = "network"
        self.attic = Attic(self, theme)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)
        self._build()

    @property
    def workspace(self) -> str:
        """Key of the workspace on show."""
        return self._workspace

    @property
    def maximised(self) -> str:
        """Key of the maximised panel, "" for none."""
        return self._maximised

    @property
    def current(self) -> str:
        """Key of the panel that had the keyboard last; of the workspace's main one where that one is not to be seen."""
        shown = self.visible
        if self._current in shown or not shown:
            return self._current
        return next((key for key in panels_of(self._tree) if key in shown), shown[0])

    @property
    def visible(self) -> list[str]:
        """Keys of the panels that can be seen now, not those behind another tab."""
        return [key for key, card in self._cards.items() if card.isVisible()]

    def show_workspace(self, name: str) -> None:
        """Turns to another workspace."""
        if name != self._workspace or self._maximised:
            focused = self.window().focusWidget()  # while a dialog closes the application has none
            was_here = focused is not None and (focused is self.window() or self.isAncestorOf(focused))
            self.remember()
            self._workspace, self._maximised = name, ""
            self._build()
            # Qt gives the keyboard of a panel that left to whatever comes next, such as the button Train.
            if was_here and not (focused and self.isAncestorOf(focused) and focused.isVisible()):
                self.focus_current()

    def set_narrow(self, narrow: bool, tight: bool = False) -> None:
        """Takes the wide or the narrow form; the tight one where the workspace has it."""
        if (narrow, tight) != (self._narrow, self._tight):
            self.remember()
            was = self._tree
            self._narrow, self._tight = narrow, tight
            if self._tree != was:
                self._build()

    def toggle_maximised(self) -> None:
        """Gives the whole room to the current panel, or gives it back."""
        self.remember()
        self._maximised = "" if self._maximised else self.current
        self._build()

    def reset(self) -> None:
        """Forgets moved borders everywhere and shows the workspace as it was designed."""
        self._memory.forget("layout/")
        self._maximised = ""
        self._build()

    def show_panel(self, key: str) -> None:
        """Brings a panel to the front where it is a tab."""
        for tabs in self.findChildren(QTabWidget):
            if tabs.indexOf(self._cards[key]) >= 0 and key not in self._withheld:
                tabs.setCurrentWidget(self._cards[key])

    def offer_panel(self, key: str, is_offered: bool) -> None:
        """Offers a panel that is a tab, or takes it away; a last tab needs no bar."""
        self._withheld = self._withheld - {key} if is_offered else self._withheld | {key}
        for tabs in self.findChildren(QTabWidget):
            self._offer_tabs(tabs)

    def _offer_tabs(self, tabs: QTabWidget) -> None:
        offered = [not self._is_withheld(tabs.widget(number)) for number in range(tabs.count())]
        for number, is_offered in enumerate(offered):
            tabs.setTabVisible(number, is_offered)
        tabs.tabBar().setVisible(sum(offered) > 1)

    def _is_withheld(self, panel: QWidget | None) -> bool:
        return isinstance(panel, Card) and panel.key in self._withheld

    def keep(self, key: str) -> None:
        """Makes a panel that is not on show, so that it is there when it is asked for."""
        if key not in self._cards:
            self.attic.keep(self._cards[key])

    def focus_next(self, step: int) -> None:
        """Gives the keyboard to the next (1) or previous (-1) visible panel."""
        visible = self.visible
        here = visible.index(self._current) if self._current in visible else -step
        self._cards[visible[(here + step) % len(visible)]].focus_view()

    def focus_current(self) -> None:
        """Gives the keyboard back to the panel that had it last, or to the first on show."""
        self._cards[self.current].focus_view()

    def remember(self) -> None:
        """Writes down where the borders stand."""
        if not self._maximised and self.isVisible():
            for number, splitter in enumerate(self._splitters()):
                self._memory.write_integers(self._key(number), splitter.sizes())

    def _splitters(self) -> list[QSplitter]:
        found = self._root.findChildren(QSplitter) if self._root else []
        return [self._root, *found] if isinstance(self._root, QSplitter) else found

    def _key(self, number: int) -> str:
        is_tight = self._tight and WORKSPACES[self._workspace].tight is not None
        form = "tight" if is_tight else "narrow" if self._narrow else "wide"
        return f"layout/{self._workspace}-{form}/{number}"

    @property
    def _tree(self) -> Tree:
        workspace = WORKSPACES[self._workspace]
        if self._tight and workspace.tight is not None:
            return self._maximised or workspace.tight
        return self._maximised or (workspace.narrow if self._narrow else workspace.wide)

    def _build(self) -> None:
        tree = self._tree
        focused, current, old = QApplication.focusWidget(), self._current, self._root
        if old is not None:
            old.hide()
            self._layout.removeWidget(old)
        self._take_room()
        self._root = self._grow(tree, self._layout.addWidget)
        self._park(tree)
        if old is not None and not isinstance(old, Card):
            old.deleteLater()
        for number, splitter in enumerate(self._splitters()):
            sizes = self._memory.integers(self._key(number), splitter.count())
            if sizes:
                splitter.setSizes(sizes)
        self._root.resize(self._layout.contentsRect().size())
        self._root.show()
        # Panels that were hidden on their way have lost the keyboard.
        self._current = current
        if focused is not None and self.isAncestorOf(focused) and focused.isVisible():
            focused.setFocus()
        self.arranged.emit()

    def _take_room(self) -> None:
        """Takes the size that the layout around it has in mind, while there is nothing here to be resized with it."""
        around = self.parentWidget()
        if around is not None and (layout := around.layout()) is not None:
            layout.activate()

    def _park(self, tree: Tree) -> None:
        """Keeps the panels that have no place in a tree."""
        placed = panels_of(tree)
        for key, card in self._cards.items():
            if key not in placed:
                self.attic.keep(card)

    def _grow(self, tree: Tree, place: Callable[[QWidget], Any]) -> QWidget:
        """Makes what a tree describes, `place`s it where it belongs, then fills it.

        Top down: a panel's looks are worked out anew whenever it, or something around it, comes to another parent.
        """
        match tree:
            case Split():
                return self._split(tree, place)
            case Tabs():
                return self._tabs(tree, place)
            case _:
                card = self._cards[tree]
                place(card)
                card.show()
                return card

    def _split(self, tree: Split, place: Callable[[QWidget], Any]) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Vertical if tree.vertical else Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(8)
        place(splitter)
        for number, (child, share) in enumerate(zip(tree.children, tree.shares, strict=True)):
            self._grow(child, splitter.addWidget)
            splitter.setStretchFactor(number, share)
        splitter.setSizes([share * UNIT // 100 for share in tree.shares])
        return splitter

    def _tabs(self, tree: Tabs, place: Callable[[QWidget], Any]) -> QTabWidget:
        tabs = PanelTabs()
        tabs.setDocumentMode(True)
        tabs.setAccessibleName(" and ".join(self._cards[key].title for key in tree.panels))
        tabs.tabBar().setAccessibleName(tabs.accessibleName())
        place(tabs)
        for key in tree.panels:
            tabs.add_card(self._cards[key])
        self._offer_tabs(tabs)
        return tabs

    def _follow_focus(self, _: QWidget | None, widget: QWidget | None) -> None:
        for key, card in self._cards.items():
            if widget is not None and card.isAncestorOf(widget):
                self._current = key
