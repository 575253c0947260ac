"""Columns of a table as wide as what they show, however long the table is."""

from PySide6.QtWidgets import QHeaderView, QTableView

_FIT = QHeaderView.ResizeMode.ResizeToContents


def fit_columns(table: QTableView) -> None:
    """Keeps the columns as wide as what can be seen of them.

    Qt would measure a thousand rows with every change of a cell or of the theme: a fifth of a second for 200 layers.
    """
    header = table.horizontalHeader()
    header.setResizeContentsPrecision(0)
    header.setSectionResizeMode(_FIT)
    table.verticalScrollBar().valueChanged.connect(lambda _: fit_again(header))


def fit_again(header: QHeaderView) -> None:
    """Has Qt fit all columns, each in its own way, as it does when the way of one is told.

    It is needed after widgets were put into cells, for Qt fits when cells are emptied and may not do so afterwards.
    """
    fitted = [place for place in range(header.count()) if header.sectionResizeMode(place) is _FIT]
    if fitted:
        header.setSectionResizeMode(fitted[0], _FIT)
