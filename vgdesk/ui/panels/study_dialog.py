"""What the dialogs of sweeps share: the file of the table, the cluster, a line of words, and the button that begins."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vgdesk.errors import VgdeskError
from vgdesk.export.files import check_writable, checked_suffix
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.sweep import Sweep
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.state.maps import MapPlan

SUFFIX = ".csv"
_WIDE = 520


class StudyDialog(QDialog):
    """Is the frame; subclasses fill `form` and say in `sweep` what is asked for and in `subject` what it is called.

    Train hands the plan over; what is no plan is said in the line of words, and the dialog stays.
    """

    def __init__(self, parent: QWidget, title: str, experiment: Experiment, then: Callable[[MapPlan], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{title}: {experiment.title}")
        self.setMinimumWidth(_WIDE)
        self.experiment, self._then = experiment, then
        self._proposed = ""
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.file, self.scheduler = QLineEdit(), QLineEdit()
        self.scheduler.setPlaceholderText("this machine, one process per core")
        self.scheduler.setToolTip("Address of a Dask scheduler, e.g. tcp://127.0.0.1:8786; empty for this machine")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "dim")
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("T&rain")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(self.form)
        layout.addWidget(self.words)
        layout.addWidget(self.buttons)

    def add_common_rows(self) -> None:
        """Puts the rows of every such dialog under those of this one."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.file, 1)
        self.browse = QPushButton("&Browse…")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        line.addWidget(self.browse)
        for words, field, shown in (("Tab&le", self.file, row), ("&Dask scheduler", self.scheduler, self.scheduler)):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            self.form.addRow(label, shown)
        self.file.setToolTip("The CSV file of the results; a sweep goes on with what is in it")
        self.file.textChanged.connect(lambda _: self.follow())

    def sweep(self) -> Sweep:
        """Returns what is asked for; raises `SpecError` where that is no sweep."""
        raise NotImplementedError

    def subject(self) -> str:
        """Returns a word or two for the proposed file's name."""
        raise NotImplementedError

    def accept(self) -> None:
        try:
            self._then(self._plan())
        except VgdeskError as error:
            self._say(str(error), is_wrong=True)
        else:
            super().accept()

    def follow(self) -> None:
        """Says how much is asked for, or what is wrong; proposes a file until a person has chosen one."""
        try:
            sweep = self.sweep()
        except VgdeskError as error:
            self._say(str(error), is_wrong=True)
            return
        if self.file.text() == self._proposed:
            # A table takes one sweep's settings only, and the steps are the one that is set here.
            steps = f"{sweep.experiment.training.steps}-steps"
            self._proposed = str(Path.cwd() / f"{self.experiment.name}-{self.subject()}-{steps}{SUFFIX}")
            self.file.setText(self._proposed)
        lengths = " × ".join(str(len(axis.values)) for axis in sweep.axes)
        size = f"{lengths} = {sweep.size:,}" if len(sweep.axes) > 1 else f"{sweep.size:,}"
        again = "; what is in the table already is not trained again" if os.path.isfile(self.file.text()) else ""
        self._say(f"{size} trainings of {sweep.experiment.training.steps:,} steps{again}.", is_wrong=False)

    def _plan(self) -> MapPlan:
        sweep, path = self.sweep(), self.file.text().strip()
        checked_suffix(path, (SUFFIX,))
        check_writable(path)
        return MapPlan(sweep, str(Path(path).expanduser()), self.scheduler.text().strip())

    def _say(self, words: str, is_wrong: bool) -> None:
        self.words.setText(words)
        self.words.setProperty("role", "alert" if is_wrong else "dim")
        self.words.style().polish(self.words)  # the style sheet asks for the property only now

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Table of the sweep")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # a table is gone on with, never overwritten
        dialog.setNameFilter(f"CSV table (*{SUFFIX})")
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.selectFile(self.file.text())
        dialog.fileSelected.connect(self.file.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
