"""The dialog behind "Your own formula…": a line to type phi(z), and what the formula does, as soon as it can be read.

Its title names what the formula is for; where that may be one of several networks, they stand in a list.

What cannot be read is said while it is typed; range, kinks and derivative come from the symbolic process.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from vgdesk.engine.events import ExaminationReady, FormulaChecked, JobFailed
from vgdesk.errors import SpecError
from vgdesk.present.examination import check_words, examination_lines
from vgdesk.present.own_picture import own_picture
from vgdesk.records.examination import Examination
from vgdesk.spec.formula.characters import LONGEST
from vgdesk.spec.formula.reading import VOCABULARY, read_formula
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.own_formula_view import OwnFormulaView
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.own_formulas import FormulaUse
from vgdesk.ui.theme import ThemeState

PAUSE_MS = 250
"""A formula is examined once nothing was typed for so long."""
SHOWN = ("kinks", "", "range", "max |φ′|", "saturated")
"""Of `examination_lines`; the derivative stands typeset above them."""
CHECKING = "check  comparing the kernel's slopes with 60 digits…"
LONGEST_LINE = 160
EXAMPLE = "where(z > 0, z, a*(exp(z) - 1)); a = 0.5"


class FormulaDialog(QDialog):
    """Asks for a formula in z; Use hands it over, and says why where it is refused.

    Parameters
    ----------
    uses
        What the formula can be used for, one or more.
    first
        Index of the one that the dialog begins with.
    """

    def __init__(
        self, parent: QWidget, uses: Sequence[FormulaUse], jobs: Jobs, themes: ThemeState, first: int = 0
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(600, 560)
        self._jobs, self._uses, self._wanted, self._checked = jobs, uses, 0, 0
        self.networks = Choice("Network of the formula", "The network whose hidden layers take the formula", 24)
        self.networks.offer((str(number), use.title) for number, use in enumerate(uses))
        self.networks.show_choice(str(first))
        self.formula = QLineEdit()
        self.formula.setAccessibleName("Formula")
        self.formula.setPlaceholderText(EXAMPLE)
        self.formula.setMaxLength(LONGEST)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "dim")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.picture = OwnFormulaView(themes)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._examine)
        self._arrange()
        jobs.answered.connect(self._take)
        self.formula.textChanged.connect(self._read)
        self.networks.chosen.connect(lambda _: self._follow_use())
        self._follow_use()
        self._read(self.formula.text())
        self.formula.setFocus()

    @property
    def use(self) -> FormulaUse:
        """What the formula is for."""
        return self._uses[int(self.networks.currentData())]

    def accept(self) -> None:
        try:
            self.use.take(self.formula.text())
        except SpecError as error:
            self.words.setText(str(error))
        else:
            super().accept()

    def _arrange(self) -> None:
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("&Use")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("&In the network", self.networks)
        form.setRowVisible(self.networks, len(self._uses) > 1)
        form.addRow("&φ(z) =", self.formula)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.buttons)

    def _follow_use(self) -> None:
        """Names what the formula is for; a line in which nothing was typed shows the formula that this has now."""
        self.setWindowTitle(f"Your own activation: {self.use.title}")
        if not self.formula.isModified():
            self.formula.setText(self.use.formula)

    def _read(self, text: str) -> None:
        """Says at once whether the formula can be read; reading takes about a millisecond."""
        self._wanted = self._checked = 0
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        try:
            read = read_formula(text) if text.strip() else None
        except SpecError as error:
            ok.setEnabled(False)
            self._pause.stop()
            self.words.setText(str(error))
            self.picture.render(None)
            return
        ok.setEnabled(read is not None)
        self.words.setText(VOCABULARY if read is None else f"read as {read.text}")
        if read is not None:
            self._pause.start()

    def _examine(self) -> None:
        self._wanted = self._jobs.ask().examine(self.formula.text())
        self._jobs.note("examination", "examining your formula", self._wanted)

    def _take(self, event: object) -> None:
        match event:
            case ExaminationReady() if event.generation == self._wanted:
                self._tell(event.examination)
            case FormulaChecked() if event.generation == self._checked:
                self._end_check(check_words(event.check))
            case JobFailed() if event.generation == self._checked:
                self._end_check(event.sentence)
            case JobFailed() if event.generation == self._wanted:
                self.words.setText(event.sentence)
            case _:
                pass

    def _tell(self, examination: Examination) -> None:
        """Shows what was found, and has the kernel compared with it, which may have to be compiled first."""
        lines = [f"{name}  {words}" for name, words in examination_lines(examination) if name in SHOWN]
        self.words.setText("\n".join([*map(_shortened, lines), CHECKING]))
        self.picture.render(own_picture(examination))
        self._checked = self._jobs.ask().check_formula(examination)

    def _end_check(self, words: str) -> None:
        told = self.words.text()
        if told.endswith(CHECKING):  # meanwhile a refusal may stand there
            self.words.setText(told.removesuffix(CHECKING) + _shortened(f"check  {words}"))


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
