"""`vgdesk edit`: the network editor in the terminal. Edits are done in the order of the options' list, not as typed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.options import check_output, chosen_experiment, output_path
from vgdesk.cli.output import say_written
from vgdesk.errors import SpecError
from vgdesk.export.files import write_file
from vgdesk.export.standing import EXPERIMENT
from vgdesk.spec import edit as edits
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import experiment_text
from vgdesk.spec.layer_alike import with_layer_alike

NEW = "new"
_MANY = "; may be given several times"
Many = list[str]


def edit(
    network: Annotated[
        str, typer.Argument(help="A bundled example, a JSON file, or new: one input and one unit to begin with.")
    ],
    out: Annotated[
        Path, typer.Option(help="Write the experiment to this .json file.", parser=output_path, metavar="FILE")
    ],
    add_layer: Annotated[
        Many | None,
        typer.Option(
            help=f"A new hidden layer above layer AFTER (0: the inputs), like its hidden neighbour{_MANY}.",
            metavar="AFTER",
        ),
    ] = None,
    add_unit: Annotated[
        Many | None, typer.Option(help=f"One more unit in a layer (0: an input){_MANY}.", metavar="LAYER")
    ] = None,
    add_edge: Annotated[
        Many | None,
        typer.Option(help=f"Connect a unit to a source in the layer below{_MANY}.", metavar="LAYER,UNIT,SOURCE"),
    ] = None,
    remove_edge: Annotated[
        Many | None, typer.Option(help=f"Disconnect a unit from a source{_MANY}.", metavar="LAYER,UNIT,SOURCE")
    ] = None,
    remove_unit: Annotated[
        Many | None, typer.Option(help=f"Remove a unit with its connections{_MANY}.", metavar="LAYER,UNIT")
    ] = None,
    remove_layer: Annotated[Many | None, typer.Option(help=f"Remove a hidden layer{_MANY}.", metavar="LAYER")] = None,
    rename: Annotated[
        Many | None, typer.Option(help=f"Call a unit so (without NAME: as usual){_MANY}.", metavar="LAYER,UNIT,NAME")
    ] = None,
    activation: Annotated[
        Many | None, typer.Option(help=f"Another activation of a layer{_MANY}.", metavar="LAYER,NAME")
    ] = None,
    unit_activation: Annotated[
        Many | None, typer.Option(help=f"An activation of its own for a unit{_MANY}.", metavar="LAYER,UNIT,NAME")
    ] = None,
    loss: Annotated[str | None, typer.Option(help="Another loss; the output's activation follows.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Change units, layers, connections and names of a small network, and write it as a file.

    Layers count from 1 at the input (0 is the input itself), units from 1. Edits are made in the order of the options
    below. A new input brings a column of ones to the examples, a new output a column of zeros.
    """
    check_output(out, (".json",), network, EXPERIMENT)
    before = edits.new_experiment() if network == NEW else chosen_experiment(network)
    after = before
    for change, options, count in (
        (with_layer_alike, add_layer, 1), (edits.with_unit, add_unit, 1), (edits.with_edge, add_edge, 3),
        (edits.without_edge, remove_edge, 3), (edits.without_unit, remove_unit, 2),
        (edits.without_layer, remove_layer, 1),
    ):  # fmt: skip
        for numbers in _numbers(options, count):
            after = change(after, *numbers)
    after = _named(after, rename, activation, unit_activation)
    after = after if loss is None else edits.with_loss(after, loss)
    after = edits.marked_as_edited(before, after)
    write_file(out, experiment_text(after, out.parent).encode())
    say_written("experiment", out, json)


def _numbers(options: Many | None, count: int) -> Iterator[tuple[int, ...]]:
    """Yields the places that were given; each must be so many integers."""
    for option in options or ():
        parts = option.split(",")
        try:
            numbers = tuple(map(int, parts))
        except ValueError:
            numbers = ()
        if len(numbers) != count:
            raise SpecError(f"the place of an edit must be {_counted(count)}, got {option!r}")
        yield numbers


def _counted(count: int) -> str:
    return "an integer" if count == 1 else f"{count} integers with commas between"


def _named(
    experiment: Experiment, rename: Many | None, activation: Many | None, unit_activation: Many | None
) -> Experiment:
    for option in rename or ():
        place, name = _split(option, 2)
        layer, unit = next(_numbers([place], 2))
        experiment = edits.with_name(experiment, layer, unit, name)
    for option in activation or ():
        place, name = _split(option, 1)
        (layer,) = next(_numbers([place], 1))
        experiment = edits.with_layer_option(experiment, layer, "activation", name)
    for option in unit_activation or ():
        place, name = _split(option, 2)
        layer, unit = next(_numbers([place], 2))
        experiment = edits.with_unit_activation(experiment, layer, unit, name)
    return experiment


def _split(option: str, places: int) -> tuple[str, str]:
    """Returns the place and the name behind it, which may hold commas."""
    parts = option.split(",", places)
    if len(parts) != places + 1:
        raise SpecError(f"place and name must have {places} comma(s) between them, got {option!r}")
    return ",".join(parts[:places]), parts[places]
