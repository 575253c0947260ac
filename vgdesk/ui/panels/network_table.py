"""The dialog behind Network > Network table: the derived network as lists that can be typed into.

Every edit counts at once, goes through the `NetworkEditor` as a click in the diagram does, and can be undone here, too.
The window behind stays usable, so that derivation and diagram are seen to follow.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from vgdesk.spec import edit
from vgdesk.spec.experiment import LOSSES, Experiment
from vgdesk.spec.words import LOSS_WORDS
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.example_page import ExamplePage
from vgdesk.ui.panels.layer_page import LayerPage
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.panels.unit_page import UnitPage
from vgdesk.ui.panels.weight_page import WeightPage
from vgdesk.ui.state.network_editor import NetworkEditor, drawn_anew
from vgdesk.ui.turns import take_turns

Page = LayerPage | UnitPage | WeightPage | ExamplePage


class NetworkTable(QDialog):
    """Shows and edits layers, units, weights and examples of the formula experiment."""

    def __init__(self, parent: QWidget, editor: NetworkEditor) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Network table")
        self.resize(760, 460)
        self._editor = editor
        self.layers, self.weights, self.examples = LayerPage(editor), WeightPage(editor), ExamplePage(editor)
        self.units = UnitPage(editor)
        self._pages = (self.layers, self.units, self.weights, self.examples)
        self._behind: set[Page] = set(self._pages)
        self._refused_by: Experiment | None = None
        self.losses = Choice("Loss", "What the gradient is derived of", 14)
        self.losses.offer((loss, LOSS_WORDS[loss]) for loss in LOSSES)
        self.losses.chosen.connect(self._choose_loss)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "alert")
        self._arrange()
        # In a turn of its own: a list must not be made anew while one of its cells still speaks.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._show)
        editor.experiment_changed.connect(self._show_soon)
        for page in self._pages:
            page.tried.connect(self._after_edit)
        self._timer.start()  # the dialog is on the screen before its lists are filled

    def _arrange(self) -> None:
        tabs = self._tabs = QTabWidget()
        tabs.setAccessibleName("Network table")
        for page, title in zip(self._pages, ("&Layers", "&Units", "&Weights", "E&xamples"), strict=True):
            tabs.addTab(page, title)
        tabs.currentChanged.connect(lambda _: self._show_page())
        row = QHBoxLayout()
        word = QLabel("L&oss")
        word.setBuddy(self.losses)
        row.addWidget(word)
        row.addWidget(self.losses)
        row.addWidget(_button("&Draw weights anew", self._draw_anew))
        row.addStretch(1)
        buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(tabs, 1)
        layout.addWidget(self.words)
        layout.addLayout(row)

    def _show_soon(self, _: Experiment) -> None:
        self._timer.start()

    def _show(self) -> None:
        """Shows the experiment as it is now; where it has become a recurrent one, there is no more to edit."""
        if self._editor.network is None:
            self.reject()
            return
        self.setWindowTitle(f"Network table – {self._editor.experiment.title}")
        if self._editor.experiment is not self._refused_by:
            self.words.setText("")
        self.losses.show_choice(self._editor.experiment.loss)
        self._behind = set(self._pages)
        self._show_page()
        take_turns(self, *(partial(self._bring_up_to_date, page) for page in self._pages))

    def _show_page(self) -> None:
        """Brings the page on show up to date; the others follow, each in a turn of its own."""
        self._bring_up_to_date(next(page for page in self._pages if page is self._tabs.currentWidget()))

    def _bring_up_to_date(self, page: Page) -> None:
        if page in self._behind and self._editor.network is not None:
            self._behind.remove(page)
            page.render(self._editor.experiment)

    def _after_edit(self, sentence: str) -> None:
        """Says why an edit was refused, here and not above the panels of the window, and puts what stood there back."""
        self.words.setText(sentence)
        if sentence:
            self._refused_by = self._editor.experiment
            self._timer.start()

    def _choose_loss(self, loss: str) -> None:
        self._after_edit(self._editor.attempt(lambda experiment: edit.with_loss(experiment, loss), "change loss"))

    def _draw_anew(self) -> None:
        self._after_edit(self._editor.attempt(drawn_anew, "draw weights"))


def _button(words: str, react: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: react())
    return button
