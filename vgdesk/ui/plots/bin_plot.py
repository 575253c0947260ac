"""What plots of a histogram share: the pointer, or the arrow keys, read a bin."""

import numpy as np
from PySide6.QtCore import QPointF

from vgdesk.ui.plots.plot import Plot
from vgdesk.ui.state.selection import Reference


class BinPlot(Plot):
    """Is the frame of a histogram; subclasses say where its bins end and paint the one that is read."""

    read_bin: int | None = None
    """Number of the bin that is read, from 0; None where none is."""

    def bin_edges(self) -> np.ndarray | None:
        """Returns where the bins end, shape (bins + 1,), in units of the horizontal axis; None without a scene."""
        raise NotImplementedError

    def reference_at(self, position: QPointF) -> Reference | None:
        """Reads the bin under the pointer; a bin is no part of the network, so nothing is referred to."""
        edges = self.bin_edges()
        if edges is None or not self.plot_rect().contains(position):
            self._read(None)
        else:
            self._read(int(np.searchsorted(edges, self.from_pixels(position).x())) - 1)
        return None

    def walked(self, right: int, up: int) -> Reference | None:
        """Reads the next bin."""
        if self.bin_edges() is not None:
            self._read((-1 if self.read_bin is None else self.read_bin) + right)
        return None

    def _read(self, number: int | None) -> None:
        edges = self.bin_edges()
        bins = 0 if edges is None else len(edges) - 1
        self.read_bin = None if number is None or not bins else max(0, min(number, bins - 1))
        self.viewport().update()
