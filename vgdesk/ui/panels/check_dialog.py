"""The three-way check in full: what each route gives for every gradient, red where they differ."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vgdesk.present.check import CHECK_COLUMNS, check_cells, check_sentence
from vgdesk.records.derivation import Verification
from vgdesk.ui.panels.fitted_columns import fit_columns
from vgdesk.ui.panels.plain_buttons import plain_buttons
from vgdesk.ui.state.formulas import Formulas
from vgdesk.ui.theme import ThemeState


class CheckDialog(QDialog):
    """Stays open beside the window and follows what is derived."""

    def __init__(self, parent: QWidget, formulas: Formulas, themes: ThemeState) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Three-way check")
        self.resize(820, 480)
        self._formulas, self._themes = formulas, themes
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.table = QTableWidget(0, len(CHECK_COLUMNS))
        self.table.setAccessibleName("Gradients of three routes")
        self.table.setHorizontalHeaderLabels(CHECK_COLUMNS)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        fit_columns(self.table)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = plain_buttons(kinds.Close)
        self.again = self.buttons.addButton("Check &again", QDialogButtonBox.ButtonRole.ActionRole)
        self.again.clicked.connect(formulas.verify)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self.sentence, self.table, self.buttons):
            layout.addWidget(part)
        formulas.verification_changed.connect(self._follow)
        themes.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        verification = self._formulas.verification
        if verification is None:
            self.sentence.setText("The gradients are being checked.")
            self.table.setRowCount(0)
            return
        self.sentence.setText(check_sentence(verification))
        self._fill(verification)

    def _fill(self, verification: Verification) -> None:
        self.table.setRowCount(len(verification.rows))
        alert = QColor(self._themes.current.alert)
        for number, row in enumerate(verification.rows):
            for column, text in enumerate(check_cells(row)):
                cell = QTableWidgetItem(text)
                if not row.agrees:
                    cell.setForeground(alert)
                self.table.setItem(number, column, cell)
