"""Edits of a feed-forward experiment: units, layers, connections, names, numbers, loss. Pure functions, spec to spec.

Each edit gives a valid experiment, or raises `SpecError` in one sentence and changes nothing. Layers count from 1 at
the input, and layer 0 is the input itself; units count from 1. A new unit listens to all units below and is heard by
all above. A new input brings a column of ones to the examples, a new output a column of zeros. Given weights stay with
their connections; a new one gets a number of its own where numbers are given, else the rule draws all anew.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.base import require_finite, require_integer
from vgdesk.spec.edited import edited_name, no_longer_found, origin, title_after
from vgdesk.spec.experiment import OUTPUT_FOR_LOSS, Experiment
from vgdesk.spec.initialisation import Explicit, Glorot
from vgdesk.spec.layer import DenseLayer, with_one_activation
from vgdesk.spec.network import FeedForward
from vgdesk.spec.task import Examples
from vgdesk.spec.told_structure import kept_true
from vgdesk.spec.wiring import OWN, WHOLE, Layer, Numbers, Unit, Wiring, edge_words

NEW_INPUT, NEW_TARGET = 1.0, 0.0
LAYER_FIELDS = ("activation", "normalisation", "dropout", "skip", "bias")

Rows = tuple[tuple[float, ...], ...]


def new_experiment(name: str = "my-network") -> Experiment:
    """Returns the smallest network there is, to begin with: one input, one sigmoid unit, one example."""
    return Experiment(
        name=name,
        title="My network",
        network=FeedForward(inputs=1, layers=(DenseLayer(width=1),)),
        task=Examples(inputs=((1.0,),), targets=((0.0,),)),
        loss="half-mse-sum",
        initialisation=Glorot(),
    )


def with_unit(experiment: Experiment, layer: int) -> Experiment:
    """Returns the experiment with one more unit at the end of a layer; in layer 0 it is an input."""
    wiring = Wiring(experiment)
    wiring.require_layer(layer)
    _change_width(wiring, layer, lambda rows, value: tuple((*row, value) for row in rows))
    unit = Unit(sources={source: {} for source in wiring.units(layer - 1)} if layer else {})
    wiring.units(layer).append(unit)
    for above in wiring.above(layer):
        above.sources[unit] = {}
    return wiring.assembled()


def without_unit(experiment: Experiment, layer: int, unit: int) -> Experiment:
    """Returns the experiment without a unit and its connections; a hidden layer goes with its last unit."""
    wiring = Wiring(experiment)
    gone = wiring.unit(layer, unit)
    if len(wiring.units(layer)) == 1:
        if layer in (0, len(wiring.layers)):
            raise SpecError(f"{'inputs' if layer == 0 else 'outputs'} must be at least 1; this is the only one")
        return without_layer(experiment, layer)
    _change_width(wiring, layer, lambda rows, _: tuple(row[: unit - 1] + row[unit:] for row in rows))
    wiring.units(layer).remove(gone)
    for above in wiring.above(layer):
        above.sources.pop(gone, None)
    return wiring.assembled()


def with_layer(experiment: Experiment, after: int, width: int = 1, activation: str = "sigmoid") -> Experiment:
    """Returns the experiment with a new hidden layer above layer `after` (0: above the inputs), fully connected."""
    wiring = Wiring(experiment)
    require_integer("the layer to add one after", after, 0, len(wiring.layers) - 1)
    require_integer("width of the new layer", width, 1, 1000)
    units = [Unit(sources={source: {} for source in wiring.units(after)}) for _ in range(width)]
    for above in wiring.units(after + 1):
        above.sources = {unit: {} for unit in units}
    wiring.layers.insert(after, Layer(DenseLayer(width=width, activation=activation), units))
    return wiring.assembled()


def without_layer(experiment: Experiment, layer: int) -> Experiment:
    """Returns the experiment without a hidden layer; the layer above then listens to all of the layer below."""
    wiring = Wiring(experiment)
    wiring.require_layer(layer)
    if layer in (0, len(wiring.layers)):
        raise SpecError(f"the layer to remove must be a hidden one, got {wiring.layer_words(layer)}")
    for above in wiring.units(layer + 1):
        above.sources = {source: {} for source in wiring.units(layer - 1)}
    del wiring.layers[layer - 1]
    return wiring.assembled()


def with_width(experiment: Experiment, layer: int, width: int) -> Experiment:
    """Returns the experiment with so many units in a layer: the last ones go, new ones come at the end."""
    require_integer(f"width of layer {layer}", width, 1, 1000)
    wiring = Wiring(experiment)
    wiring.require_layer(layer)
    units, above = wiring.units(layer), wiring.above(layer)
    keep = min(width, len(units))
    more = width - keep
    _change_width(wiring, layer, lambda rows, value: tuple((*row[:keep], *[value] * more) for row in rows))
    for gone in units[keep:]:
        for unit in above:
            unit.sources.pop(gone, None)
    fresh = [Unit(sources={source: {} for source in wiring.units(layer - 1)} if layer else {}) for _ in range(more)]
    units[keep:] = fresh
    for unit in above:
        unit.sources |= {source: {} for source in fresh}
    return wiring.assembled()


def with_edge(experiment: Experiment, layer: int, unit: int, source: int) -> Experiment:
    """Returns the experiment with a connection from a unit of the layer below (0 below layer 1) to a unit."""
    wiring = Wiring(experiment)
    start, end = wiring.ends(layer, unit, source)
    if start in end.sources:
        raise SpecError(f"the connection must be absent, but {edge_words(layer, unit, source)} is there already")
    end.sources[start] = {}
    order = wiring.units(layer - 1).index
    end.sources = dict(sorted(end.sources.items(), key=lambda item: order(item[0])))
    return wiring.assembled()


def without_edge(experiment: Experiment, layer: int, unit: int, source: int) -> Experiment:
    """Returns the experiment without the connection from a unit of the layer below to a unit; its last one stays."""
    wiring = Wiring(experiment)
    start, end = wiring.ends(layer, unit, source)
    if start not in end.sources:
        raise SpecError(f"the connection must exist, but {edge_words(layer, unit, source)} does not")
    if len(end.sources) == 1:
        raise SpecError(f"sources of unit {unit} of layer {layer} must be at least 1; this connection is the only one")
    del end.sources[start]
    return wiring.assembled()


def with_name(experiment: Experiment, layer: int, unit: int, name: str) -> Experiment:
    """Returns the experiment with a unit renamed; "" takes its name away (a list then calls it h2(1)).

    A comma is refused: it parts the names of a list, so that no list could hold the unit.
    """
    if "," in name:
        raise SpecError(f"name of a unit must hold no comma, which parts the names of a list; got {name[:80]!r}")
    wiring = Wiring(experiment)
    wiring.unit(layer, unit).name = name.strip()
    return wiring.assembled()


def with_names(experiment: Experiment, layer: int, names: tuple[str, ...]) -> Experiment:
    """Returns the experiment with all units of a layer renamed, or with none of them named."""
    wiring = Wiring(experiment)
    wiring.require_layer(layer)
    units = wiring.units(layer)
    if names and len(names) != len(units):
        raise SpecError(f"names of layer {layer} must be {len(units)} like its units, or none, got {len(names)}")
    for unit, name in zip(units, names or [""] * len(units), strict=True):
        unit.name = name
    return wiring.assembled()


def with_layer_option(experiment: Experiment, layer: int, field: str, value: Any) -> Experiment:
    """Returns the experiment with one of `LAYER_FIELDS` of a layer changed; an activation becomes that of all units."""
    if field not in LAYER_FIELDS:
        raise SpecError(f"option of a layer must be one of {', '.join(LAYER_FIELDS)}; got {field!r}")
    wiring = Wiring(experiment)
    wiring.require_layer(layer, 1)
    changed = wiring.layers[layer - 1]
    if field == "activation":
        changed.spec = with_one_activation(changed.spec, value)
        for unit in changed.units:
            unit.activation = ""
    else:
        changed.spec = msgspec.structs.replace(changed.spec, **{field: value})
    return wiring.assembled()


def with_unit_activation(experiment: Experiment, layer: int, unit: int, activation: str) -> Experiment:
    """Returns the experiment with the activation of one unit changed; that of the others stays."""
    wiring = Wiring(experiment)
    wiring.require_layer(layer, 1)
    wiring.unit(layer, unit).activation = activation
    return wiring.assembled()


def with_loss(experiment: Experiment, loss: str) -> Experiment:
    """Returns the experiment with another loss; the output's activation follows where the loss asks for one."""
    network = experiment.feed_forward
    output = network.layers[-1]
    if loss in OUTPUT_FOR_LOSS:
        output = with_one_activation(output, OUTPUT_FOR_LOSS[loss])
    network = msgspec.structs.replace(network, layers=(*network.layers[:-1], output))
    return msgspec.structs.replace(experiment, network=network, loss=loss)


