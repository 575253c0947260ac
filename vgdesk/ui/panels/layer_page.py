"""The layers of the network table: a row for the inputs, then one per layer."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtWidgets import QTableWidgetItem

from vgdesk.spec import edit
from vgdesk.spec.activation import ACTIVATION_FACTS, facts_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import NORMALISATIONS, DenseLayer, Highway, Residual
from vgdesk.spec.layer_alike import with_layer_alike
from vgdesk.spec.network import FeedForward
from vgdesk.spec.typed import named_number
from vgdesk.ui.panels.choice import Choice
from vgdesk.ui.panels.table_page import Cell, TablePage, cell, is_ticked, tick, whole
from vgdesk.ui.state.edits import MIXED, MIXED_WORDS
from vgdesk.ui.state.network_editor import Change, NetworkEditor

HEADERS = ["Layer", "Width", "Activation", "Normalisation", "Skip", "Dropout", "Bias", "Names"]
WIDTH, DROPOUT, BIAS, NAMES = 1, 5, 6, 7
SKIPS = {"none": None, "residual": Residual(), "highway": Highway()}
_FAMILIES = tuple((name, facts.words) for name, facts in ACTIVATION_FACTS.items())
_NORMS, _SKIPS = tuple((name, name) for name in NORMALISATIONS), tuple((name, name) for name in SKIPS)


class LayerPage(TablePage):
    """Edits widths, options and names of layers; adds and removes layers."""

    def __init__(self, editor: NetworkEditor) -> None:
        super().__init__(editor, "Layers")
        self.add_button("&Add layer above", self._add)
        self.add_button("&Remove layer", self._remove)
        self._buttons.addStretch(1)

    def render(self, experiment: Experiment) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Shows the layers of an experiment."""
        network = experiment.feed_forward
        inputs = [cell("inputs", False), cell(str(network.inputs)), *(cell("", False) for _ in range(5))]
        rows: list[list[Cell]] = [[*inputs, cell(", ".join(network.input_names))]]
        rows += [self._row(network, number, layer) for number, layer in enumerate(network.layers, start=1)]
        self.fill(HEADERS, rows)

    def typed(self, row: int, column: int, item: QTableWidgetItem) -> tuple[Change, str] | None:
        if column == WIDTH:
            width = whole(f"width of layer {row}", item.text())
            return lambda experiment: edit.with_width(experiment, row, width), "change width"
        if column == DROPOUT:
            share = named_number("dropout", item.text())
            return lambda experiment: edit.with_layer_option(experiment, row, "dropout", share), "change dropout"
        if column == BIAS:
            has_bias = is_ticked(item)
            return lambda experiment: edit.with_layer_option(experiment, row, "bias", has_bias), "change bias"
        if column == NAMES:
            names = tuple(name.strip() for name in item.text().split(",")) if item.text().strip() else ()
            return lambda experiment: edit.with_names(experiment, row, names), "rename units"
        return None

    def _row(self, network: FeedForward, row: int, layer: DenseLayer) -> list[Cell]:
        word = "output" if row == network.depth else str(row)
        skip = str(type(layer.skip).__struct_config__.tag) if layer.skip is not None else "none"
        shown = (MIXED, MIXED_WORDS) if layer.unit_activations else (layer.activation, facts_of(layer.activation).words)
        activation = partial(self._choice, row, "activation", _FAMILIES, *shown)
        norms = partial(self._choice, row, "normalisation", _NORMS, layer.normalisation)
        skips = partial(self._choice, row, "skip", _SKIPS, skip)
        return [
            cell(word, False), cell(str(layer.width)), activation, norms, skips, cell(f"{layer.dropout:g}"),
            tick(layer.bias), cell(", ".join(layer.unit_names)),
        ]  # fmt: skip

    def _choice(self, row: int, field: str, pairs: Iterable[tuple[str, str]], key: str, words: str = "") -> Choice:
        choice = Choice(f"{field} of layer {row}".capitalize(), f"{field} of layer {row}".capitalize(), 6)
        choice.offer(pairs)
        choice.show_choice(key, words)
        choice.chosen.connect(lambda chosen: self._choose(row, field, chosen))
        return choice

    def _choose(self, row: int, field: str, key: str) -> None:
        if key == MIXED:
            return  # it is so already; each unit's own stands on the page of units
        value = SKIPS[key] if field == "skip" else key
        self.edit(lambda experiment: edit.with_layer_option(experiment, row, field, value), f"change {field}")

    def _add(self) -> None:
        """Adds a layer above the chosen one, or where none is chosen below the output, alike its hidden neighbour."""
        network, row = self._editor.network, self.table.currentRow()
        if network is None:
            return
        after = network.depth - 1 if row < 0 else min(row, network.depth - 1)
        self.edit(lambda experiment: with_layer_alike(experiment, after), "add layer")

    def _remove(self) -> None:
        layer = max(0, self.table.currentRow())
        self.edit(lambda experiment: edit.without_layer(experiment, layer), "remove layer")
