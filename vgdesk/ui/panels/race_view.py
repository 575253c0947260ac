"""The race's panel: progress and cancel above, the ranked table below; Apply acts on the selected lane."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vgdesk.present.race import CURED, NOT_CURED, RaceScene
from vgdesk.ui.panels.action_button import action_button
from vgdesk.ui.panels.names_label import NamesLabel
from vgdesk.ui.panels.race_delegate import PICTURE_PIXELS, ROW_PIXELS, RaceDelegate
from vgdesk.ui.panels.race_model import PROFILE_COLUMN, RaceModel
from vgdesk.ui.panels.race_table import PROFILE_PIXELS, RaceTable, header_pixels
from vgdesk.ui.panels.whole_rows import WholeRows
from vgdesk.ui.state.races import Races
from vgdesk.ui.theme import ThemeState

EMPTY = (
    "Try remedies trains this experiment as it is and with every remedy that applies, on the same seed and data, and "
    "ranks them by what they reach. A double click on a remedy, or “Apply selected”, puts its network on the desk."
)
STALE = "This race was of another network; “Try remedies” races the one that is on the desk now."
WAITING = "The processes that train are starting; the first lanes arrive in seconds."


class RaceView(QWidget):
    """Shows a `RaceScene`, None before the first lane is through."""

    def __init__(self, races: Races, themes: ThemeState, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._races, self._actions = races, actions
        self.setAccessibleName("Remedy race")
        self.model = RaceModel(self)
        self._delegate = RaceDelegate(self.model, themes, self)
        self.table = self._table()
        WholeRows(self.table, themes, self._whole_lines, (PROFILE_COLUMN, PICTURE_PIXELS))
        self.words = QLabel(EMPTY)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setProperty("role", "dim")
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Progress of the race")
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        self.cured, self.not_cured = NamesLabel(CURED), NamesLabel(NOT_CURED)
        self.stale = QLabel(STALE)
        self.stale.setProperty("role", "alert")
        self.stale.setWordWrap(True)
        self._pages = QStackedLayout()
        self._row, self._buttons = QHBoxLayout(), list[QToolButton]()
        self._room_for_icons = 0
        self._lay_out()
        themes.changed.connect(lambda _: self.table.viewport().update())
        races.changed.connect(self._follow)
        self._follow()

    def render(self, scene: RaceScene | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows a scene; the selected lane stays selected wherever it has moved."""
        if scene is not None and scene is self.model.scene:
            return  # a double click ends where it began only while the rows stay
        self.model.show_scene(scene)
        self.table.show_widths(self._delegate.widths())
        self._pages.setCurrentIndex(1 if scene else 0)
        self.words.setText(WAITING if self._races.is_running else EMPTY)
        self.cured.show_names(scene.cured if scene else ())
        self.not_cured.show_names(scene.not_cured if scene else ())
        row = self.model.row_of(self._races.selected)
        if row >= 0:
            self.table.selectRow(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves the icons out where words would be cut beside them."""
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        if all(button.toolButtonStyle() is styles.ToolButtonTextBesideIcon for button in self._buttons):
            self._room_for_icons = self._row.sizeHint().width()
        has_room = self.width() >= self._room_for_icons
        for button in self._buttons:
            button.setToolButtonStyle(styles.ToolButtonTextBesideIcon if has_room else styles.ToolButtonTextOnly)

    def _whole_lines(self, row: int, pixels: int) -> int:
        return self._delegate.whole_lines(row, self.table.columnWidth(0), pixels)

    def _follow(self) -> None:
        race, is_running = self._races.race, self._races.is_running
        self.stale.setVisible(self._races.is_stale)
        self.progress.setVisible(is_running)
        self.progress.setRange(0, race.total if race else 0)
        self.progress.setValue(race.done if race else 0)
        if race is None:
            self.words.setText(WAITING if is_running else EMPTY)

    def _select(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row is not None:
            self._races.select(row.name)

    def _apply(self, index: QModelIndex) -> None:
        self._select(index)
        self._races.apply_selected()

    def _table(self) -> RaceTable:
        table = RaceTable()
        table.setModel(self.model)
        table.setItemDelegate(self._delegate)
        table.setAccessibleName("Lanes of the race, the best first")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PIXELS)
        table.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setFixedHeight(header_pixels())
        header.setHighlightSections(False)
        table.setColumnWidth(PROFILE_COLUMN, PROFILE_PIXELS)
        table.clicked.connect(self._select)
        table.activated.connect(self._apply)
        table.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now))
        return table

    def _button(self, name: str) -> QToolButton:
        button = action_button(self._actions[name])
        self._buttons.append(button)
        return button

    def _lay_out(self) -> None:
        column, row = QVBoxLayout(self), self._row
        column.setContentsMargins(0, 0, 0, 0)
        for name in ("try_remedies", "cancel_race", "apply_lane"):  # the main one stands by the verdict, on this screen
            row.addWidget(self._button(name))
        row.addStretch(1)
        row.addWidget(self._button("export_race"))
        column.addLayout(row)
        column.addWidget(self.progress)
        for line in (self.stale, self.cured, self.not_cured):
            column.addWidget(line)
        for page in (self.words, self.table):
            self._pages.addWidget(page)
        column.addLayout(self._pages, 1)
        self.setFocusProxy(self.table)