def with_learning_rate(experiment: Experiment, rate: float) -> Experiment:
    """Returns the experiment with another learning rate; its network may be of any kind."""
    optimiser = msgspec.structs.replace(experiment.training.optimiser, learning_rate=rate)
    training = msgspec.structs.replace(experiment.training, optimiser=optimiser)
    return msgspec.structs.replace(experiment, training=training)


def with_examples(experiment: Experiment, inputs: Rows, targets: Rows) -> Experiment:
    """Returns the experiment with other examples, a row of inputs and a row of targets for each."""
    return msgspec.structs.replace(experiment, task=Examples(inputs=inputs, targets=targets))


def with_numbers(experiment: Experiment, weights: Rows, biases: Rows) -> Experiment:
    """Returns the experiment with all parameters given, whatever drew them before.

    Parameters
    ----------
    weights
        Per layer its weights in the order of their names.
    biases
        Per layer its biases; those of a layer without biases are passed over.
    """
    network = experiment.feed_forward
    layers = tuple(msgspec.structs.replace(layer, initialisation=None) for layer in network.layers)
    rows: list[Rows] = []
    offsets: list[tuple[float, ...]] = []
    for number, layer in enumerate(layers, start=1):
        values = iter(weights[number - 1])
        lengths = [len(network.layer_sources(number, unit)) for unit in range(1, layer.width + 1)]
        rows.append(tuple(tuple(islice(values, length)) for length in lengths))
        offsets.append(tuple(biases[number - 1]) if layer.bias else ())
    return msgspec.structs.replace(
        experiment,
        network=msgspec.structs.replace(network, layers=layers),
        initialisation=Explicit(weights=tuple(rows), biases=tuple(offsets)),
    )


