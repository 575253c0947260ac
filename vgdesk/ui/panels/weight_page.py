"""The weights of the network table: every connection there is or could be, ticked or not, then the biases."""

from PySide6.QtWidgets import QTableWidgetItem

from vgdesk.present.formula.numbers import whole_text
from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.spec.typed import named_number
from vgdesk.ui.panels.table_page import Cell, TablePage, cell, is_ticked, tick
from vgdesk.ui.state.network_editor import Change, NetworkEditor, with_typed_parameter

HEADERS = ["Used", "Name", "From", "To", "Start value"]
USED, VALUE = 0, 4


class WeightPage(TablePage):
    """Adds and removes connections by a tick; a typed value fixes all start values as numbers."""

    def __init__(self, editor: NetworkEditor) -> None:
        super().__init__(editor, "Weights")
        self._edges: list[tuple[int, int, int]] = []
        self._names: list[str] = []

    def render(self, experiment: Experiment) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows the weights of an experiment, at the values that training and derivation start from."""
        network, start = experiment.feed_forward, self._editor.start
        names = {edge[1:]: edge.name for edge in network.edges()}
        self._edges = [
            (layer, unit, source)
            for layer, unit in network.units()
            for source in range(1, network.widths[layer - 1] + 1)
        ]
        self._names = [names.get(place, "") for place in self._edges]
        rows: list[list[Cell]] = []
        for (layer, unit, source), name in zip(self._edges, self._names, strict=True):
            value = _value(float(start.weights[layer - 1][unit - 1, source - 1])) if name and start else cell("", False)
            ends = _word(network, layer - 1, source), _word(network, layer, unit)
            rows.append([tick(bool(name)), cell(name, False), *(cell(end, False) for end in ends), value])
        for name, layer, unit in network.biases():
            value = _value(float(start.biases[layer - 1][unit - 1])) if start else cell("", False)
            self._names.append(name)
            ends = cell("", False), cell(_word(network, layer, unit), False)
            rows.append([cell("", False), cell(name, False), *ends, value])
        self.fill(HEADERS, rows)

    def typed(self, row: int, column: int, item: QTableWidgetItem) -> tuple[Change, str] | None:
        if column == USED and row < len(self._edges):
            place = self._edges[row]
            if is_ticked(item):
                return lambda experiment: edit.with_edge(experiment, *place), "add connection"
            return lambda experiment: edit.without_edge(experiment, *place), "remove connection"
        if column == VALUE:
            name, value = self._names[row], named_number(self._names[row], item.text())
            start = self._editor.start
            return lambda experiment: with_typed_parameter(experiment, name, value, start), f"change {name}"
        return None


def _value(value: float) -> QTableWidgetItem:
    """Returns a cell with the shortest text that reads back the same; pointing at it tells three digits."""
    item = cell(repr(value))
    item.setToolTip(whole_text(value))
    return item


def _word(network: FeedForward, layer: int, unit: int) -> str:
    plain = f"input {unit}" if layer == 0 else f"unit {unit} of layer {layer}"
    return network.unit_name(layer, unit) or plain