def with_parameter(experiment: Experiment, name: str, value: float) -> Experiment:
    """Returns the experiment with one given weight or bias changed, called by its name, e.g. "w3" or "b1".

    Raises
    ------
    SpecError
        When there is none of that name, or the numbers are drawn by a rule and not given (see `with_numbers`).
    """
    require_finite(name, value)
    wiring = Wiring(experiment)
    layer, numbers = _parameter(wiring, name)
    is_own = isinstance(wiring.layers[layer - 1].spec.initialisation, Explicit)
    if not is_own and not isinstance(experiment.layer_initialisation(layer), Explicit):
        raise SpecError(f"{name} must be given as a number to be changed; the rule of layer {layer} draws it")
    numbers[OWN if is_own else WHOLE] = float(value)
    return wiring.assembled()


def marked_as_edited(before: Experiment, edited: Experiment) -> Experiment:
    """Returns an edited experiment under a true name: a bundled one's name belongs to the bundled contents.

    Its title says what was edited; a title that somebody else gave is left as it is, but for that of a found state, for
    its values no longer hold, and for one that tells another structure, which is told behind it.
    """
    bundled = origin(before)
    if edited in (before, bundled) or bundled is None:
        return no_longer_found(before, edited) or kept_true(before, edited)
    title = title_after(bundled, before, edited)
    if title == before.title:
        return kept_true(before, edited)
    if msgspec.structs.replace(edited, name=bundled.name, title=bundled.title) == bundled:
        return bundled
    return msgspec.structs.replace(edited, name=edited_name(bundled.name), title=title)


def _change_width(wiring: Wiring, layer: int, change: Callable[[Rows, float], Rows]) -> None:
    """Changes the examples with the inputs or outputs; hidden layers have none."""
    if layer not in (0, len(wiring.layers)):
        return
    task, what = wiring.task, "inputs" if layer == 0 else "outputs"
    if not isinstance(task, Examples):
        kind = type(task).__struct_config__.tag
        raise SpecError(f"{what} of the network are those of its task, {kind}; only listed examples can be widened")
    if layer == 0:
        wiring.task = msgspec.structs.replace(task, inputs=change(task.inputs, NEW_INPUT))
    else:
        wiring.task = msgspec.structs.replace(task, targets=change(task.targets, NEW_TARGET))


def _parameter(wiring: Wiring, name: str) -> tuple[int, Numbers]:
    """Returns the layer of a weight or bias and its given numbers."""
    network = wiring.experiment.feed_forward
    for edge in network.edges():
        if edge.name == name:
            unit = wiring.units(edge.layer)[edge.unit - 1]
            return edge.layer, unit.sources[wiring.units(edge.layer - 1)[edge.source - 1]]
    for bias in network.biases():
        if bias.name == name:
            return bias.layer, wiring.units(bias.layer)[bias.unit - 1].biases
    weights, biases = sum(1 for _ in network.edges()), sum(1 for _ in network.biases())
    raise SpecError(f"the parameter must be one of w1 to w{weights} or b1 to b{biases}, got {name!r}")
